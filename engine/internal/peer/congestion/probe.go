package congestion

import "time"

// prober tries whether the path can take more.
type prober struct {
	cluster int       // of the last probe
	rate    int       // asked for
	begun   time.Time // zero while none is under way
	last    time.Time // when the last one began
	next    time.Time // not before
	pause   time.Duration

	packets, bytes int // that arrived, and their bytes without the first's
	firstSize      int
	sentFirst      time.Time
	sentLast       time.Time
	early, late    time.Duration
}

const (
	probeSpan    = 40 * time.Millisecond // how long a burst takes
	probePackets = 5
	// probeBytes is what a burst has at least, so that it is of enough packets at
	// low rates, too.
	probeBytes = 7 * 1200
	firstPause = time.Second
	lastPause  = 4 * time.Second
	// probeLimit is after which time a probe counts as failed.
	probeLimit = time.Second
)

func (p *prober) start(rate, bytes int, now time.Time) Probe {
	p.cluster++
	*p = prober{cluster: p.cluster, rate: rate, begun: now, last: now, next: now, pause: p.pause}
	return Probe{Cluster: p.cluster, RateBPS: rate, Bytes: bytes}
}

func (p *prober) add(a Arrival) {
	if p.begun.IsZero() || a.Cluster != p.cluster {
		return
	}
	if p.packets == 0 {
		p.early, p.late, p.sentFirst, p.firstSize = a.Arrived, a.Arrived, a.Sent, a.Size
	} else {
		p.bytes += a.Size
	}
	p.early, p.late = min(p.early, a.Arrived), max(p.late, a.Arrived)
	p.sentLast = a.Sent
	p.packets++
}

// outcome is the rate that a finished probe has shown to pass. share is how much
// of the asked rate that is; done is false while it is under way.
func (p *prober) outcome(newest time.Time, now time.Time) (rate int, share float64, done bool) {
	switch {
	case p.begun.IsZero():
		return 0, 0, false
	case now.Sub(p.begun) > probeLimit:
		p.begun = time.Time{}
		return 0, 0, true
	case p.packets == 0 || newest.Sub(p.sentLast) < 2*time.Millisecond && now.Sub(p.begun) < probeLimit/2:
		return 0, 0, false // there may be more of it
	}
	p.begun = time.Time{}
	if p.packets < probePackets {
		return 0, 0, true
	}
	bits := float64(p.bytes) * 8
	sent := bits / max(p.sentLast.Sub(p.sentFirst), time.Millisecond).Seconds()
	got := bits / max(p.late-p.early, time.Millisecond).Seconds()
	passed := min(sent, got)
	return int(passed), passed / sent, true
}

// later sets when to probe next.
func (p *prober) later(now time.Time, success bool) {
	if success {
		p.pause, p.next = 0, now
		return
	}
	p.pause = min(max(2*p.pause, firstPause), lastPause)
	p.next = now.Add(p.pause)
}
