package switchboard

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"tring/engine/internal/kandyapi"
)

func TestTokenRefusals(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		with := func(pairs ...string) url.Values {
			form := passwordForm("alice@example.com", password)
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], pairs[i+1])
			}
			return form
		}
		for _, test := range []struct {
			form   url.Values
			status int
			code   string
		}{
			{with("password", "wrong"), http.StatusUnauthorized, "invalid_grant"},
			{with("username", "nobody@example.com"), http.StatusUnauthorized, "invalid_grant"},
			{with("username", "not an address"), http.StatusUnauthorized, "invalid_grant"},
			{with("username", "../../etc/passwd"), http.StatusUnauthorized, "invalid_grant"},
			{with("username", ""), http.StatusBadRequest, "invalid_request"},
			{with("password", ""), http.StatusBadRequest, "invalid_request"},
			{with("password", strings.Repeat("x", 1000)), http.StatusBadRequest, "invalid_request"},
			{with("client_id", "other"), http.StatusUnauthorized, "invalid_client"},
			{with("grant_type", "client_credentials"), http.StatusBadRequest, "unsupported_grant_type"},
			{with("grant_type", "refresh_token", "refresh_token", "x.y.z"), http.StatusUnauthorized, "invalid_grant"},
			{with("password", strings.Repeat("x", 20_000)), http.StatusRequestEntityTooLarge, "invalid_request"},
		} {
			response, data := w.logIn(test.form)
			var body kandyapi.TokenError
			decode(t, data, &body)
			if response.StatusCode != test.status || body.Error != test.code || body.ErrorDescription == "" {
				t.Errorf("%.80v: %d %s", test.form, response.StatusCode, data)
			}
			if response.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("no CORS header")
			}
		}
		response, _ := w.do("GET", kandyapi.TokenPath, "", nil)
		wantCode(t, response.StatusCode, http.StatusMethodNotAllowed)
		response, _ = w.logIn(passwordForm("  Alice@Example.com ", password))
		wantCode(t, response.StatusCode, http.StatusOK)
	})
}

func TestTokensEnd(t *testing.T) {
	shorter := func(c *Config) {
		c.Timers = Timers{AccessToken: time.Hour, RefreshToken: 9 * time.Hour, KeyRotation: 30 * time.Minute}
	}
	inWorld(t, shorter, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		refresh := func() int {
			response, data := w.logIn(url.Values{"client_id": {"tring"}, "grant_type": {"refresh_token"}, "refresh_token": {alice.token.RefreshToken}})
			if response.StatusCode == http.StatusOK {
				decode(t, data, &alice.token)
			}
			return response.StatusCode
		}
		probe := func(token string) int {
			response, data := w.do("GET", kandyapi.ChannelsPath(alice.user), token, nil)
			if response.StatusCode != http.StatusOK {
				checkErrorBody(t, response, data)
			}
			return response.StatusCode
		}
		wantCode(t, probe(alice.token.AccessToken), http.StatusOK)
		wantCode(t, probe(alice.token.RefreshToken), http.StatusUnauthorized) // each token has one use
		wantCode(t, probe(alice.token.IDToken), http.StatusUnauthorized)
		wantCode(t, probe(""), http.StatusUnauthorized)
		head, rest, _ := strings.Cut(alice.token.AccessToken, ".")
		payload, _, _ := strings.Cut(rest, ".")
		none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
		wantCode(t, probe(none+"."+payload+"."), http.StatusUnauthorized)
		wantCode(t, probe(head+"."+payload+".AAAA"), http.StatusUnauthorized)

		time.Sleep(61 * time.Minute)
		wantCode(t, probe(alice.token.AccessToken), http.StatusUnauthorized)
		wantCode(t, refresh(), http.StatusOK)
		wantCode(t, probe(alice.token.AccessToken), http.StatusOK)
		for range 40 { // keys rotate; each token outlives its key's turn
			time.Sleep(30 * time.Minute)
			wantCode(t, refresh(), http.StatusOK)
		}
		if n := len(w.server.keys.keys); n < 18 || n > 20 {
			t.Errorf("%d keys are kept", n)
		}
		// A new password ends what the old one opened.
		if err := setPassword(t.Context(), w.store, "alice@example.com", "battery staple", cheapCost); err != nil {
			t.Fatal(err)
		}
		wantCode(t, probe(alice.token.AccessToken), http.StatusUnauthorized)
		wantCode(t, refresh(), http.StatusUnauthorized)
	})
}

