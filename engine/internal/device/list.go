package device

import (
	"context"
	"errors"
	"time"

	"tring/engine"
)

// List gives the cameras, microphones, speakers and ringers of the system, the best
// camera first. Files, monitors of speakers and PulseAudio's dummy output are
// not among them. It takes a few seconds at most; where a part of the system
// does not answer, it gives the rest and an error.
func List(ctx context.Context) ([]engine.Device, error) {
	sound := new(soundList)
	list, err := listAll(ctx, sound)
	return list, errors.Join(err, sound.close(ctx))
}

func listAll(ctx context.Context, sound *soundList) ([]engine.Device, error) {
	list := []engine.Device{}
	cameras, cameraErr := hardware.find(ctx)
	for _, f := range cameras {
		list = append(list, f.device)
	}
	audio, soundErr := sound.devices(ctx)
	return append(list, audio...), errors.Join(cameraErr, soundErr)
}

// soundList lists sound devices. It keeps the connection with the sound
// system for the next time: each new one costs a little memory for ever.
type soundList struct {
	audio *audioContext
	since time.Time
}

// soundListAge bounds how long a connection is kept: a better sound system,
// e.g. a server that starts late, is found after that time.
const soundListAge = time.Minute

// listing is taken while a driver is asked, so that one that hangs keeps one
// goroutine, not one for each attempt.
var listing = make(chan struct{}, 1)

func (l *soundList) devices(ctx context.Context) ([]engine.Device, error) {
	type answer struct {
		audio *audioContext
		list  []engine.Device
	}
	if err := take(ctx, listing); err != nil {
		return nil, err
	}
	old := l.audio
	if time.Since(l.since) > soundListAge {
		l.since = time.Now()
		old = nil
		defer func(stale *audioContext) { _ = release(ctx, stale) }(l.audio)
	}
	l.audio = nil
	a, err := limited(ctx, listLimit, func() (a answer, err error) {
		defer func() { <-listing }()
		a.audio, a.list, err = listSound(old)
		return a, err
	}, func(late answer) { late.audio.free() })
	l.audio = a.audio
	return a.list, err
}

// take waits for a slot, but not for ever.
func take(ctx context.Context, slot chan struct{}) error {
	timer := time.NewTimer(listLimit)
	defer timer.Stop()
	select {
	case slot <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return errHung
	}
}

// listSound lists through audio, or through a new connection if audio is nil
// or lost, and gives the connection that works.
func listSound(audio *audioContext) (*audioContext, []engine.Device, error) {
	if audio != nil {
		if list, err := listThrough(audio); err == nil {
			return audio, list, nil
		}
		audio.free()
	}
	audio, err := newAudioContext()
	if err != nil {
		return nil, nil, nil //nolint:nilerr // no sound at all: an empty list, no failure
	}
	list, err := listThrough(audio)
	if err != nil {
		audio.free()
		return nil, nil, err
	}
	return audio, list, nil
}

func listThrough(audio *audioContext) ([]engine.Device, error) {
	microphones, speakers, err := audioDevices(audio)
	if err != nil {
		return nil, err
	}
	var list []engine.Device
	for _, d := range append(microphones, speakers...) {
		if !d.hidden {
			list = append(list, d.Device)
		}
	}
	for _, d := range speakers { // each can ring as well
		if !d.hidden {
			d.Kind = engine.Ringer
			list = append(list, d.Device)
		}
	}
	return list, nil
}

func (l *soundList) close(ctx context.Context) error {
	audio := l.audio
	l.audio = nil
	return release(ctx, audio)
}

// release frees a connection that may be nil.
func release(ctx context.Context, audio *audioContext) error {
	_, err := limited(context.WithoutCancel(ctx), closeLimit, func() (struct{}, error) { audio.free(); return struct{}{}, nil }, nil)
	return err
}
