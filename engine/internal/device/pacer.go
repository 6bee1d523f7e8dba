package device

import (
	"time"
)

// pacer says when the pictures of a constant rate are due. Times are computed
// from the start and the picture's number, so that rounding and late wake-ups
// never add up to drift.
type pacer struct {
	start    time.Time // with a monotonic clock
	num, den int64     // pictures per second as a fraction
	next     int64     // number of the picture that is due next
}

// due is when picture n is to be shown.
func (p *pacer) due(n int64) time.Time {
	ticks := n * p.den
	return p.start.Add(time.Duration(ticks/p.num)*time.Second +
		time.Duration(ticks%p.num)*time.Second/time.Duration(p.num))
}

// wait sleeps until the next picture is due and gives its number. A reader
// that comes late misses pictures, as with a real camera, rather than getting
// old ones in a burst. It reports false once done is closed.
func (p *pacer) wait(done <-chan struct{}) (int64, bool) {
	now := time.Now()
	if p.start.IsZero() {
		p.start = now
	}
	if late := now.Sub(p.due(p.next)); late > 0 {
		// Whole seconds apart, so that the product cannot overflow.
		skipped := int64(late/time.Second)*p.num/p.den + int64(late%time.Second)*p.num/(p.den*int64(time.Second))
		p.next += skipped
	}
	n := p.next
	p.next++
	select {
	case <-done:
		return 0, false
	default:
	}
	delay := p.due(n).Sub(now)
	if delay <= 0 {
		return n, true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return n, true
	case <-done:
		return 0, false
	}
}
