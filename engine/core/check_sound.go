package core

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/checkup"
	"tring/engine/internal/device"
)

const (
	soundOpens  = 4 * time.Second        // a device may take so long to run
	soundListen = 2 * time.Second        // of the microphone's own, before the tone
	soundTail   = 700 * time.Millisecond // by which a tone may be heard late: Bluetooth takes 300 ms
)

// ear keeps what the microphone hears.
type ear struct {
	mu        sync.Mutex
	sound     checkup.Sound
	recording bool
	heard     []float32 // while recording
	open      bool      // something came
}

// take is for audio.Desk.Tap.
func (e *ear) take(pcm []float32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = true
	if e.recording {
		e.heard = append(e.heard, pcm...)
		return
	}
	e.sound.Add(pcm)
}

func (e *ear) isOpen() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.open
}

// known is a copy of the measured sound.
func (e *ear) known() *checkup.Sound {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.sound
	return &s
}

// record begins, or ends, to keep the sound itself, and gives what was kept.
func (e *ear) record(on bool) []float32 {
	e.mu.Lock()
	defer e.mu.Unlock()
	heard := e.heard
	e.recording, e.heard = on, nil
	return heard
}

// sound listens to the microphone, and then for the speaker through it.
func (k *check) sound(ctx context.Context) {
	k.begin(engine.CheckMicrophone, engine.CheckSpeaker)
	microphone, speaker := k.choices()
	mic := checkup.Microphone{None: microphone == engine.DeviceNone, Made: isMade(microphone, ".wav"), Sound: new(checkup.Sound)}
	ear := new(ear)
	if !mic.None {
		defer k.core.desk.Tap(ear.take)()
		opened := func() bool { return ear.isOpen() || k.soundTrouble(engine.Microphone) != nil }
		if !comes(ctx, soundOpens, opened) || !rest(ctx, soundListen) {
			return
		}
		mic.Sound, mic.Problem = ear.known(), orNil(k.soundTrouble(engine.Microphone))
	}
	k.end(engine.CheckMicrophone, mic.Judge())

	s := checkup.Speaker{
		None: speaker == engine.DeviceNone || speaker == engine.DeviceTest,
		File: isMade(speaker, ".wav"), Microphone: mic,
	}
	if !s.None && !s.File && !k.listenToSpeaker(ctx, ear, &s) {
		return
	}
	k.end(engine.CheckSpeaker, s.Judge())
}

// listenToSpeaker plays the tone, and looks for it in what the microphone hears.
func (k *check) listenToSpeaker(ctx context.Context, ear *ear, s *checkup.Speaker) bool {
	desk := k.core.desk
	ear.record(true)
	stop := desk.Play(audio.Probe)
	defer stop()
	// Without a microphone, the device is opened only now.
	if !comes(ctx, soundOpens, func() bool { return desk.Runs() || k.soundTrouble(engine.Speaker) != nil }) ||
		!rest(ctx, audio.ProbeLength+soundTail) {
		return false
	}
	found := audio.FindProbe(ear.record(false))
	s.Problem = orNil(k.soundTrouble(engine.Speaker))
	s.Heard, s.Level, s.Delay = found.Share >= audio.ProbeHeard, found.Level, found.Delay
	return true
}

// choices are what takes the roles of the sound.
func (k *check) choices() (microphone, speaker string) {
	_ = k.core.ask(func() error {
		microphone, speaker = k.core.inUse(engine.Microphone), k.core.inUse(engine.Speaker)
		return nil
	})
	return microphone, speaker
}

// isMade says that a choice is no hardware.
func isMade(choice, extension string) bool {
	return choice == engine.DeviceTest || strings.EqualFold(filepath.Ext(choice), extension)
}

// soundTrouble is what is wrong with the sound device that has a role; nil if
// nothing is known to be.
func (k *check) soundTrouble(kind engine.DeviceKind) *engine.Problem {
	return k.trouble(soundPart, func(p *engine.Problem) bool {
		microphone, speaker := device.Missing(p)
		return microphone == speaker || microphone == (kind == engine.Microphone)
	})
}

// trouble is the newest notice about a part of the machine that fits.
func (k *check) trouble(about part, fits func(*engine.Problem) bool) (found *engine.Problem) {
	_ = k.core.ask(func() error {
		for _, n := range k.core.notices {
			if p := n.Problem; n.part == about && fits(&p) {
				found = &p
			}
		}
		return nil
	})
	return found
}

// orNil is p as an error, and nil if there is none.
func orNil(p *engine.Problem) error {
	if p == nil {
		return nil
	}
	return p
}
