package congestion

import "time"

// hold stops video for a moment when a path has become narrow at once. Until
// that is known, several times as much as passes has left: the queue in front of
// the narrow part is full, most of what came after was lost, and each further
// frame waits at its end and cannot be decoded. So nothing leaves until all that
// left has been told of. Then the queue is gone, and the losses are known.
//
// Where both directions become narrow, feedback comes late as well, or not at
// all. Then its absence is the sign.
type hold struct {
	began    time.Time     // zero while there is none
	silent   bool          // it began because nothing was heard
	missing  int           // packets, in this trouble
	told     int           // of how many
	usual    float64       // share that was missing before
	ruined   bool          // not told yet
	interval time.Duration // between feedbacks, smoothed
}

const (
	// holdFrom is how far above its limit a queue is emptied by a hold.
	holdFrom = 75 * time.Millisecond
	// holdMost bounds it: queues are seldom longer.
	holdMost = 500 * time.Millisecond
	// holdLeft is how many packets may be under way at its end: there is always a
	// little more feedback to wait for.
	holdLeft = 2
	// ruinedFrom is from how many lost packets on a new picture is there sooner than
	// the repairs.
	ruinedFrom = 4
)

// hear notes that feedback came.
func (h *hold) hear(last, now time.Time) {
	if last.IsZero() || now.Sub(last) > time.Second {
		return
	}
	h.interval += (now.Sub(last) - h.interval) / 16
}

// patience is that many times as long as feedback takes to come again.
func (h *hold) patience(times time.Duration) time.Duration {
	const least, most = 40 * time.Millisecond, 130 * time.Millisecond
	return times * min(max(h.interval, least), most)
}

// watch begins to count what is missing. usual is the share that is lost without
// any trouble.
func (h *hold) watch(usual float64) { h.missing, h.told, h.usual = 0, 0, usual }

// on reports whether nothing may leave.
func (h *hold) on() bool { return !h.began.IsZero() }

func (h *hold) begin(silent bool, now time.Time) {
	if !h.on() {
		h.began, h.silent = now, silent
	}
}

// note takes feedback. It reports whether a hold has ended, with hardly anything
// under way any more.
func (h *hold) note(r *Report, now time.Time) (ended bool) {
	h.missing += r.Missing
	h.told += r.Missing + len(r.Arrivals)
	return r.Outstanding <= holdLeft && h.end(now)
}

// tick ends a hold that takes too long, or of which nothing more is heard since
// the last packets are lost. It reports whether it did. heard is when feedback
// last came.
func (h *hold) tick(heard, now time.Time) (ended bool) {
	if heard.Before(h.began) {
		heard = h.began
	}
	over := now.Sub(h.began) > holdMost || !h.silent && now.Sub(heard) > h.patience(2)
	return over && h.end(now)
}

func (h *hold) end(now time.Time) bool {
	if !h.on() || !now.After(h.began) {
		return false
	}
	// Half as much again as usual is chance.
	expected := 1.5 * h.usual * float64(h.told)
	*h = hold{ruined: float64(h.missing)-expected >= ruinedFrom, interval: h.interval}
	return true
}
