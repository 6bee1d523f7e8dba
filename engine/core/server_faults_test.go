package core_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/kandy"
	"tring/engine/switchboard"
)

// talk makes a voice call between alice and bob in an office with timers.
func talk(t *testing.T, server switchboard.Timers, client kandy.Timers) (o *office, a, b side, aliceWire *wire) {
	t.Helper()
	o = newOffice(t, server)
	o.addUser("alice")
	o.addUser("bob")
	ap, aliceWire := o.wired("alice", client)
	bp, _ := o.wired("bob", client)
	at, bt := connect(ap, bp, false)
	return o, side{ap, at}, side{bp, bt}, aliceWire
}

// TestTokenExpires: alice's token expires while she cannot renew it. The
// channel and the call are as before once she is back, by a new token.
func TestTokenExpires(t *testing.T) {
	t.Parallel()
	timers := hasty
	timers.AccessToken = 2 * time.Second
	_, a, b, wire := talk(t, timers, hastyKandy)
	wire.lose(true)
	expired := time.NewTimer(timers.AccessToken + time.Second)
	defer expired.Stop()
	waitFor(t, "alice to notice", func() bool { return a.registration() == engine.Reconnecting })
	<-expired.C
	a.hears(t)
	b.hears(t)
	wire.heal()
	waitFor(t, "alice to come back", func() bool { return a.registration() == engine.Registered })
	a.must(a.Hold(a.id))
	agree(t, a, b, engine.OnHold)
	b.must(b.Hangup(b.id))
	agree(t, a, b, engine.Ended)
}

// TestTokenRefused: the server accepts neither alice's tokens nor her password
// any more. It is said plainly, the call goes on, and after a new sign-in it can
// be changed again.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	o, a, b, _ := talk(t, switchboard.Timers{}, kandy.Timers{Audit: 200 * time.Millisecond})
	if err := switchboard.SetPassword(t.Context(), o.store, "alice@example.com", "another secret"); err != nil {
		t.Fatal(err)
	}
	ev := a.await("the refusal", func(ev engine.Event) bool { return ev.Name == engine.EventSubscriptionError })
	if p := ev.Problem; p == nil || !strings.Contains(p.Cause, "alice@example.com") || p.Next == "" {
		t.Errorf("alice is told %+v", p)
	}
	if r := a.Snapshot().Registration; r.State != engine.SignInRequired || r.Problem == nil {
		t.Errorf("registration: %+v", r)
	}
	agree(t, a, b, engine.Connected)
	a.hears(t)
	b.hears(t)
	a.must(a.Hold(a.id)) // cannot be told to anybody, and that is said
	a.awaitOperation("hold", "error")
	if c := a.call(); c.State != engine.Connected || c.LocalHold || c.Problem == nil {
		t.Errorf("alice's call: %+v", c)
	}

	a.must(a.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: "alice@example.com"}, engine.Secret{Password: "mistyped"}))
	a.await("the next refusal", func(ev engine.Event) bool { return ev.Name == engine.EventSubscriptionError })
	b.hears(t)
	o.signIn(a.phone, "another secret")
	agree(t, a, b, engine.Connected)
	b.must(b.Hold(b.id))
	agree(t, a, b, engine.OnHold)
	b.must(b.Unhold(b.id))
	agree(t, a, b, engine.Connected)
	a.must(a.Hold(a.id))
	agree(t, a, b, engine.OnHold)
	a.must(a.Unhold(a.id))
	agree(t, a, b, engine.Connected)
	b.hears(t)
	a.must(a.Hangup(a.id))
	agree(t, a, b, engine.Ended)
}

// TestRefusedThenSomebodyElse: whoever signs in as somebody else has left the
// call.
func TestRefusedThenSomebodyElse(t *testing.T) {
	t.Parallel()
	o, a, _, _ := talk(t, switchboard.Timers{}, kandy.Timers{Audit: 200 * time.Millisecond})
	o.addUser("carol")
	if err := switchboard.SetPassword(t.Context(), o.store, "alice@example.com", "another secret"); err != nil {
		t.Fatal(err)
	}
	a.await("the refusal", func(ev engine.Event) bool { return ev.Name == engine.EventSubscriptionError })
	a.must(a.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: "carol@example.com"}, engine.Secret{Password: "secret-carol"}))
	if ev := a.awaitState(engine.Ended); ev.End.Reason != engine.ReasonHungUpHere {
		t.Errorf("end: %v", ev.End)
	}
}

