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
	soundListen = 2 * time.Second        // of what the microphone hears before the tone
	soundTail   = 700 * time.Millisecond // by which a tone may be heard late: Bluetooth takes 300 ms
)

// slack is by how much a busy machine may hear more slowly than it should.
const slack = 3

// ear keeps what the microphone hears.
type ear struct {
	mu        sync.Mutex
	sound     checkup.Sound
	recording bool
	heard     []float32     // while recording
	length    time.Duration // of the sound that came since the last record
}

// take is for audio.Desk.Tap.
func (e *ear) take(pcm []float32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.length += audio.Length(pcm)
	if e.recording {
		e.heard = append(e.heard, pcm...)
		return
	}
	e.sound.Add(pcm)
}

// lasts is how much sound came since the last record.
func (e *ear) lasts() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.length
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
	e.recording, e.heard, e.length = on, nil, 0
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
		opened := func() bool { return ear.lasts() > 0 || k.soundTrouble(engine.Microphone) != nil }
		if !comes(ctx, checkSlack*soundOpens, opened) || !k.hear(ctx, ear, soundListen) {
			return
		}
		mic.Sound, mic.Problem = ear.known(), orNil(k.soundTrouble(engine.Microphone))
	}
	s := checkup.Speaker{
		None: speaker == engine.DeviceNone || speaker == engine.DeviceTest,
		File: isMade(speaker, ".wav"), Microphone: mic,
	}
	plays := !s.None && !s.File
	if !plays || !mic.Sound.Silent() { // else the tone may wake it
		k.end(engine.CheckMicrophone, mic.Judge())
	}
	if plays && !k.listenToSpeaker(ctx, ear, &s) {
		return
	}
	k.end(engine.CheckMicrophone, s.Microphone.Judge())
	k.end(engine.CheckSpeaker, s.Judge())
}

// listenToSpeaker plays the tone, and looks for it in what the microphone hears: a
// second time if it was not there, for somebody may have coughed. It reports false
// if the check ended before.
func (k *check) listenToSpeaker(ctx context.Context, ear *ear, s *checkup.Speaker) bool {
	for range 2 {
		heard, ok := k.playProbe(ctx, ear)
		if !ok {
			return false
		}
		found := audio.FindProbe(heard)
		s.Heard, s.Level, s.Delay = found.Share >= audio.ProbeHeard, found.Level, found.Delay
		if mic := &s.Microphone; !mic.None && mic.Sound.Silent() {
			all := new(checkup.Sound)
			all.Add(heard)
			mic.Woken = !all.Silent()
		}
		if s.Heard || !s.Microphone.Hears() {
			break
		}
	}
	s.Problem = orNil(k.soundTrouble(engine.Speaker))
	return true
}

// playProbe plays the tone once and gives what the microphone heard meanwhile.
func (k *check) playProbe(ctx context.Context, ear *ear) (heard []float32, ok bool) {
	desk := k.core.desk
	ear.record(true)
	defer desk.Play(audio.Probe)()
	// Without a microphone, the device is opened only now.
	if !comes(ctx, checkSlack*soundOpens, func() bool { return desk.Runs() || k.soundTrouble(engine.Speaker) != nil }) ||
		!k.hear(ctx, ear, audio.ProbeLength+soundTail) {
		return nil, false
	}
	return ear.record(false), true
}

// hear waits until so much sound has come, or for that time where none does. It
// reports false if the check ended before.
func (*check) hear(ctx context.Context, ear *ear, d time.Duration) bool {
	return rest(ctx, d) && (ear.lasts() == 0 || comes(ctx, slack*d, func() bool { return ear.lasts() >= d }))
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
