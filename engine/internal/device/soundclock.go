package device

import (
	"errors"
	"time"

	"tring/engine"
)

// How a card is watched. A sound library without a sound server may call back
// as fast as the processor can, with silence; a server that hangs does not
// call back at all.
const (
	watchInterval = 250 * time.Millisecond
	stallLimit    = 3 * time.Second
	floodFactor   = 2
)

var (
	errFlood   = errors.New("it runs more than twice too fast")
	errStalled = errors.New("it stopped calling back")
	errStopped = errors.New("it was stopped by the system")
)

// run lives as long as the sound: it watches the card, and is the clock where
// there is none, or none any more.
func (s *sound) run() {
	defer close(s.ended)
	if s.card != nil {
		err := s.watch()
		s.onCard.Store(false)
		if closeErr := s.card.close(); closeErr != nil {
			s.log.Warn("sound device is slow to close", "error", closeErr)
		}
		if err == nil {
			return
		}
		s.lost(s.cardProblem(err))
	}
	s.clock()
}

// cardProblem says what a lost card means for a person.
func (s *sound) cardProblem(err error) error {
	switch {
	case s.wish.speaker == "":
		return unplugged(engine.Microphone, s.microphone, err)
	case s.wish.microphone == "":
		return unplugged(engine.Speaker, s.speaker, err)
	default:
		return &engine.Problem{
			Cause: "The sound device no longer answers.",
			Next:  "Connect it again, or choose another one.",
			Err:   &soundError{errors.Join(engine.ErrDeviceMissing, err)},
		}
	}
}

// watch waits until Close (nil) or until the card is lost.
func (s *sound) watch() error {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	frames, at := s.frames.Load(), time.Now() // a second ago or less
	seen, moved := frames, at                 // when the card last called back
	for {
		select {
		case <-s.done:
			return nil
		case <-s.stopped:
			// Also said when a sound server pauses an idle device; the card's
			// own state tells the two apart, and a pause that lasts is a stall.
			if !s.card.running() {
				return errStopped
			}
		case now := <-ticker.C:
			total := s.frames.Load()
			if total != seen {
				seen, moved = total, now
			}
			if s.flooded.Load() {
				return errFlood
			}
			if now.Sub(moved) >= stallLimit {
				return errStalled
			}
			if elapsed := now.Sub(at); elapsed >= time.Second {
				if float64(total-frames) > floodFactor*sampleRate*elapsed.Seconds() {
					return errFlood
				}
				frames, at = total, now
			}
		}
	}
}

// cardTick is called by the card on its audio thread.
func (s *sound) cardTick(captured, played []float32, n int) {
	total := s.frames.Add(int64(n))
	// The watcher looks only now and then; what floods in between is not
	// passed on.
	allowed := floodFactor*time.Since(s.began) + time.Second
	if float64(total) > allowed.Seconds()*sampleRate {
		s.flooded.Store(true)
	}
	if s.flooded.Load() || !s.onCard.Load() {
		clear(played)
		return
	}
	s.tick(captured, played, n)
}

// cardStopped is called by the card when it stops.
func (s *sound) cardStopped() {
	select {
	case s.stopped <- struct{}{}:
	default:
	}
}

// clock ticks every 10 ms until Close. Times are computed from the start, so
// that late wake-ups do not add up.
func (s *sound) clock() {
	const period = tickSamples * time.Second / sampleRate
	const asleep = 200 * time.Millisecond // from then on what was missed is left out
	due := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-timer.C:
		}
		now := time.Now()
		if now.Sub(due) > asleep {
			due = now
		}
		s.tick(nil, nil, tickSamples)
		due = due.Add(period)
		timer.Reset(time.Until(due))
	}
}
