package core

import (
	"testing"

	"tring/engine"
	"tring/engine/internal/device"
)

func TestVideoLimits(t *testing.T) {
	c := New(Config{Devices: engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: engine.DeviceNone, Speaker: engine.DeviceNone}})
	defer c.Close()
	if l := c.Snapshot().Video; l != (engine.VideoLimits{MaxHeight: 720, MaxBitrateBPS: DefaultBitrateBPS}) {
		t.Errorf("at first %+v", l)
	}
	for _, wrong := range []engine.VideoLimits{{MaxHeight: 719}, {MaxHeight: -1}, {MaxBitrateBPS: 1}, {MaxBitrateBPS: 1e9}} {
		if c.SetVideoLimits(wrong) == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
	for set, want := range map[engine.VideoLimits]device.CameraFormat{
		{MaxHeight: 360}:  {Width: 640, Height: 360, FPS: 30},
		{MaxHeight: 540}:  {Width: 960, Height: 540, FPS: 30},
		{MaxHeight: 1080}: {Width: 1920, Height: 1080, FPS: 30},
		{}:                {FPS: 30},
	} {
		if err := c.SetVideoLimits(set); err != nil {
			t.Fatal(err)
		}
		c.do(t, func() {
			if got := c.cameraFormat(); got != want {
				t.Errorf("%+v asks a camera for %+v", set, got)
			}
		})
		if l := c.Snapshot().Video; l.MaxBitrateBPS < 1_000_000 || set.MaxHeight != 0 && l.MaxHeight != set.MaxHeight {
			t.Errorf("%+v is told as %+v", set, l)
		}
	}
	if err := c.SetVideoLimits(engine.VideoLimits{MaxHeight: 1080, MaxBitrateBPS: 3_000_000}); err != nil {
		t.Fatal(err)
	}
	if l := c.Snapshot().Video; l.MaxBitrateBPS != 3_000_000 {
		t.Errorf("told %+v", l)
	}
}
