package core_test

import (
	"testing"

	"tring/engine"
	"tring/engine/switchboard"
)

// TestCloseHangsUp: the far end of a call learns at once that the program was
// closed.
func TestCloseHangsUp(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	connect(a, b, false)
	a.must(a.Close())
	if ev := b.awaitState(engine.Ended); ev.End.Reason != engine.ReasonHungUpThere {
		t.Errorf("bob's end: %v", ev.End)
	}
	if r := a.Snapshot().Registration; r.State != engine.Offline {
		t.Errorf("registration after Close: %v", r.State)
	}
}

// TestSignOutWhileCalling: a call that is being made when the user signs out
// does not go on ringing at the other side.
func TestSignOutWhileCalling(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	for range 4 {
		_, err := a.Call("bob", engine.CallOptions{})
		a.must(err)
		a.must(a.SignOut())
		a.must(a.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: "alice@example.com"}, engine.Secret{Password: "secret-alice"}))
		a.await("the sign-in", func(ev engine.Event) bool {
			return ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0
		})
	}
	connect(a, b, false) // still fit for calls, both
	for _, c := range b.Snapshot().Calls {
		if !c.State.Final() && c.State != engine.Connected {
			t.Errorf("bob still has %+v", c)
		}
	}
}

// TestEventsAndSnapshotsAgree: whoever reacts to an event or to the return of
// a method finds what it tells of in the Snapshot.
func TestEventsAndSnapshotsAgree(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	for range 5 {
		id, err := a.Call("bob", engine.CallOptions{})
		a.must(err)
		if _, ok := a.Snapshot().Call(id); !ok {
			t.Fatal("the call is not in the Snapshot when Call returns")
		}
		bt := b.awaitCall()
		if _, ok := b.Snapshot().Call(bt); !ok {
			t.Fatal("the call is not in the Snapshot when call:receive arrives")
		}
		a.awaitState(engine.Ringing)
		a.must(a.Hangup(id))
		if c, _ := a.Snapshot().Call(id); c.State != engine.Ended {
			t.Fatalf("after Hangup the call is %v", c.State)
		}
		b.awaitState(engine.Cancelled)
		if c, _ := b.Snapshot().Call(bt); c.State != engine.Cancelled {
			t.Fatalf("after the event the call is %v", c.State)
		}
	}
}
