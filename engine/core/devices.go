package core

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/device"
	"tring/engine/internal/i420"
	"tring/engine/internal/video"
)

// soundOpener and cameraOpener are the doors to the hardware.
type (
	soundOpener  func(ctx context.Context, microphone, speaker string, io device.SoundIO, log *slog.Logger) (device.Sound, error)
	cameraOpener func(ctx context.Context, choice string, want device.CameraFormat, pool *i420.Pool, log *slog.Logger) (device.Camera, error)
)

var (
	openSound  soundOpener  = device.OpenSound
	openCamera cameraOpener = device.OpenCamera
)

// SelectDevice implements engine.Engine.
func (c *Core) SelectDevice(kind engine.DeviceKind, choice string) error {
	return c.ask(func() error {
		if choice == "" {
			choice = engine.DeviceAuto
		}
		role, used := c.chosenFor(kind), c.allInUse()
		before := *role
		*role, c.away[kind] = choice, false
		if !c.useChanged(used)[kind] {
			c.use(kind) // somebody tries again
		}
		c.dirty = true
		c.emit(engine.Event{
			Name: engine.EventDeviceChange, Reason: choice,
			DeviceKind: kind, DeviceName: c.deviceName(kind, choice), DeviceUndo: before,
		})
		return nil
	})
}

// deviceName is what people call a choice.
func (c *Core) deviceName(kind engine.DeviceKind, choice string) string {
	if d := findDevice(c.devices, kind, choice); d != nil {
		return d.Name
	}
	return choice
}

// SetDevicePreference implements engine.Engine.
func (c *Core) SetDevicePreference(kind engine.DeviceKind, order []string) error {
	return c.ask(func() error {
		used := c.allInUse()
		c.preferred[kind] = slices.Clone(order[:min(len(order), maxPreferred)])
		c.useChanged(used)
		c.dirty = true
		return nil
	})
}

// maxPreferred bounds what is looked through: more devices than anybody has had.
const maxPreferred = 256

// RefreshDevices implements engine.Engine.
func (c *Core) RefreshDevices() error {
	return c.ask(func() error {
		c.job(func(ctx context.Context) {
			devices, err := device.List(ctx)
			c.post(func() {
				if err != nil {
					c.log.Warn("listing devices", "error", err)
				}
				c.devicesChanged(devices)
			})
		})
		return nil
	})
}

// watchInterval is how often is looked for devices that came or went.
const watchInterval = 3 * time.Second

// watchDevices keeps the list of devices up to date until ctx ends.
func (c *Core) watchDevices(ctx context.Context) {
	device.Watch(ctx, watchInterval, func(devices []engine.Device) {
		c.post(func() { c.devicesChanged(devices) })
	})
}

// devicesChanged takes a new list, which is never changed: snapshots share it.
// What did not work with the old devices is tried with the new ones.
func (c *Core) devicesChanged(devices []engine.Device) {
	first := !c.listed
	c.listed = true
	if slices.Equal(devices, c.devices) {
		return
	}
	before, used := c.devices, c.allInUse()
	c.devices, c.dirty = devices, true
	if first {
		c.useChanged(used) // what is preferred is found
		return
	}
	c.followDevices(before, used)
	if c.trouble[cameraPart] {
		c.useCamera()
	}
	if c.trouble[soundPart] {
		c.useSound()
	}
	if c.trouble[ringerPart] {
		c.useRinger()
	}
}

// useCamera points the hub at the chosen camera; it is opened when somebody
// wants its pictures.
func (c *Core) useCamera() {
	c.mended(cameraPart)
	choice := c.inUse(engine.Camera)
	if choice == engine.DeviceNone {
		c.hub.SetOpener(nil)
		return
	}
	want := c.cameraFormat()
	c.hub.SetOpener(func(ctx context.Context) (video.Source, error) {
		camera, err := c.camera(ctx, choice, want, c.pool, c.log)
		if err == nil {
			return &provenCamera{Source: camera, works: func() { c.post(func() { c.mended(cameraPart) }) }}, nil
		}
		if !c.cfg.TestPatternForMissingCamera || choice != engine.DeviceAuto || !errors.Is(err, engine.ErrDeviceMissing) {
			return nil, err
		}
		c.post(func() {
			c.notice(cameraPart, engine.Problem{Cause: "No camera was found, so the test pattern is shown in its place.", Next: "Plug a camera in and choose it in the settings.", Err: err})
		})
		return c.camera(ctx, engine.DeviceTest, want, c.pool, c.log)
	})
}

// provenCamera tells when a camera gives its first picture: opening it proves
// little.
type provenCamera struct {
	video.Source
	once  sync.Once
	works func()
}

// Read implements video.Source.
func (p *provenCamera) Read() (*i420.Picture, error) {
	picture, err := p.Source.Read()
	if err == nil {
		p.once.Do(p.works)
	}
	return picture, err
}

// useSound opens the chosen sound devices when a call or a tone needs them. A
// role without a device does not stop the other one, nor the call.
func (c *Core) useSound() {
	c.mended(soundPart)
	microphone, speaker := c.inUse(engine.Microphone), c.inUse(engine.Speaker)
	c.desk.SetDevice(func(ctx context.Context, io audio.DeviceIO) (audio.Device, error) {
		want := device.SoundIO{
			Capture: io.Capture, Playout: io.Playout, OnLost: func(err error) { c.soundLost(err, io.OnLost) },
			NeedCapture: io.NeedCapture, NeedPlayout: true,
		}
		var first error
		for _, try := range [][2]string{{microphone, speaker}, {engine.DeviceNone, speaker}, {microphone, engine.DeviceNone}, {engine.DeviceNone, engine.DeviceNone}} {
			s, err := c.sound(ctx, try[0], try[1], want, c.log)
			if err == nil {
				if first != nil {
					c.post(func() { c.soundProblem(first) })
				}
				return s, nil
			}
			if first == nil {
				first = err
			}
			if ctx.Err() != nil {
				break
			}
		}
		return nil, first
	})
}

// soundLost lets the desk open a lost device anew. A recording that cannot be
// written is no such loss: the device goes on without it.
func (c *Core) soundLost(err error, lost func(error)) {
	if errors.Is(err, device.ErrRecording) {
		c.post(func() { c.soundProblem(err) })
		return
	}
	lost(err)
}

func (c *Core) soundProblem(err error) {
	c.notice(soundPart, *problemOf(err, "The sound device failed.", "Choose another one in the settings."))
}

// cameraProblem tells what is wrong with the camera: to the calls that want to
// send it, else as a notice.
func (c *Core) cameraProblem(err error) {
	p := problemOf(err, "The camera failed.", "Choose another one in the settings; the call goes on without your picture.")
	for _, e := range c.calls {
		if e.st.SendsVideo() && e.screen == nil && (e.cameraProblem == nil || e.cameraProblem.Cause != p.Cause) {
			e.cameraProblem = p
			c.emit(engine.Event{Name: engine.EventCallError, CallID: e.id, Problem: p})
		}
	}
	c.notice(cameraPart, *p)
}
