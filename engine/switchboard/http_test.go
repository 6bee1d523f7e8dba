package switchboard

import (
	"net/http"
	"strings"
	"testing"

	"tring/engine/internal/kandyapi"
)

func TestCORS(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		for _, path := range []string{kandyapi.TokenPath, kandyapi.SessionsPath("u-alice"), "/nowhere", "/"} {
			response, body := w.do("OPTIONS", path, "", nil)
			wantCode(t, response.StatusCode, http.StatusNoContent)
			h := response.Header
			if h.Get("Access-Control-Allow-Origin") != "*" || len(body) != 0 ||
				!strings.Contains(h.Get("Access-Control-Allow-Methods"), "DELETE") ||
				!strings.Contains(h.Get("Access-Control-Allow-Headers"), "X-Cpaas-Agent") {
				t.Errorf("%s: %v", path, h)
			}
		}
	})
}

func TestPaths(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		for _, test := range []struct {
			method, path string
			status       int
		}{
			{"GET", "/cpaas", http.StatusNotFound},
			{"POST", "/", http.StatusNotFound},
			{"GET", "/cpaas/webrtcsignaling/v2/u-alice/sessions", http.StatusNotFound},
			{"PATCH", kandyapi.SessionsPath("u-alice"), http.StatusMethodNotAllowed},
			{"GET", kandyapi.SessionsPath("u-alice") + "/x", http.StatusNotFound},
			{"DELETE", kandyapi.SessionsPath("u-alice") + "/x", http.StatusNotFound},
			{"GET", kandyapi.SubscriptionsPath("u-alice") + "/x", http.StatusNotFound},
			{"GET", alice.channel.ChannelData.ChannelURL, http.StatusUnauthorized}, // no token in the query
		} {
			wantCode(t, alice.request(test.method, test.path, nil, nil), test.status)
		}
		response, body := w.do("GET", "/", "", nil)
		if response.StatusCode != http.StatusOK || !strings.Contains(string(body), "switchboard") {
			t.Errorf("%d %s", response.StatusCode, body)
		}
	})
}

func TestBadBodies(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, _ := w.talk(alice, bob)
		for method, paths := range map[string][]string{
			"POST": {kandyapi.SessionsPath(alice.user), kandyapi.ChannelsPath(alice.user), kandyapi.SubscriptionsPath(alice.user), kandyapi.TurnPath(alice.user)},
			"PUT": {
				a + "/answer", a + "/update", a + "/status", a + "/forward", a + "/transfer", a + "/offer",
				alice.channel.ResourceURL, alice.channel.ResourceURL + "/channelLifetime",
			},
		} {
			for _, path := range paths {
				for _, body := range []string{"", "{}", "null", "[]", `"x"`, "{", `{"wrtcsAnswer":7}`, strings.Repeat("[", 10_000)} {
					wantCode(t, alice.request(method, path, body, nil), http.StatusBadRequest)
				}
			}
		}
		body := kandyapi.SessionStatusBody{Status: &kandyapi.SessionStatus{Status: "Dancing"}}
		wantCode(t, alice.request("PUT", a+"/status", body, nil), http.StatusBadRequest)
	})
}

func TestTurnCredentials(t *testing.T) {
	inWorld(t, func(c *Config) { c.TURN.URLs = []string{"turn:relay.example.com"} }, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		var body kandyapi.TurnBody
		alice.want(http.StatusOK, "POST", kandyapi.TurnPath(alice.user), kandyapi.TurnBody{Credentials: &kandyapi.TurnCredentials{ClientCorrelator: "a"}}, &body)
		c := body.Credentials
		if !strings.HasSuffix(c.Username, ":"+alice.user) || c.Password != turnPassword(w.server.turnSecret, c.Username) || len(c.URLs) != 1 {
			t.Errorf("%+v", c)
		}
	})
}

func TestClosedServer(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		if err := w.server.Close(); err != nil {
			t.Fatal(err)
		}
		if code := <-alice.ended; code != closeRestart {
			t.Errorf("closed with %d", code)
		}
		wantCode(t, alice.request("GET", alice.channel.ResourceURL, nil, nil), http.StatusServiceUnavailable)
	})
}

func TestRemovedUser(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, _ := w.talk(alice, bob)
		if err := RemoveUser(t.Context(), w.store, "bob@example.com"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, bob.request("GET", bob.channel.ResourceURL, nil, nil), http.StatusUnauthorized)
		alice.event(a, ended, kandyapi.ReasonLost, 408)
		if code := <-bob.ended; code != closeGone {
			t.Errorf("closed with %d", code)
		}
	})
}
