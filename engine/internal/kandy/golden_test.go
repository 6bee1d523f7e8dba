package kandy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// text writes a request as the files in testdata/sent have it.
func (r recorded) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.method, r.path)
	for _, name := range []string{"Authorization", "Content-Type"} {
		if v := r.header.Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	return strings.TrimRight(b.String()+"\n"+r.body, "\n")
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(string(b), "\n")
}

// TestSent compares every request with a file written from the protocol's
// description.
func TestSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		synctest.Wait()
		check := func(names ...string) {
			t.Helper()
			got := f.requests()
			f.set(func() { f.seen = nil })
			if len(got) != len(names) {
				t.Fatalf("%d requests for %v", len(got), names)
			}
			for i, name := range names {
				if want := read(t, "sent/"+name+".txt"); got[i].text() != want {
					t.Errorf("%s: sent\n%s\nwant\n%s", name, got[i].text(), want)
				}
			}
		}
		check("token-password", "channel-create", "websocket", "subscribe", "turn")
		ctx := t.Context()
		leg, err := s.Invite(ctx, "bob@example.com", "Alice A.", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n")
		if err != nil {
			t.Fatal(err)
		}
		check("invite")
		_ = s.Ringing(ctx, leg)
		check("ringing")
		_, _ = s.Audit(ctx, leg)
		check("audit")
		_ = s.Answer(ctx, leg, "v=0\r\n")
		check("answer")
		_ = s.Offer(ctx, leg, "v=0\r\n")
		check("offer")
		_ = s.Forward(ctx, leg, "carol@example.com")
		check("forward")
		_ = s.Transfer(ctx, leg, "carol@example.com", "")
		check("transfer-direct")
		_ = s.Transfer(ctx, leg, "carol@example.com", "s-2")
		check("transfer-consultative")
		_ = s.Hangup(ctx, leg)
		check("hangup")
		_ = s.RejectBusy(ctx, "s-2")
		check("reject-busy")
		time.Sleep(30*time.Minute + time.Second)
		check("channel-prolong")
		s.Close(ctx)
		check("unsubscribe", "channel-delete")
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		f.signInWith(t, f.config(), engine.Secret{RefreshToken: "refresh-1"})
		if got, want := f.requests()[0].text(), read(t, "sent/token-refresh.txt"); got != want {
			t.Errorf("sent\n%s\nwant\n%s", got, want)
		}
	})
}

// TestReceivedNotifications reads every notification of the protocol.
func TestReceivedNotifications(t *testing.T) {
	const sdp = "v=0\r\n"
	for name, want := range map[string]note{
		"invitation":            {id: "n-1", leg: "9c20", kind: noteInvitation, sdp: sdp, from: "alice@example.com", name: "Alice A."},
		"invitation-slow-start": {id: "n-1", leg: "9c20", kind: noteInvitation, from: "+16135550100@example.com"},
		"ringing":               {id: "n-2", leg: "7f3a", kind: noteRinging},
		"acceptance":            {id: "n-3", leg: "7f3a", kind: noteAcceptance, sdp: sdp},
		"offer":                 {id: "n-4", leg: "7f3a", kind: noteOffer, sdp: sdp},
		"offer-asked-for":       {id: "n-4", leg: "7f3a", kind: noteOffer},
		"answer":                {id: "n-5", leg: "7f3a", kind: noteAnswer, sdp: sdp},
		"ended-declined":        {id: "n-6", leg: "7f3a", kind: noteEnded, reason: "Declined", code: 603},
		"ended-bare":            {id: "n-7", leg: "7f3a", kind: noteEnded},
		"cancelled":             {id: "n-8", leg: "7f3a", kind: noteCancelled},
	} {
		m, err := decodeMessage([]byte(read(t, "received/"+name+".json")))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := newNote(m); err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", name, got, err, want)
		}
	}
	if m, err := decodeMessage([]byte(read(t, "received/conn-check.json"))); err != nil || m.ConnCheck == nil || m.ConnCheck.Interval != 30 {
		t.Errorf("%+v %v", m, err)
	}
	if m, err := decodeMessage([]byte(read(t, "received/conn-ack.json"))); err != nil || m.ConnAck == nil {
		t.Errorf("%+v %v", m, err)
	}
}

// answerInto decodes a file of testdata/received as the answer of a request.
func answerInto[T any](t *testing.T, name string) (v T) {
	t.Helper()
	if err := decode([]byte(read(t, "received/"+name+".json")), &v); err != nil {
		t.Fatal(name, err)
	}
	return v
}

// TestReceivedAnswers reads every answer of the protocol.
func TestReceivedAnswers(t *testing.T) {
	end := endpoint{scheme: "https", host: "kandy.example.com"}
	token := answerInto[kandyapi.Token](t, "answer-token")
	id, err := parseIDToken(token.IDToken, engine.Account{})
	if want := (identity{user: "u-12", domain: "example.com", public: signaling.Identity{Address: "alice@example.com", Name: "Alice A."}}); id != want || err != nil || token.ExpiresIn != 28800 {
		t.Errorf("%+v %v", id, err)
	}
	c, err := parseChannel(end, answerInto[kandyapi.ChannelBody](t, "answer-channel"), time.Hour)
	base := "/cpaas/notificationchannel/v1/u-12/channels/ws-0b9d2c1e"
	if want := (channel{path: base, socketPath: base + "/websocket", callback: "ws-0b9d2c1e", serverPings: true, lifetime: 2 * time.Hour}); c != want || err != nil {
		t.Errorf("%+v %v", c, err)
	}
	if leg, err := legOfAnswer(answerInto[kandyapi.SessionBody](t, "answer-session")); leg != "7f3a" || err != nil {
		t.Error(leg, err)
	}
	turn := answerInto[kandyapi.TurnBody](t, "answer-turn")
	if end, ok := turnExpiry(turn.Credentials.Username); !ok || end.Unix() != 1764000000 {
		t.Error(end, ok)
	}
	if list := iceServers(*turn.Credentials, nil); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	turn = answerInto[kandyapi.TurnBody](t, "answer-turn-addresses")
	if list := iceServers(*turn.Credentials, nil); len(list) != 1 || list[0].Username != "1764000000:u-12" || list[0].Credential != "aGVsbG8=" {
		t.Errorf("%+v", list)
	}
	if code, text := errorText([]byte(read(t, "received/answer-error.json"))); code != "SVC0004" || text != "No valid addresses provided in message part tParticipantAddress" {
		t.Error(code, text)
	}
	if code, text := errorText([]byte(read(t, "received/answer-token-error.json"))); code != "invalid_grant" || text != "Invalid user credentials" {
		t.Error(code, text)
	}
	if !json.Valid([]byte(read(t, "received/answer-session.json"))) {
		t.Error("not JSON")
	}
}
