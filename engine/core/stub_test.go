package core_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/internal/signaling"
)

// line is a signalling backend under the test's control. It has one session at
// a time and says so if it is asked for two.
type line struct {
	t       *testing.T
	live    atomic.Int32                // sessions
	session atomic.Pointer[lineSession] // the newest

	invite func(ctx context.Context) (signaling.LegID, error)
	audit  func() (bool, error)
	ring   error
	every  time.Duration

	mu   sync.Mutex
	said []string // requests, in order
}

func (l *line) say(words string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, words)
}

func (l *line) heard(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.said {
		if s == words {
			return true
		}
	}
	return false
}

func (l *line) SignIn(context.Context, engine.Account, engine.Secret) (signaling.Session, error) {
	if l.live.Add(1) > 1 {
		l.t.Error("a second session beside the first")
	}
	s := &lineSession{line: l, over: make(chan struct{}), events: make(chan signaling.Event, 16)}
	l.session.Store(s)
	return s, nil
}

type lineSession struct {
	*line
	events chan signaling.Event
	over   chan struct{}
	once   sync.Once
}

func (s *lineSession) Identity() signaling.Identity {
	return signaling.Identity{Address: "alice@example.com"}
}

func (s *lineSession) Capabilities() signaling.Capabilities {
	return signaling.Capabilities{Services: []string{"call"}, AuditEvery: s.every}
}
func (s *lineSession) Events() <-chan signaling.Event       { return s.events }
func (s *lineSession) Address(typed string) (string, error) { return typed + "@example.com", nil }

func (s *lineSession) Invite(ctx context.Context, _, _, _ string) (signaling.LegID, error) {
	return s.invite(ctx)
}
func (s *lineSession) Ringing(context.Context, signaling.LegID) error        { return s.ring }
func (s *lineSession) Answer(context.Context, signaling.LegID, string) error { return nil }
func (s *lineSession) Offer(context.Context, signaling.LegID, string) error  { return nil }

