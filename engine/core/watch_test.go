package core_test

import (
	"testing"

	"tring/engine"
	"tring/engine/core"
)

// TestWatchingDevicesEndsWithTheEngine: TestMain looks for what is left over.
func TestWatchingDevicesEndsWithTheEngine(t *testing.T) {
	p := newPhone(t, "alice", core.Config{WatchDevices: true})
	p.must(p.RefreshDevices())
	p.must(p.SelectDevice(engine.Camera, engine.DeviceTest))
	ev := p.await("device:change", func(ev engine.Event) bool { return ev.Name == engine.EventDeviceChange })
	if ev.DeviceKind != engine.Camera || ev.DeviceName != engine.DeviceTest || ev.DeviceUndo != engine.DeviceAuto {
		t.Errorf("event: %+v", ev)
	}
	p.must(p.Close())
}
