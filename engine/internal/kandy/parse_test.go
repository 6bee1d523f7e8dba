package kandy

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/signaling"
)

func TestComplete(t *testing.T) {
	for typed, want := range map[string]string{
		"bob":             "bob@example.com",
		" bob ":           "bob@example.com",
		"bob@EXAMPLE.org": "bob@example.org",
		"sip:bob":         "bob@example.com",
		"SIPS:bob@other.net:5061;transport=ws?x=y": "bob@other.net:5061",
		"Bob B. <sip:bob@other.net>":               "bob@other.net",
		"+1 (613) 555-0100":                        "+16135550100@example.com",
		"tel:+1-613-555-0100":                      "+16135550100@example.com",
		"613.555.0100@pbx.example.net":             "6135550100@pbx.example.net",
		"*98#":                                     "*98#@example.com",
		"12+3":                                     "123@example.com",
		"jörg":                                     "jörg@example.com",
		"first.last+tag":                           "first.last+tag@example.com",
		"a@b@example.net":                          "",
		"":                                         "", "   ": "", "@": "", "bob@": "", "@example.com": "", "bob smith": "", "bob@exa mple.com": "",
		"<bob": "bob@example.com", "<>": "", "bob/../x": "", "bob\r\nX: y": "", "bob@.": "", "+()-": "", strings.Repeat("x", 300): "",
	} {
		got, err := complete(typed, "example.com")
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q → %q, %v; want %q", typed, got, err, want)
		}
		if err != nil && !errors.Is(err, engine.ErrBadAddress) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if _, err := complete("bob", ""); !errors.Is(err, engine.ErrBadAddress) {
		t.Errorf("without a domain: %v", err)
	}
}

func TestParseEndpoint(t *testing.T) {
	for server, want := range map[string]string{
		"https://kandy.example.com":      "https://kandy.example.com",
		"https://kandy.example.com:8443": "https://kandy.example.com:8443",
		"kandy.example.com":              "https://kandy.example.com",
		"HTTPS://kandy.example.com/":     "https://kandy.example.com",
		"http://127.0.0.1:8080":          "http://127.0.0.1:8080",
		"http://[::1]:8080":              "http://[::1]:8080",
		"http://localhost:1":             "http://localhost:1",
		"http://kandy.example.com":       "", "http://10.0.0.1": "", "http://localhost.example.com": "", "http://[::ffff:10.0.0.1]": "",
		"ftp://x": "", "": "", "https://": "", "https://user:pw@x": "", "https://x/path": "", "https://x?y": "", "https://x#y": "", "https://%zz": "",
	} {
		end, p := parseEndpoint(server)
		if p != nil {
			end = endpoint{}
		}
		if got := end.url(""); p == nil && got != want || p != nil && (want != "" || p.Next == "") {
			t.Errorf("%q → %q, %v; want %q", server, got, p, want)
		}
	}
}

func TestResourceStaysOnHost(t *testing.T) {
	end := endpoint{scheme: "https", host: "kandy.example.com"}
	for ref, want := range map[string]string{
		"/cpaas/x/1":                            "/cpaas/x/1",
		"/cpaas/x/1?y=z":                        "/cpaas/x/1?y=z",
		"https://kandy.example.com/a":           "/a",
		"wss://KANDY.example.com:443/a/b?c":     "/a/b?c",
		"https://kandy.example.com:8443/a":      "",
		"https://evil.example.net/a":            "",
		"//evil.example.net/a":                  "",
		"a/b":                                   "",
		"":                                      "",
		"/a/../b":                               "",
		"https://kandy.example.com@evil.net/a":  "",
		"/" + strings.Repeat("x", 4000):         "",
		"https://kandy.example.com.evil.net/aa": "",
	} {
		got, err := end.resource(ref)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.60q → %q, %v; want %q", ref, got, err, want)
		}
	}
}

func TestParseIDToken(t *testing.T) {
	account := engine.Account{User: "carol@mail.example.net"}
	for claims, want := range map[string]identity{
		`{"preferred_username":"u","services-identity":"sip:A@Example.com","name":"A"}`: {user: "u", domain: "example.com", public: signaling.Identity{Address: "A@Example.com", Name: "A"}},
		`{"preferred_username":"carol@example.com"}`:                                    {user: "carol@example.com", domain: "example.com", public: signaling.Identity{Address: "carol@example.com"}},
		`{"preferred_username":"u-7"}`:                                                  {user: "u-7", domain: "mail.example.net", public: signaling.Identity{Address: "u-7"}},
		`{"preferred_username":"u-7","email":"c@m.org"}`:                                {user: "u-7", domain: "m.org", public: signaling.Identity{Address: "u-7"}},
		`{"services-identity":"a@b.c"}`:                                                 {}, `{"preferred_username":"../x"}`: {}, `{"preferred_username":7}`: {}, `x`: {}, `{"preferred_username":"a b"}`: {},
	} {
		got, err := parseIDToken(idToken(claims), account)
		if got != want || (err == nil) != (want.user != "") {
			t.Errorf("%s → %+v, %v", claims, got, err)
		}
	}
	for _, token := range []string{"", "a.b", "a.b.c.d", "a.%.c", strings.Repeat("x", 1<<17)} {
		if _, err := parseIDToken(token, account); err == nil {
			t.Errorf("%.20q was taken", token)
		}
	}
	if _, err := parseIDToken(idToken(`{"preferred_username":"u"}`)+"", account); err != nil {
		t.Error(err)
	}
}