// Hangup takes its time, and fails if the session is over before.
func (s *lineSession) Hangup(ctx context.Context, leg signaling.LegID) error {
	select {
	case <-time.After(200 * time.Millisecond):
		s.say("hangup " + string(leg))
		return nil
	case <-s.over:
		return engine.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}
func (s *lineSession) Forward(context.Context, signaling.LegID, string) error { return nil }
func (s *lineSession) Transfer(context.Context, signaling.LegID, string, signaling.LegID) error {
	return nil
}

func (s *lineSession) Audit(context.Context, signaling.LegID) (bool, error) { return s.audit() }

func (s *lineSession) ICEServers(context.Context) ([]signaling.ICEServer, error) { return nil, nil }

func (s *lineSession) Close(context.Context) error {
	s.once.Do(func() {
		close(s.over)
		close(s.events)
		s.say("closed")
		s.live.Add(-1)
	})
	return nil
}

// stubbed is an engine on the line, signed in.
func stubbed(t *testing.T, l *line) *phone {
	t.Helper()
	l.t = t
	p := newPhone(t, "alice", core.Config{Devices: engine.DeviceChoice{
		Camera: engine.DeviceNone, Microphone: engine.DeviceNone, Speaker: engine.DeviceNone,
	}}, core.WithBackend(l))
	p.signIn()
	return p
}

func (p *phone) signIn() {
	p.t.Helper()
	p.must(p.SignIn(engine.Account{User: "alice@example.com"}, engine.Secret{}))
	p.await("the sign-in", func(ev engine.Event) bool {
		return ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0
	})
}

// TestCloseWaitsForTheHangup: however slow the server is, the hang-up is told
// before the session is closed.
func TestCloseWaitsForTheHangup(t *testing.T) {
	l := &line{invite: func(context.Context) (signaling.LegID, error) { return "1", nil }}
	p := stubbed(t, l)
	_, err := p.Call("bob", engine.CallOptions{})
	p.must(err)
	p.awaitState(engine.Initiated)
	p.must(p.Close())
	if !l.heard("hangup 1") {
		t.Errorf("said: %q", l.said)
	}
}

// TestCallUnderWayIsTakenBack: the server answers an invitation only after the
// user has signed out, or closed the program.
func TestCallUnderWayIsTakenBack(t *testing.T) {
	for name, leave := range map[string]func(*phone) error{
		"sign-out": func(p *phone) error { return p.SignOut() },
		"close":    func(p *phone) error { return p.Close() },
		"hang-up":  func(p *phone) error { return p.Hangup(p.Snapshot().Calls[0].ID) },
	} {
		t.Run(name, func(t *testing.T) {
			asked, answer := make(chan struct{}), make(chan struct{})
			l := &line{invite: func(context.Context) (signaling.LegID, error) {
				close(asked)
				<-answer
				return "1", nil
			}}
			p := stubbed(t, l)
			_, err := p.Call("bob", engine.CallOptions{})
			p.must(err)
			<-asked
			time.AfterFunc(100*time.Millisecond, func() { close(answer) })
			p.must(leave(p))
			waitFor(t, "the hang-up", func() bool { return l.heard("hangup 1") })
		})
	}
}

// TestSignInsInQuickSuccession: an old session is gone before the next begins.
func TestSignInsInQuickSuccession(t *testing.T) {
	l := &line{invite: func(context.Context) (signaling.LegID, error) { return "1", nil }}
	p := stubbed(t, l)
	_, err := p.Call("bob", engine.CallOptions{})
	p.must(err)
	p.awaitState(engine.Initiated)
	for range 5 {
		p.must(p.SignIn(engine.Account{User: "alice@example.com"}, engine.Secret{}))
	}
	p.must(p.SignOut())
	p.signIn()
	if n := l.live.Load(); n != 1 || !l.heard("hangup 1") {
		t.Errorf("%d sessions, said %q", n, l.said)
	}
}

// TestAuditWhileRinging: a call of which the server knows nothing any more does
// not ring on, on either side.
func TestAuditWhileRinging(t *testing.T) {
	gone := func() (bool, error) { return false, nil }
	t.Run("outgoing", func(t *testing.T) {
		p := stubbed(t, &line{audit: gone, every: 50 * time.Millisecond, invite: func(context.Context) (signaling.LegID, error) { return "1", nil }})
		_, err := p.Call("bob", engine.CallOptions{})
		p.must(err)
		p.awaitState(engine.Ended)
	})
	t.Run("incoming", func(t *testing.T) {
		l := &line{audit: gone, every: 50 * time.Millisecond}
		p := stubbed(t, l)
		l.session.Load().events <- signaling.Incoming{Leg: "2", From: "bob@example.com"}
		p.awaitState(engine.Cancelled)
	})
	t.Run("told by the first request", func(t *testing.T) {
		l := &line{audit: gone, ring: errors.Join(signaling.ErrGone)}
		p := stubbed(t, l)
		l.session.Load().events <- signaling.Incoming{Leg: "2", From: "bob@example.com"}
		if ev := p.awaitState(engine.Cancelled); ev.End.Reason != engine.ReasonCancelledThere {
			t.Errorf("end: %v", ev.End)
		}
	})
}

// TestEventsOutrunTheInvitation: what the server tells of a call before it has
// answered the request for it is kept, in its order.
func TestEventsOutrunTheInvitation(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	l := &line{invite: func(context.Context) (signaling.LegID, error) {
		close(asked)
		<-answer
		return "1", nil
	}}
	p := stubbed(t, l)
	_, err := p.Call("bob", engine.CallOptions{})
	p.must(err)
	<-asked
	events := l.session.Load().events
	events <- signaling.RemoteRinging{Leg: "1"}
	events <- signaling.Finished{Leg: "1", End: engine.EndInfo{Reason: engine.ReasonBusy}}
	events <- signaling.Incoming{Leg: "2", From: "carol@example.com"} // of another call, which does not wait
	p.awaitCall()
	close(answer)
	p.awaitState(engine.Ringing)
	if ev := p.awaitState(engine.Ended); ev.End.Reason != engine.ReasonBusy {
		t.Errorf("end: %v", ev.End)
	}
	p.must(p.Close())
	if l.heard("hangup 1") || !l.heard("hangup 2") {
		t.Errorf("said: %q", l.said)
	}
}

// TestRepeatedAndLateEvents: an invitation that comes twice is one call, and
// what comes after its end changes nothing.
func TestRepeatedAndLateEvents(t *testing.T) {
	l := &line{}
	p := stubbed(t, l)
	events := l.session.Load().events
	incoming := signaling.Incoming{Leg: "2", From: "bob@example.com"}
	over := signaling.Finished{Leg: "2", Cancelled: true, End: engine.EndInfo{Reason: engine.ReasonCancelledThere}}
	for _, ev := range []signaling.Event{
		incoming, incoming,
		signaling.Answered{Leg: "2", Answer: "of what?"},
		over, over, incoming,
		signaling.RemoteRinging{Leg: "2"},
		signaling.Accepted{Leg: "2", Answer: "late"},
		signaling.Offered{Leg: "2", Offer: "late"},
		signaling.Accepted{Leg: "never heard of", Answer: "x"},
		signaling.Incoming{Leg: "3", From: "carol@example.com"}, // all of the above has been seen to
	} {
		events <- ev
	}
	p.awaitState(engine.Cancelled)
	p.await("the last invitation", func(ev engine.Event) bool {
		return ev.Name == engine.EventCallReceive && ev.Remote == "carol@example.com"
	})
	calls := p.Snapshot().Calls
	if len(calls) != 2 || calls[0].State != engine.Cancelled || calls[0].End.Reason != engine.ReasonCancelledThere {
		t.Errorf("calls: %+v", calls)
	}
}
