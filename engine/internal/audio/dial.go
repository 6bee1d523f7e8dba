package audio

import (
	"context"
	"errors"
	"strings"
)

// Times of digits sent as sound; those of RFC 4733 events in package peer are
// the same.
const (
	dialTone  = 100 * millisecond
	dialGap   = 70 * millisecond
	dialPause = second // of a comma
)

// errSilent is why digits cannot be sent as sound.
var errSilent = errors.New("audio: nothing is sent now")

// dial is digits on their way into the sent sound. voice belongs to run.
type dial struct {
	voice *voice
	done  chan struct{}
}

// dialScore writes digits down as one score.
func dialScore(digits string) (s score) {
	at := 0
	for _, digit := range strings.ToUpper(digits) {
		if digit == ',' {
			at += dialPause
			continue
		}
		i := strings.IndexRune(dtmfDigits, digit)
		if i < 0 {
			continue
		}
		n := dtmfNote(i)
		n.at, n.length = at, dialTone
		n.lowLevel, n.highLevel = 0.2, 0.2 // a level that gateways detect: about -14 dBov each
		s.notes = append(s.notes, n)
		at += dialTone + dialGap
	}
	return s
}

// SendDTMF mixes the tones of digits (0-9 * # A-D, ',' pauses for a second)
// into what is sent, for a far end that takes no telephone events, and waits
// until they are out. They are sent also while muted.
func (o *Outbound) SendDTMF(ctx context.Context, digits string) error {
	s := dialScore(digits)
	if len(s.notes) == 0 {
		return nil
	}
	d := &dial{voice: &voice{score: s, gain: 1}, done: make(chan struct{})}
	for !o.dialing.CompareAndSwap(nil, d) {
		before := o.dialing.Load()
		if before == nil {
			continue
		}
		select { // one string of digits at a time
		case <-before.done:
		case <-o.done:
			return errSilent
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case <-d.done:
		return nil
	case <-o.done:
		return errSilent
	case <-ctx.Done():
		d.voice.release()
		return ctx.Err()
	}
}

// mixDial adds the digits under way to a frame.
func (o *Outbound) mixDial(frame []float32) {
	d := o.dialing.Load()
	if d == nil || d.voice.render(frame) {
		return
	}
	o.dialing.Store(nil)
	close(d.done)
}