func TestFinished(t *testing.T) {
	in, out := leg{incoming: true}, leg{}
	inUp, outUp := leg{incoming: true, answered: true}, leg{answered: true}
	for _, c := range []struct {
		leg       leg
		kind      noteKind
		code      int
		words     string
		reason    engine.EndReason
		cancelled bool
	}{
		{in, noteCancelled, 0, "", engine.ReasonCancelledThere, true},
		{in, noteCancelled, 487, "Caller cancelled", engine.ReasonCancelledThere, true},
		{in, noteCancelled, 200, "Answered elsewhere", engine.ReasonAnsweredElsewhere, true},
		{in, noteCancelled, 200, "", engine.ReasonAnsweredElsewhere, true},
		{in, noteCancelled, 603, "Declined elsewhere", engine.ReasonDeclinedElsewhere, true},
		{in, noteCancelled, 408, "No answer", engine.ReasonNoAnswer, true},
		{in, noteCancelled, 200, "Transferred", engine.ReasonTransferred, true},
		{in, noteEnded, 0, "", engine.ReasonCancelledThere, true},
		{leg{incoming: true, answering: true}, noteEnded, 0, "", engine.ReasonHungUpThere, false},
		{inUp, noteEnded, 0, "", engine.ReasonHungUpThere, false},
		{inUp, noteEnded, 200, "Hung up", engine.ReasonHungUpThere, false},
		{inUp, noteCancelled, 0, "answered ELSEWHERE", engine.ReasonAnsweredElsewhere, true},
		{out, noteEnded, 0, "", engine.ReasonServerEnded, false},
		{out, noteEnded, 0, "Busy", engine.ReasonBusy, false},
		{out, noteEnded, 777, "Busy", engine.ReasonBusy, false},
		{out, noteEnded, 486, "Declined", engine.ReasonBusy, false},
		{out, noteEnded, 600, "", engine.ReasonBusy, false},
		{out, noteEnded, 603, "", engine.ReasonDeclined, false},
		{out, noteEnded, 404, "", engine.ReasonUnknownUser, false},
		{out, noteEnded, 480, "Unavailable", engine.ReasonUnreachable, false},
		{out, noteEnded, 408, "", engine.ReasonNoAnswer, false},
		{out, noteEnded, 408, "Connection lost", engine.ReasonNetworkLost, false},
		{out, noteEnded, 487, "", engine.ReasonServerEnded, false},
		{out, noteEnded, 488, "", engine.ReasonRefused, false},
		{out, noteCancelled, 0, "", engine.ReasonServerEnded, false},
		{outUp, noteEnded, 0, "", engine.ReasonHungUpThere, false},
		{outUp, noteEnded, 200, "Transferred", engine.ReasonTransferred, false},
		{outUp, noteEnded, 408, "", engine.ReasonNetworkLost, false},
		{outUp, noteEnded, -5, "nonsense", engine.ReasonHungUpThere, false},
	} {
		got := finished(&c.leg, note{leg: "x", kind: c.kind, code: c.code, reason: c.words})
		if got.End.Reason != c.reason || got.Cancelled != c.cancelled || got.Leg != "x" || got.End.Text != c.words {
			t.Errorf("%+v → %+v", c, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	timers := Timers{}.withDefaults()
	for attempt, want := range []time.Duration{0, 1, 2, 4, 8, 16, 30, 30} {
		for range 100 {
			if d := backoff(timers, attempt); d > want*time.Second || d < want*time.Second*4/5 {
				t.Fatalf("attempt %d after %s", attempt, d)
			}
		}
	}
	if d := backoff(timers, 1<<30); d > 30*time.Second {
		t.Error(d)
	}
}

func TestRecent(t *testing.T) {
	r := newRecent[int](3)
	for i := range 5 {
		if !r.add(i) || r.add(i) {
			t.Fatal(i)
		}
	}
	for i, want := range []bool{false, false, true, true, true} {
		if r.has(i) != want {
			t.Error(i)
		}
	}
	if len(r.set) != 3 {
		t.Error(len(r.set))
	}
}

func TestEarlyIsBounded(t *testing.T) {
	l := newLegs(time.Hour, New(Config{}).cfg.Log, func(...signaling.Event) {})
	for i := range 500 {
		l.deliver(note{id: strings.Repeat("i", i+1), leg: signaling.LegID(strings.Repeat("l", i+1)), kind: noteRinging}, 1<<20)
	}
	if len(l.early) > maxEarly || l.earlyBytes > maxEarlyBytes {
		t.Errorf("%d notifications, %d bytes", len(l.early), l.earlyBytes)
	}
	for i := range 500 {
		l.deliver(note{id: strings.Repeat("j", i+1), leg: signaling.LegID(strings.Repeat("m", i+1)), kind: noteInvitation}, 1)
	}
	if len(l.live) != maxLegs {
		t.Errorf("%d legs", len(l.live))
	}
}
