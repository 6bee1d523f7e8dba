package core_test

import (
	"testing"

	"tring/engine"
	"tring/engine/switchboard"
)

// TestLimitsHoldInACall: fewer lines are sent from one picture to the next, without
// a new offer, and more again; the camera is opened at the size that is asked for.
func TestLimitsHoldInACall(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, bt := connect(a, b, true)
	for _, lines := range []int{360, 540, 360} {
		a.must(a.SetVideoLimits(engine.VideoLimits{MaxHeight: lines, MaxBitrateBPS: 900_000}))
		waitFor(t, "the size", func() bool {
			s, err := b.Stats(t.Context(), bt)
			return err == nil && s.Video != nil && s.Video.Inbound.Height == lines && s.Video.Inbound.Width == lines*16/9
		})
	}
	waitFor(t, "the limit of bits", func() bool {
		s, err := a.Stats(t.Context(), at)
		return err == nil && s.Video.Outbound.TargetBPS == 900_000
	})
	if c, _ := a.Snapshot().Call(at); c.State != engine.Connected {
		t.Errorf("the call is %v", c.State)
	}
}
