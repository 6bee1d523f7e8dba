package core

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/device"
	"tring/engine/internal/i420"
)

// noSink is a view that nobody sees.
type noSink struct{}

func (noSink) TargetSize() (int, int)   { return 0, 0 }
func (noSink) ShowFrame(f engine.Frame) { f.Release() }

// TestChosenDeviceGoesAndComesBack: the best other camera stands in for one
// that is unplugged; the chosen one is used again when it is back; each step is
// told; a new choice ends the waiting.
func TestChosenDeviceGoesAndComesBack(t *testing.T) {
	c := New(Config{Devices: engine.DeviceChoice{Camera: "usb-1", Microphone: engine.DeviceNone, Speaker: engine.DeviceNone}})
	defer c.Close()
	listed := func() (yes bool) {
		_ = c.ask(func() error { yes = c.listed; return nil })
		return yes
	}
	for deadline := time.Now().Add(10 * time.Second); !listed(); {
		if time.Now().After(deadline) {
			t.Fatal("the real devices are never listed")
		}
	}
	opened := make(chan string, 64)
	err := c.ask(func() error {
		c.camera = func(_ context.Context, choice string, _ device.CameraFormat, _ *i420.Pool, _ *slog.Logger) (device.Camera, error) {
			select {
			case opened <- choice:
			default: // nobody looks any more
			}
			return nil, errors.New("a camera of paper")
		}
		c.useCamera()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	events := c.Events(t.Context())
	plug := func(names ...string) {
		t.Helper()
		var list []engine.Device
		for _, n := range names {
			list = append(list, engine.Device{Kind: engine.Camera, ID: n, Name: "Camera " + n})
		}
		if err := c.ask(func() error { c.devicesChanged(list); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	change := func(name, undo string) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		for {
			select {
			case ev := <-events:
				if ev.Name != engine.EventDeviceChange {
					continue
				}
				if ev.DeviceName != name || ev.DeviceUndo != undo {
					t.Fatalf("told %q with undo %q, want %q with %q", ev.DeviceName, ev.DeviceUndo, name, undo)
				}
				return
			case <-deadline:
				t.Fatalf("%q is never told", name)
			}
		}
	}
	uses := func(want string) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		for {
			select {
			case got := <-opened:
				if got == want {
					return
				}
			case <-deadline:
				t.Fatalf("%q is never opened", want)
			}
		}
	}

	plug("usb-1", "builtin")
	defer c.AttachVideo("", engine.LocalVideo, noSink{})()
	uses("usb-1")
	plug("builtin")
	change("Camera builtin", "")
	uses(engine.DeviceAuto)
	plug("builtin", "usb-1")
	change("Camera usb-1", engine.DeviceAuto)
	uses("usb-1")
	plug("builtin")
	change("Camera builtin", "")
	if err := c.SelectDevice(engine.Camera, "builtin"); err != nil {
		t.Fatal(err)
	}
	change("Camera builtin", "usb-1")
	uses("builtin")
	plug("builtin", "usb-1")
	if err := c.ask(func() error {
		if c.inUse(engine.Camera) != "builtin" {
			t.Errorf("in use: %q", c.inUse(engine.Camera))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
