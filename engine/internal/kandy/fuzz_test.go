package kandy

import (
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

func FuzzNotification(f *testing.F) {
	for _, name := range []string{"conn-check", "conn-ack", "invitation", "invitation-slow-start", "ringing", "acceptance", "offer", "offer-asked-for", "answer", "ended-declined", "ended-bare", "cancelled"} {
		f.Add([]byte(read(f, "received/"+name+".json")))
	}
	f.Add([]byte(`{"wrtcsEventNotification":{"id":"1","link":[{"href":"/sessions/../.."}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeMessage(data)
		if err != nil {
			return
		}
		n, err := newNote(m)
		if err != nil {
			return
		}
		if n.id == "" || !validID(string(n.leg)) || len(n.from) > 4*maxAddress+8 || len(n.name) > 600 {
			t.Errorf("%+v", n)
		}
		var events []signaling.Event
		l := newLegs(time.Second, New(Config{}).cfg.Log, func(e ...signaling.Event) { events = append(events, e...) })
		l.adopt("7f3a")
		l.release("7f3a")
		l.deliver(n, len(data))
		l.deliver(n, len(data))
		if len(events) > 1 {
			t.Errorf("%d events of one notification", len(events))
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, name := range []string{"answer-token", "answer-channel", "answer-session", "answer-turn", "answer-turn-addresses", "answer-error", "answer-token-error"} {
		f.Add([]byte(read(f, "received/"+name+".json")))
	}
	end := endpoint{scheme: "https", host: "kandy.example.com"}
	f.Fuzz(func(t *testing.T, data []byte) {
		var all struct {
			kandyapi.Token
			kandyapi.ChannelBody
			kandyapi.SessionBody
			kandyapi.TurnBody
		}
		code, text := errorText(data)
		if len(code) > 200 || len(text) > 900 || strings.ContainsAny(code+text, "\r\n\x00\u202e") {
			t.Errorf("%q %q", code, text)
		}
		if decode(data, &all) != nil {
			return
		}
		if c, err := parseChannel(end, all.ChannelBody, time.Hour); err == nil {
			if !strings.HasPrefix(c.path, "/") || !strings.HasPrefix(c.socketPath, "/") || c.lifetime < 10*time.Second || c.lifetime > 7*24*time.Hour {
				t.Errorf("%+v", c)
			}
		}
		if leg, err := legOfAnswer(all.SessionBody); err == nil && !validID(string(leg)) {
			t.Errorf("leg %q", leg)
		}
		if all.Credentials != nil {
			for _, server := range iceServers(*all.Credentials, nil) {
				if server.Username == "" && strings.HasPrefix(server.URLs[0], "turn") {
					t.Errorf("%+v", server)
				}
			}
		}
	})
}

func FuzzIDToken(f *testing.F) {
	f.Add(idToken(`{"preferred_username":"u-12","services-identity":"alice@example.com","name":"Alice A."}`))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		id, err := parseIDToken(token, engine.Account{User: "a@b.c"})
		if err == nil && (!validID(id.user) || id.domain != "" && !validDomain(id.domain)) {
			t.Errorf("%+v", id)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"bob", "+1 (613) 555-0100", "sip:bob@example.com;x=y", "Bob <sip:b@c>", "a@b@c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := complete(typed, "example.com")
		if err != nil {
			return
		}
		user, domain, ok := cutLast(got, "@")
		if !ok || !validUser(user) || !validDomain(domain) || strings.ContainsAny(got, " \r\n<>\"\x00") {
			t.Errorf("%q → %q", typed, got)
		}
	})
}