func TestLogInLimits(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		wrong := passwordForm("alice@example.com", "wrong password")
		for range int(guessRate.burst) {
			response, _ := w.logIn(wrong)
			wantCode(t, response.StatusCode, http.StatusUnauthorized)
		}
		response, _ := w.logIn(passwordForm("alice@example.com", password))
		wantCode(t, response.StatusCode, http.StatusTooManyRequests)
		wait, err := strconv.Atoi(response.Header.Get("Retry-After"))
		if err != nil || wait < 1 || wait > 30 {
			t.Errorf("Retry-After %q", response.Header.Get("Retry-After"))
		}
		// Others can sign in; so can she after the wait. Success is not counted.
		response, _ = w.logIn(passwordForm("bob@example.com", password))
		wantCode(t, response.StatusCode, http.StatusOK)
		time.Sleep(time.Duration(wait) * time.Second)
		for range 20 {
			response, _ = w.logIn(passwordForm("alice@example.com", password))
			wantCode(t, response.StatusCode, http.StatusOK)
		}
		// One address may not try many accounts either.
		refused := false
		for i := range 40 {
			response, _ = w.logIn(passwordForm("user"+strconv.Itoa(i)+"@example.com", "guess"))
			refused = refused || response.StatusCode == http.StatusTooManyRequests
		}
		if !refused {
			t.Error("guessing over many accounts was not limited")
		}
	})
}

func TestLimiterSparesTheOwner(t *testing.T) {
	l, now := newLimiter(), time.Now()
	stranger, owner := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.1")
	for range 1000 {
		l.attempt("alice", stranger, now)
	}
	if wait, _ := l.attempt("alice", stranger, now); wait == 0 {
		t.Error("the stranger may go on")
	}
	if wait, _ := l.attempt("alice", owner, now); wait != 0 {
		t.Errorf("the owner has to wait %v", wait)
	}
	for i := range 1000 {
		l.attempt("alice", netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), now)
	}
	if wait, _ := l.attempt("alice", netip.MustParseAddr("203.0.113.1"), now); wait == 0 {
		t.Error("guessing from many networks may go on")
	}
}

func TestLimiterIsBounded(t *testing.T) {
	l, now := newLimiter(), time.Now()
	for i := range 3 * maxBuckets {
		l.attempt(strconv.Itoa(i), netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), now)
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d buckets", len(l.buckets))
	}
	l.prune(now.Add(24 * time.Hour))
	if len(l.buckets) != 0 {
		t.Errorf("%d buckets after a day", len(l.buckets))
	}
}

func TestClientAddr(t *testing.T) {
	for _, test := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "203.0.113.9", "192.0.2.1"}, // a stranger is not believed
		{"127.0.0.1:5", "198.51.100.7, 203.0.113.9", "203.0.113.9"},
		{"127.0.0.1:5", "garbage", "127.0.0.1"},
		{"pipe", "", "0.0.0.0"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.remote
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if got := clientAddr(r).String(); got != test.want {
			t.Errorf("%v: %s", test, got)
		}
	}
	if network(netip.MustParseAddr("2001:db8::1")) != network(netip.MustParseAddr("2001:db8::2")) {
		t.Error("an IPv6 /64 counts as many")
	}
}

func TestForeignPaths(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, b := w.talk(alice, bob)
		for _, path := range []string{
			kandyapi.ChannelsPath(bob.user), kandyapi.SessionsPath(bob.user), kandyapi.SubscriptionsPath(bob.user), b,
		} {
			wantCode(t, alice.request("GET", path, nil, nil), http.StatusForbidden)
		}
		// Another's ids under the own path are unknown.
		wantCode(t, alice.hangUp(kandyapi.SessionPath(alice.user, sessionID(b))), http.StatusNotFound)
		wantCode(t, alice.request("DELETE", kandyapi.ChannelsPath(alice.user)+"/"+bob.channel.CallbackURL, nil, nil), http.StatusNotFound)
		alice.channel.ChannelData.ChannelURL = bob.channel.ChannelData.ChannelURL
		if _, response, err := alice.dial(); err == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("foreign websocket: %v", err)
		}
		wantCode(t, alice.hangUp(a), http.StatusNoContent)
	})
}
