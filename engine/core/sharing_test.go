package core_test

import (
	"testing"

	"tring/engine"
	"tring/engine/switchboard"
)

func TestConsultativeTransfer(t *testing.T) {
	// Whether a call is on hold already or none is, and whoever called: both
	// are on hold before the server is asked.
	for name, prepare := range map[string]func(a *phone, toBob, toCarol engine.CallID){
		"the first on hold": func(a *phone, toBob, _ engine.CallID) { a.must(a.Hold(toBob)) },
		"the other on hold": func(a *phone, _, toCarol engine.CallID) { a.must(a.Hold(toCarol)) },
		"neither on hold":   func(*phone, engine.CallID, engine.CallID) {},
	} {
		t.Run(name, func(t *testing.T) { consult(t, prepare) })
	}
}

func consult(t *testing.T, prepare func(a *phone, toBob, toCarol engine.CallID)) {
	t.Helper()
	o := newOffice(t, switchboard.Timers{})
	for _, name := range []string{"alice", "bob", "carol"} {
		o.addUser(name)
	}
	a, b, c := o.phone("alice"), o.phone("bob"), o.phone("carol")
	toBob, bt := connect(a, b, true)
	ct, toCarol := connect(c, a, true)
	prepare(a, toBob, toCarol)
	a.must(a.TransferTo(toBob, toCarol))
	for range 2 {
		if ev := a.awaitState(engine.Ended); ev.End.Reason != engine.ReasonTransferred {
			t.Errorf("alice's end: %v", ev.End)
		}
	}
	for _, side := range []struct {
		p  *phone
		id engine.CallID
	}{{b, bt}, {c, ct}} {
		waitFor(t, "a live call of "+side.p.name, func() bool {
			call, _ := side.p.Snapshot().Call(side.id)
			return call.State == engine.Connected
		})
		before, err := side.p.Stats(t.Context(), side.id)
		side.p.must(err)
		waitFor(t, "pictures for "+side.p.name, func() bool {
			s, err := side.p.Stats(t.Context(), side.id)
			return err == nil && s.Video != nil && s.Video.Inbound.FramesDecoded > before.Video.Inbound.FramesDecoded+5
		})
	}
}

// TestConsultativeTransferInVain: the other call is over before it is on hold;
// the first goes on as it was.
func TestConsultativeTransferInVain(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	for _, name := range []string{"alice", "bob", "carol"} {
		o.addUser(name)
	}
	a, b, c := o.phone("alice"), o.phone("bob"), o.phone("carol")
	toBob, _ := connect(a, b, false)
	toCarol, _ := connect(a, c, false)
	a.must(a.Hangup(toCarol))
	if err := a.TransferTo(toBob, toCarol); err == nil {
		t.Error("a call that is over was joined")
	}
	toCarol, _ = connect(a, c, false)
	a.must(a.TransferTo(toBob, toCarol))
	a.must(a.Hangup(toCarol))
	a.awaitOperation("transfer", "error")
	waitFor(t, "the first call to be resumed", func() bool {
		call, _ := a.Snapshot().Call(toBob)
		return call.State == engine.Connected && call.Problem != nil
	})
}