// TestAuditSaysGone: the server has forgotten a call (404). Both sides learn it
// from their audits and end it, rather than to sit in a call that nobody can
// change any more.
func TestAuditSaysGone(t *testing.T) {
	t.Parallel()
	o, a, b, _ := talk(t, switchboard.Timers{}, kandy.Timers{Audit: 200 * time.Millisecond})
	o.desk.spoil(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/status") {
			http.Error(w, "no such session", http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
	for _, s := range []side{a, b} {
		if ev := s.awaitState(engine.Ended); ev.End.Reason != engine.ReasonServerEnded {
			t.Errorf("%s: %v", s.name, ev.End)
		}
	}
}

// TestAuditFails: a server that cannot answer (500), or gives nonsense, has not
// said that the call is over.
func TestAuditFails(t *testing.T) {
	t.Parallel()
	o, a, b, _ := talk(t, switchboard.Timers{}, kandy.Timers{Audit: 50 * time.Millisecond})
	refused := make(chan struct{}, 100)
	o.desk.spoil(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/status") {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case refused <- struct{}{}:
		default:
		}
		if len(refused)%2 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		} else {
			_, _ = w.Write([]byte("<html>"))
		}
	})
	for range 8 {
		<-refused
	}
	a.hears(t)
	agree(t, a, b, engine.Connected)
}

// TestSlowServer: every answer takes 5 s, whether the server is slow to act or
// only to answer, so that what follows from a request overtakes its answer. All
// that people do gets through, also what they do meanwhile.
func TestSlowServer(t *testing.T) {
	const delay = 5 * time.Second
	slow := map[string]func(w http.ResponseWriter, r *http.Request, next http.Handler){
		"to act": func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if wait(r, delay) {
				next.ServeHTTP(w, r)
			}
		},
		"to answer": func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			late := &lateAnswer{header: http.Header{}, status: http.StatusOK}
			next.ServeHTTP(late, r)
			if wait(r, delay) {
				late.give(w)
			}
		},
	}
	for name, hook := range slow {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, switchboard.Timers{})
			o.addUser("alice")
			o.addUser("bob")
			ap, _ := o.wired("alice", kandy.Timers{})
			bp, _ := o.wired("bob", kandy.Timers{})
			o.desk.spoil(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if strings.HasSuffix(r.URL.Path, "/websocket") {
					next.ServeHTTP(w, r)
					return
				}
				hook(w, r, next)
			})
			at, err := ap.Call("bob", engine.CallOptions{})
			ap.must(err)
			a, b := side{ap, at}, side{bp, bp.awaitCall()}
			b.must(b.Accept(b.id, false)) // the ringing is still being told
			agree(t, a, b, engine.Connected)
			a.hears(t)
			b.hears(t)
			a.must(a.Hold(at))
			b.must(b.SetMuted(b.id, true)) // needs no server
			agree(t, a, b, engine.OnHold)
			a.must(a.Hangup(at))
			if c := a.call(); c.State != engine.Ended {
				t.Errorf("alice waits for the server to be out of her call: %+v", c)
			}
			agree(t, a, b, engine.Ended)
		})
	}
}

// wait reports whether r is still wanted after d.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// lateAnswer keeps an answer for later.
type lateAnswer struct {
	header http.Header
	status int
	body   []byte
}

// Header implements http.ResponseWriter.
func (l *lateAnswer) Header() http.Header { return l.header }

// WriteHeader implements http.ResponseWriter.
func (l *lateAnswer) WriteHeader(status int) { l.status = status }

// Write implements http.ResponseWriter.
func (l *lateAnswer) Write(p []byte) (int, error) {
	l.body = append(l.body, p...)
	return len(p), nil
}

func (l *lateAnswer) give(w http.ResponseWriter) {
	for key, values := range l.header {
		w.Header()[key] = values
	}
	w.WriteHeader(l.status)
	_, _ = w.Write(l.body)
}
