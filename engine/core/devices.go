package core

import (
	"context"
	"errors"
	"slices"

	"log/slog"
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
		switch kind {
		case engine.Camera:
			c.chosen.Camera = choice
			c.useCamera()
		case engine.Microphone:
			c.chosen.Microphone = choice
			c.useSound()
		case engine.Speaker:
			c.chosen.Speaker = choice
			c.useSound()
		}
		c.dirty = true
		c.emit(engine.Event{Name: engine.EventDeviceChange, Reason: choice})
		return nil
	})
}

// RefreshDevices implements engine.Engine.
func (c *Core) RefreshDevices() error {
	return c.ask(func() error {
		c.job(func(ctx context.Context) {
			devices, err := device.List(ctx)
			c.post(func() {
				if err != nil {
					c.log.Warn("listing devices", "error", err)
				}
				if !slices.Equal(devices, c.devices) {
					c.devices, c.dirty = devices, true
				}
			})
		})
		return nil
	})
}

// useCamera points the hub at the chosen camera; it is opened when somebody
// wants its pictures.
func (c *Core) useCamera() {
	choice := c.chosen.Camera
	if choice == engine.DeviceNone {
		c.hub.SetOpener(nil)
		return
	}
	want := device.CameraFormat{Width: c.cfg.Width, Height: c.cfg.Height, FPS: c.cfg.FPS}
	c.hub.SetOpener(func(ctx context.Context) (video.Source, error) {
		camera, err := c.camera(ctx, choice, want, c.pool, c.log)
		if err == nil || !c.cfg.TestPatternForMissingCamera || choice != engine.DeviceAuto || !errors.Is(err, engine.ErrDeviceMissing) {
			return camera, err
		}
		c.post(func() {
			c.notice(engine.Problem{Cause: "No camera was found, so the test pattern is shown in its place.", Next: "Plug a camera in and choose it in the settings.", Err: err})
		})
		return c.camera(ctx, engine.DeviceTest, want, c.pool, c.log)
	})
}

// useSound opens the chosen sound devices when a call or a tone needs them. A
// role without a device does not stop the other one, nor the call.
func (c *Core) useSound() {
	microphone, speaker := c.chosen.Microphone, c.chosen.Speaker
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
	c.notice(*problemOf(err, "The sound device failed.", "Choose another one in the settings."))
}

// cameraProblem tells what is wrong with the camera: to the calls that want to
// send it, else as a notice.
func (c *Core) cameraProblem(err error) {
	p := problemOf(err, "The camera failed.", "Choose another one in the settings; the call goes on without your picture.")
	for _, e := range c.calls {
		if e.st.SendsVideo() && e.problem == nil {
			e.problem = p
			c.emit(engine.Event{Name: engine.EventCallError, CallID: e.id, Problem: p})
		}
	}
	c.notice(*p)
}
