package core_test

import (
	"net/http"
	"testing"
	"time"

	"tring/engine"
)

// TestWayLost: alice's way to the server is lost for 2 s, 20 s and 3 min of a
// clock that runs fast: her websocket alone, or everything. The sound goes on,
// each side says what is true at each moment, and afterwards both agree,
// whatever happened meanwhile.
func TestWayLost(t *testing.T) {
	const (
		short  = 2 * time.Second / haste
		medium = 20 * time.Second / haste
		long   = 3 * time.Minute / haste
	)
	for _, tt := range []struct {
		name      string
		loss      time.Duration
		all       bool // everything is lost, not the websocket alone
		meanwhile func(t *testing.T, a, b side)
		end       engine.CallState
	}{
		{"2 s, websocket", short, false, nil, engine.Connected},
		{"2 s, all", short, true, nil, engine.Connected},
		{"20 s, websocket, bob holds", medium, false, bobHolds, engine.OnHold},
		{"20 s, all, bob hangs up", medium, true, bobHangsUp, engine.Ended},
		{"20 s, all, alice hangs up", medium, true, aliceHangsUp, engine.Ended},
		{"3 min, websocket", long, false, nil, engine.Connected},
		{"3 min, all", long, true, nil, engine.Connected},
		{"3 min, websocket, bob hangs up", long, false, bobHangsUp, engine.Ended},
		{"3 min, all, alice hangs up", long, true, aliceHangsUp, engine.Ended},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			loseTheWay(t, tt.loss, tt.all, tt.meanwhile, tt.end)
		})
	}
}

func loseTheWay(t *testing.T, loss time.Duration, all bool, meanwhile func(t *testing.T, a, b side), end engine.CallState) {
	t.Helper()
	o := newOffice(t, hasty)
	o.addUser("alice")
	o.addUser("bob")
	ap, wire := o.wired("alice", hastyKandy)
	bp, _ := o.wired("bob", hastyKandy)
	at, bt := connect(ap, bp, false)
	a, b := side{ap, at}, side{bp, bt}

	if !all {
		o.desk.spoil(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if isSocket(r, "alice") {
				http.Error(w, "out of order", http.StatusServiceUnavailable)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	wire.lose(all)
	lost := time.NewTimer(loss)
	defer lost.Stop()
	waitFor(t, "alice to notice", func() bool { return a.registration() == engine.Reconnecting })
	if r := a.Snapshot().Registration; r.Problem == nil || r.Problem.Next == "" || len(r.Subscribed) > 0 {
		t.Errorf("alice's registration: %+v", r)
	}
	if r := b.registration(); r != engine.Registered {
		t.Errorf("bob's registration: %v", r)
	}
	if meanwhile != nil {
		meanwhile(t, a, b)
	}
	for waiting := true; waiting; {
		select {
		case <-lost.C:
			waiting = false
		case <-time.After(500 * time.Millisecond):
			if meanwhile == nil { // nobody does anything, so nothing may change
				a.hears(t)
				b.hears(t)
			}
			if r := a.registration(); r != engine.Reconnecting {
				t.Errorf("alice's registration while the way is lost: %v", r)
			}
		}
	}
	if meanwhile == nil && (a.call().State != engine.Connected || b.call().State != engine.Connected || a.call().Media != engine.MediaFlowing) {
		t.Errorf("at the end of the loss: alice %+v, bob %+v", a.call(), b.call())
	}

	o.desk.spoil(nil)
	wire.heal()
	waitFor(t, "alice to come back", func() bool { return a.registration() == engine.Registered })
	if r := a.Snapshot().Registration; r.Problem != nil || len(r.Subscribed) != 1 {
		t.Errorf("alice's registration: %+v", r)
	}
	agree(t, a, b, end)
	if end.Final() {
		return
	}
	if end == engine.OnHold {
		b.must(b.Unhold(bt))
	} else {
		a.must(a.Hold(at)) // the call can be changed again, from both sides
		agree(t, a, b, engine.OnHold)
		a.must(a.Unhold(at))
	}
	agree(t, a, b, engine.Connected)
	a.hears(t)
	b.hears(t)
	b.must(b.Hangup(bt))
	if ev := a.awaitState(engine.Ended); ev.End.Reason != engine.ReasonHungUpThere {
		t.Errorf("alice's end: %v", ev.End)
	}
}

// bobHolds: the offer waits at the server for alice.
func bobHolds(t *testing.T, a, b side) {
	t.Helper()
	b.must(b.Hold(b.id))
	b.awaitOperation("hold", "start")
	if c := a.call(); c.State != engine.Connected {
		t.Errorf("alice knows of a hold that she cannot know of: %+v", c)
	}
}

// bobHangsUp: he is out of the call at once; alice sees that no media come, and
// learns why when she is back.
func bobHangsUp(t *testing.T, a, b side) {
	t.Helper()
	b.must(b.Hangup(b.id))
	if c := b.call(); c.State != engine.Ended {
		t.Errorf("bob's call: %+v", c)
	}
	if c := a.call(); c.State != engine.Connected {
		t.Errorf("alice knows of an end that she cannot know of: %+v", c)
	}
}

// aliceHangsUp: the server is told when she is back.
func aliceHangsUp(t *testing.T, a, b side) {
	t.Helper()
	a.must(a.Hangup(a.id))
	if c := a.call(); c.State != engine.Ended || c.End.Reason != engine.ReasonHungUpHere {
		t.Errorf("alice's call: %+v", c)
	}
	if c := b.call(); c.State != engine.Connected {
		t.Errorf("bob knows of an end that he cannot know of: %+v", c)
	}
}
