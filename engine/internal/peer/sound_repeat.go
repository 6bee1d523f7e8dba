package peer

import (
	"sync"
	"sync/atomic"
	"time"
)

// soundRepeat says when each packet of sound goes out twice, the second time right
// after the first and exactly the same, so that SRTP drops it where the first one
// arrived (RFC 3711 section 3.3.2). Opus carries a copy of the packet before only
// where somebody speaks, and a second one lost in a row takes it away: at 10 % loss
// a quarter of what is lost stays lost. Twice sent, a tenth does, and sound runs a
// packet less behind, since nothing has to be waited for.
//
// What the far end reports while sound goes out twice is what both copies met: the
// square of the loss.
type soundRepeat struct {
	on atomic.Bool

	mu     sync.Mutex
	share  float64   // of loss as reported, averaged
	barred time.Time // it made things worse: not before
}

const (
	repeatFrom    = 0.03   // share of loss from which sound goes out twice
	repeatUntil   = 0.0008 // while it does: that of single packets is below 3 %
	repeatTooMuch = 0.08   // while it does: copies are lost together, by a queue that is full
	repeatRest    = time.Minute
	learnOff      = 1.0 / 3  // part of a report in the average, while off
	learnOn       = 1.0 / 32 // while on: what is left to see is rare
)

// note takes a report.
func (r *soundRepeat) note(lost float64, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on.Load() {
		r.share += (lost - r.share) * learnOff
		if r.share >= repeatFrom && !now.Before(r.barred) {
			r.share = repeatFrom / 3
			r.on.Store(true)
		}
		return
	}
	r.share += (lost - r.share) * learnOn
	switch {
	case r.share > repeatTooMuch:
		r.barred = now.Add(repeatRest)
		fallthrough
	case r.share < repeatUntil:
		r.share = 0
		r.on.Store(false)
	}
}

// roomy says that sound may take more of the path: nothing queues there, or no
// video is sent whose packets would tell.
func (l *link) roomy(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.estimator.Calm() || l.sent.bps(now) == 0
}
