package core

import (
	"context"
	"testing"
	"time"

	"tring/engine"
)

// TestPreferredDevices: auto takes the first of the list that is plugged in, falls
// back when it goes and returns when it is back; a choice of one's own comes first.
func TestPreferredDevices(t *testing.T) {
	c, _ := ringing(t, engine.DeviceChoice{})
	uses := func(speaker, ringer string) {
		t.Helper()
		if u := c.Snapshot().InUse; u.Speaker != speaker || u.Ringer != ringer {
			t.Errorf("used are %q and %q, want %q and %q", u.Speaker, u.Ringer, speaker, ringer)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	events := c.Events(ctx)
	told := func(kind engine.DeviceKind, name, undo string) {
		t.Helper()
		for e := range events {
			if e.Name != engine.EventDeviceChange {
				continue
			}
			if e.DeviceKind != kind || e.DeviceName != name || e.DeviceUndo != undo {
				t.Errorf("told %+v, want %s with %q", e, name, undo)
			}
			return
		}
		t.Fatalf("%s is never told", name)
	}
	prefer := func(kind engine.DeviceKind, order ...string) {
		t.Helper()
		if err := c.SetDevicePreference(kind, order); err != nil {
			t.Fatal(err)
		}
	}
	plug := func(names ...string) { c.do(t, func() { c.devicesChanged(paperDevices(names...)) }) }

	uses(engine.DeviceAuto, engine.DeviceAuto)
	prefer(engine.Speaker, "dock", "The headset") // by name, too
	uses("headset", "headset")
	plug("headset", "loudspeaker", "dock")
	told(engine.Speaker, "The dock", "headset")
	uses("dock", "dock")
	prefer(engine.Ringer, "loudspeaker")
	uses("dock", "loudspeaker")
	plug("headset", "loudspeaker")
	told(engine.Speaker, "The headset", "")
	plug("loudspeaker")
	told(engine.Speaker, "The loudspeaker", "")
	uses(engine.DeviceAuto, "loudspeaker")
	plug("loudspeaker", "headset")
	told(engine.Speaker, "The headset", "loudspeaker")
	if err := c.SelectDevice(engine.Speaker, "loudspeaker"); err != nil {
		t.Fatal(err)
	}
	uses("loudspeaker", "loudspeaker")
	prefer(engine.Speaker)
	uses("loudspeaker", "loudspeaker")
}
