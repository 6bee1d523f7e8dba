package device

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tring/engine"
)

// All sound is mono, 32-bit floating point between -1 and 1, at 48 kHz.
const (
	sampleRate  = 48000
	tickSamples = sampleRate / 100 // 10 ms
	maxTick     = sampleRate / 10  // the most that one callback gets
)

// SoundIO is where sound comes from and goes to.
//
// Capture and Playout are each called by one thread at a time. Where both are
// called by the same one, Playout comes first. They may be called on an audio
// thread: they must not block, lock or allocate. The slices are theirs for the
// time of the call only; their length is between 1 and 4800.
type SoundIO struct {
	// Capture takes what the microphone heard. Only with NeedCapture.
	Capture func(pcm []float32)
	// Playout fills in what is to be heard. Only with NeedPlayout.
	Playout func(pcm []float32)
	// OnLost tells that a device was lost. The sound goes on with silence on a
	// software clock, so that what depends on it keeps working; whoever wants
	// another device closes it and opens anew. An error that wraps ErrRecording
	// is about the recording alone. It is called at most twice, on a goroutine
	// of the Sound, and must neither block nor call Close. It may be nil.
	OnLost func(error)
	// NeedCapture and NeedPlayout say which devices are opened at all: a
	// microphone that nobody listens to stays off.
	NeedCapture, NeedPlayout bool
}

// Sound is an open microphone and speaker.
type Sound interface {
	// Close ends the callbacks and frees the devices. After it returned no
	// callback runs. It takes about a second at most, even if a driver hangs,
	// and can be called more than once, but never from a callback.
	Close() error
	// Names are readable names of what is in use.
	Names() (microphone, speaker string)
}

// OpenSound opens what the choices name. For the microphone:
// engine.DeviceAuto, engine.DeviceNone (silence), engine.DeviceTest (a beeping
// tone), a device's id or name, or a .wav file, played over and over. For the
// speaker: engine.DeviceAuto, engine.DeviceNone or engine.DeviceTest (nothing
// is heard), a device, or a .wav file that records what would be heard.
//
// Errors are *engine.Problem; Missing tells which of the two they are about,
// so that the caller can go on with engine.DeviceNone in its place.
func OpenSound(ctx context.Context, microphone, speaker string, io SoundIO, log *slog.Logger) (Sound, error) {
	return openSound(ctx, openCard, microphone, speaker, io, logger(log))
}

// source is a microphone that is no real one. read fills dst without blocking.
type source interface {
	read(dst []float32)
	close() error
}

// sound moves samples each way:
//
//	card's callback or software clock ┬ play: Playout → speaker, recorder
//	                                  └ hear: microphone or source → Capture
//
// What is no real device is moved by the clock of the other one. One goroutine,
// run, watches the card and takes over as clock if it fails.
type sound struct {
	io         SoundIO
	log        *slog.Logger
	microphone string // names
	speaker    string
	source     source    // nil for a real microphone and for silence
	recorder   *recorder // nil unless the speaker is a file
	wish       cardWish  // what of it is real
	card       card      // nil without a real device; used by run alone

	speaking lane          // to the speaker
	hearing  lane          // from the microphone
	closed   atomic.Bool   // no callback from now on
	onCard   atomic.Bool   // the card is the clock
	began    time.Time     // when the card was started
	stopped  chan struct{} // holds one: the card says that it stopped

	done  chan struct{} // closed by Close
	ended chan struct{} // closed when run ended
	close sync.Once
	err   error // of Close
}

// openSound is OpenSound with any kind of sound card.
func openSound(ctx context.Context, open cardOpener, microphone, speaker string, io SoundIO, log *slog.Logger) (Sound, error) {
	s := &sound{
		io: io, log: log,
		stopped: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{}),
	}
	s.io.NeedCapture = io.NeedCapture && io.Capture != nil
	s.io.NeedPlayout = io.NeedPlayout && io.Playout != nil
	var err error
	if s.wish.microphone, err = s.openMicrophone(ctx, microphone); err == nil {
		s.wish.speaker, err = s.openSpeaker(speaker)
	}
	if err == nil && s.wish != (cardWish{}) {
		err = s.openCard(ctx, open)
	}
	if err != nil {
		_ = s.closeFiles()
		return nil, err
	}
	go s.run()
	return s, nil
}

