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
	microphone, speaker := s.wish.microphone != "", s.wish.speaker != ""
	var one *oneStalled
	if errors.As(err, &one) {
		microphone, speaker = one.kind == engine.Microphone, one.kind == engine.Speaker
	}
	switch {
	case !speaker:
		return unplugged(engine.Microphone, s.microphone, err)
	case !microphone:
		return unplugged(engine.Speaker, s.speaker, err)
	default:
		return &engine.Problem{
			Cause: "The sound device no longer answers.",
			Next:  "Connect it again, or choose another one.",
			Err:   &soundError{errors.Join(engine.ErrDeviceMissing, err)},
		}
	}
}

// oneStalled says that one of two devices stopped calling back.
type oneStalled struct{ kind engine.DeviceKind }

func (e *oneStalled) Error() string { return errStalled.Error() }
func (e *oneStalled) Unwrap() error { return errStalled }

// watch waits until Close (nil) or until the card is lost.
func (s *sound) watch() error {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	var speaker, microphone *laneWatch
	now := time.Now()
	if s.wish.speaker != "" {
		speaker = newLaneWatch(&s.speaking, now)
	}
	if s.wish.microphone != "" {
		microphone = newLaneWatch(&s.hearing, now)
	}
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
			if speaker.floods(now) || microphone.floods(now) {
				return errFlood
			}
			if err := stalled(speaker, microphone, now); err != nil {
				return err
			}
		}
	}
}

// stalled is why a card does not go on: one of its directions has not called
// back for long, or both; nil while they do.
func stalled(speaker, microphone *laneWatch, now time.Time) error {
	a, b := speaker.still(now), microphone.still(now)
	if max(a, b) < stallLimit {
		return nil
	}
	// Both, if the other one has been late for some looks, too.
	switch {
	case speaker == nil || microphone == nil || min(a, b) >= 3*watchInterval:
		return errStalled
	case a > b:
		return &oneStalled{engine.Speaker}
	default:
		return &oneStalled{engine.Microphone}
	}
}

// laneWatch looks at one lane of a card from time to time. A nil one has nothing
// to complain of.
type laneWatch struct {
	lane   *lane
	frames int64 // a second ago or less
	at     time.Time
	seen   int64 // at the last look
	moved  time.Time
}

func newLaneWatch(l *lane, now time.Time) *laneWatch {
	n := l.frames.Load()
	return &laneWatch{lane: l, frames: n, at: now, seen: n, moved: now}
}

// floods looks at how much was moved, and says whether that was far too much.
func (w *laneWatch) floods(now time.Time) bool {
	if w == nil {
		return false
	}
	total := w.lane.frames.Load()
	if total != w.seen {
		w.seen, w.moved = total, now
	}
	if w.lane.flooded.Load() {
		return true
	}
	elapsed := now.Sub(w.at)
	if elapsed < time.Second {
		return false
	}
	frames := total - w.frames
	w.frames, w.at = total, now
	return float64(frames) > floodFactor*sampleRate*elapsed.Seconds()
}

// still is how long nothing has moved, as of the last look.
func (w *laneWatch) still(now time.Time) time.Duration {
	if w == nil {
		return 0
	}
	return now.Sub(w.moved)
}

// cardPlayed is called by the card on its audio thread.
func (s *sound) cardPlayed(pcm []float32) {
	if !s.admit(&s.speaking, len(pcm)) {
		clear(pcm)
		return
	}
	s.play(pcm, len(pcm))
	if s.wish.microphone == "" {
		s.hear(nil, len(pcm))
	}
}

// cardCaptured is called by the card on its audio thread, or on another one.
func (s *sound) cardCaptured(pcm []float32) {
	if !s.admit(&s.hearing, len(pcm)) {
		return
	}
	if s.wish.speaker == "" {
		s.play(nil, len(pcm))
	}
	s.hear(pcm, len(pcm))
}

// admit counts what a card moves and says whether it may. The watcher looks only
// now and then; what floods in between is not passed on.
func (s *sound) admit(l *lane, n int) bool {
	total := l.frames.Add(int64(n))
	allowed := floodFactor*time.Since(s.began) + time.Second
	if float64(total) > allowed.Seconds()*sampleRate {
		l.flooded.Store(true)
	}
	return !l.flooded.Load() && s.onCard.Load()
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
		s.play(nil, tickSamples)
		s.hear(nil, tickSamples)
		due = due.Add(period)
		timer.Reset(time.Until(due))
	}
}
