package device

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/gen2brain/malgo"

	"tring/engine"
)

// malgoCard is one duplex device of miniaudio, a single one, or two.
type malgoCard struct {
	context    *audioContext
	devices    []*malgo.Device
	microphone string
	speaker    string
	dead       atomic.Bool // the callbacks must do nothing any more
}

// openCard is the cardOpener of real sound devices.
func openCard(ctx context.Context, wish cardWish, events cardEvents, log *slog.Logger) (card, error) {
	c, err := limited(ctx, openLimit,
		func() (*malgoCard, error) { return startCard(wish, events, log) },
		func(late *malgoCard) { late.free() })
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, new(*engine.Problem)):
		return nil, err
	default: // it hung or panicked
		return nil, noSound(err)
	}
}

func startCard(wish cardWish, events cardEvents, log *slog.Logger) (*malgoCard, error) {
	audio, err := newAudioContext()
	if err != nil {
		return nil, noSound(err)
	}
	c := &malgoCard{context: audio}
	if err := c.start(wish, events, log); err != nil {
		c.free()
		return nil, err
	}
	return c, nil
}

// start finds the devices, opens them and lets them run.
func (c *malgoCard) start(wish cardWish, events cardEvents, log *slog.Logger) error {
	microphones, speakers, err := audioDevices(c.context)
	if err != nil {
		return noSound(err)
	}
	if !slices.ContainsFunc(slices.Concat(microphones, speakers), func(d audioDevice) bool { return !d.hidden }) {
		return noSound(nil)
	}
	var microphone, speaker *audioDevice
	if wish.microphone != "" {
		if microphone, err = pick(microphones, engine.Microphone, wish.microphone); err != nil {
			return err
		}
		c.microphone = microphone.Name
	}
	if wish.speaker != "" {
		if speaker, err = pick(speakers, engine.Speaker, wish.speaker); err != nil {
			return err
		}
		c.speaker = speaker.Name
	}
	events.played, events.captured = c.guard(events.played), c.guard(events.captured)
	if microphone == nil || speaker == nil {
		return c.open(microphone, speaker, events)
	}
	if !c.context.apart {
		if err = c.open(microphone, speaker, events); err == nil {
			return nil
		}
		log.Info("devices cannot be opened together", "microphone", c.microphone, "speaker", c.speaker, "error", err)
	}
	// Each on its own; this also tells which of the two is at fault.
	if err := c.open(microphone, nil, events); err != nil {
		return err
	}
	return c.open(nil, speaker, events)
}

// guard keeps a device that could not be closed from calling back.
func (c *malgoCard) guard(data func([]float32)) func([]float32) {
	return func(pcm []float32) {
		if c.dead.Load() {
			clear(pcm)
			return
		}
		data(pcm)
	}
}

// open opens one device, duplex where both are given, and starts it.
func (c *malgoCard) open(microphone, speaker *audioDevice, events cardEvents) error {
	kind, role, name := malgo.Duplex, engine.Speaker, c.speaker
	switch {
	case speaker == nil:
		kind, role, name = malgo.Capture, engine.Microphone, c.microphone
	case microphone == nil:
		kind = malgo.Playback
	}
	config := malgo.DefaultDeviceConfig(kind)
	config.SampleRate = sampleRate
	config.PeriodSizeInFrames = tickSamples
	config.Periods = 2
	config.PerformanceProfile = malgo.LowLatency
	// Else miniaudio collects what the system gives and asks for into whole
	// periods, up to 10 ms more in each direction.
	config.NoFixedSizedCallback = 1
	config.Capture.Format, config.Capture.Channels = malgo.FormatF32, 1
	config.Playback.Format, config.Playback.Channels = malgo.FormatF32, 1
	config.Pulse.StreamNameCapture, config.Pulse.StreamNamePlayback = "Tring microphone", "Tring speaker"
	// miniaudio copies the ids while it opens the device.
	var pinned runtime.Pinner
	defer pinned.Unpin()
	if microphone != nil && microphone.id != nil {
		pinned.Pin(microphone.id)
		config.Capture.DeviceID = unsafe.Pointer(microphone.id)
	}
	if speaker != nil && speaker.id != nil {
		pinned.Pin(speaker.id)
		config.Playback.DeviceID = unsafe.Pointer(speaker.id)
	}
	device, err := malgo.InitDevice(c.context.Context, config, malgo.DeviceCallbacks{
		Data: func(out, in []byte, _ uint32) {
			if speaker != nil {
				events.played(samples(out))
			}
			if microphone != nil {
				events.captured(samples(in))
			}
		},
		Stop: events.stopped,
	})
	if err != nil {
		return audioProblem(role, name, err)
	}
	if err := device.Start(); err != nil {
		device.Uninit()
		return audioProblem(role, name, err)
	}
	c.devices = append(c.devices, device)
	return nil
}

// samples sees miniaudio's bytes as what they are: aligned native floats.
func samples(b []byte) []float32 {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// audioProblem says what an error of miniaudio means for a person.
func audioProblem(role engine.DeviceKind, name string, err error) error {
	switch {
	case errors.Is(err, malgo.ErrBusy), errors.Is(err, malgo.ErrAlreadyInUse):
		return busy(role, name, err)
	case errors.Is(err, malgo.ErrAccessDenied):
		return forbidden(role, name, err)
	case errors.Is(err, malgo.ErrNoDevice), errors.Is(err, malgo.ErrDoesNotExist):
		return missing(role, name)
	default:
		return broken(role, name, err)
	}
}

func (c *malgoCard) names() (microphone, speaker string) { return c.microphone, c.speaker }

func (c *malgoCard) running() bool {
	for _, d := range c.devices {
		if !d.IsStarted() {
			return false
		}
	}
	return true
}

func (c *malgoCard) close() error {
	c.dead.Store(true)
	_, err := limited(context.Background(), closeLimit, func() (struct{}, error) { c.free(); return struct{}{}, nil }, nil)
	return err
}

// free gives everything back to the driver, which may take its time.
func (c *malgoCard) free() {
	c.dead.Store(true)
	for _, d := range c.devices {
		// Uninit alone waits for the audio thread without waking it, for ever if
		// the sound server is gone; Stop wakes it.
		_ = d.Stop()
		d.Uninit()
	}
	c.devices = nil
	c.context.free()
}
