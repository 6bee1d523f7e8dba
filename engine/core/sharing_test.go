package core_test

import (
	"testing"

	"tring/engine"
	"tring/engine/switchboard"
)

func TestConsultativeTransfer(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	for _, name := range []string{"alice", "bob", "carol"} {
		o.addUser(name)
	}
	a, b, c := o.phone("alice"), o.phone("bob"), o.phone("carol")
	toBob, bt := connect(a, b, true)
	a.must(a.Hold(toBob))
	a.awaitState(engine.OnHold)
	toCarol, ct := connect(a, c, true)
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