// openMicrophone opens what needs no card, or gives the choice for it.
func (s *sound) openMicrophone(ctx context.Context, choice string) (forCard string, err error) {
	switch {
	case choice == engine.DeviceNone || !s.io.NeedCapture:
		s.microphone = "No microphone"
	case choice == engine.DeviceTest:
		s.microphone, s.source = "Test tone", newTone()
	case isFile(choice, ".wav"):
		source, err := openWAVSource(ctx, choice, s.log)
		if err != nil {
			return "", err
		}
		s.microphone, s.source = fileName(choice), source
	case choice == "":
		return engine.DeviceAuto, nil
	default:
		return choice, nil
	}
	return "", nil
}

func (s *sound) openSpeaker(choice string) (forCard string, err error) {
	switch {
	case choice == engine.DeviceNone || choice == engine.DeviceTest || !s.io.NeedPlayout:
		s.speaker = "No speaker"
	case isFile(choice, ".wav"):
		recorder, err := openRecorder(choice, s.lost)
		if err != nil {
			return "", err
		}
		s.speaker, s.recorder = fileName(choice), recorder
	case choice == "":
		return engine.DeviceAuto, nil
	default:
		return choice, nil
	}
	return "", nil
}

func (s *sound) openCard(ctx context.Context, open cardOpener) error {
	s.began = time.Now()
	s.onCard.Store(true)
	c, err := open(ctx, s.wish, cardEvents{played: s.cardPlayed, captured: s.cardCaptured, stopped: s.cardStopped}, s.log)
	if err != nil {
		s.closed.Store(true) // a driver that comes back late calls nobody
		return err
	}
	s.card = c
	microphone, speaker := c.names()
	if s.wish.microphone != "" {
		s.microphone = microphone
	}
	if s.wish.speaker != "" {
		s.speaker = speaker
	}
	s.log.Info("sound started", "microphone", s.microphone, "speaker", s.speaker)
	return nil
}

func (s *sound) Names() (microphone, speaker string) { return s.microphone, s.speaker }

func (s *sound) Close() error {
	s.close.Do(func() {
		s.closed.Store(true)
		close(s.done)
		<-s.ended
		s.err = s.closeFiles()
	})
	return s.err
}

func (s *sound) closeFiles() (err error) {
	if s.source != nil {
		err = s.source.close()
	}
	if s.recorder != nil {
		err = errors.Join(err, s.recorder.close())
	}
	return err
}

// lost tells the owner once that something is gone.
func (s *sound) lost(problem error) {
	s.log.Warn("sound lost", "error", problem)
	if s.io.OnLost != nil && !s.closed.Load() {
		s.io.OnLost(problem)
	}
}

// lane is one direction of a sound.
type lane struct {
	busy    atomic.Bool // samples are being moved; held by compare-and-swap, never waited for
	buffer  [maxTick]float32
	frames  atomic.Int64 // that a card moved since it was started
	flooded atomic.Bool  // they were far too many
}

// take claims the lane, where nobody else moves samples and the sound is open.
func (s *sound) take(l *lane) bool {
	if !l.busy.CompareAndSwap(false, true) {
		return false
	}
	if s.closed.Load() {
		l.busy.Store(false)
		return false
	}
	return true
}

// play moves n samples to the speaker. played is what a real one plays, nil
// where there is none.
func (s *sound) play(played []float32, n int) {
	if !s.take(&s.speaking) {
		clear(played)
		return
	}
	defer s.speaking.busy.Store(false)
	if !s.io.NeedPlayout {
		clear(played)
		return
	}
	for at := 0; at < n; at += maxTick {
		out := s.speaking.buffer[:min(maxTick, n-at)]
		clear(out)
		s.io.Playout(out)
		if played != nil {
			copy(played[at:], out)
		}
		if s.recorder != nil {
			s.recorder.write(out)
		}
	}
}

// hear moves n samples from the microphone. captured is what a real one heard,
// nil where there is none.
func (s *sound) hear(captured []float32, n int) {
	if !s.io.NeedCapture || !s.take(&s.hearing) {
		return
	}
	defer s.hearing.busy.Store(false)
	for at := 0; at < n; at += maxTick {
		in := s.hearing.buffer[:min(maxTick, n-at)]
		switch {
		case captured != nil:
			copy(in, captured[at:])
		case s.source != nil:
			s.source.read(in)
		default:
			clear(in)
		}
		s.io.Capture(in)
	}
}
