package congestion

import "time"

// probed takes the outcome of a probe.
func (p *Path) probed(passed, share float64, now time.Time) {
	// Of what passed, a part is left for what else there is.
	found := 0.95 * passed
	if share < 0.85 {
		found = 0.85 * passed
	}
	if found > p.target {
		p.proven, p.provenAt = found, now
		p.target = p.bounded(found)
	}
	p.probe.later(now, share >= 0.85 && passed > 0)
}

func (p *Path) mayGrow(now time.Time) bool {
	if p.loss.excess(now) > calmLoss || now.Sub(p.decreased) < 500*time.Millisecond {
		return false
	}
	if p.heard.IsZero() {
		return now.Sub(p.loss.sharedAt) < 10*time.Second // there are reports, at least
	}
	return p.calm && p.queue.queue() < p.limit(now)/2
}

// grow adds what a while of calm allows.
func (p *Path) grow(seconds float64, now time.Time) {
	perSecond := 0.15
	if p.capacity > 0 && p.target > 0.8*p.capacity && p.target < 1.2*p.capacity {
		perSecond = 0.04 // near where it was too much
	}
	if p.heard.IsZero() {
		perSecond = 0.25 // no probes can help
	}
	most := capFactor*float64(p.sending) + 20_000
	if now.Sub(p.provenAt) < provenFor {
		most = max(most, p.proven)
	}
	if grown := p.target * (1 + perSecond*seconds); grown <= most {
		p.target = p.bounded(grown)
	}
}

// Pace is how fast packets may follow one another when that many bytes wait.
// A usual frame goes at two and a half times the target, so that it takes less
// than half of the time to the next one; a key frame at little more than the
// target, or it would fill the queue of a narrow path; both faster where the
// path has shown to carry it. While a queue drains, nothing goes faster than
// the target; while all that left is still waited for, nothing goes at all (0).
func (p *Path) Pace(waiting int) int {
	const usual = 60 * time.Millisecond         // of the target: two frames
	burst := min(0.9*p.train.peak, 10*p.target) // frames of a small picture need no more
	few := float64(waiting)*8 < p.target*usual.Seconds()
	switch {
	case p.hold.on():
		return 0
	case p.heard.IsZero():
		return int(2.5 * p.target) // nothing is known, and the first picture is waited for
	case !p.calm:
		return int(p.target)
	case few || p.target >= float64(p.limits.Max): // more may pass, it is not asked for
		return int(max(2.5*p.target, burst))
	}
	return int(max(1.25*p.target, burst))
}

// Probe says that the path is to be tried.
func (p *Path) Probe(now time.Time) (Probe, bool) {
	if p.heard.IsZero() || !p.probe.begun.IsZero() || now.Before(p.probe.next) || p.sending == 0 {
		return Probe{}, false
	}
	if p.target >= float64(p.limits.Max) || p.loss.excess(now) > highLoss || !p.calm || now.Sub(p.calmSince) < 100*time.Millisecond {
		return Probe{}, false
	}
	if now.Sub(p.decreased) < time.Second || p.queue.queue() > p.limit(now)/2 || p.begins(now) && p.queue.quick() > quickLimit/2 {
		return Probe{}, false
	}
	rate := min(2*p.target, 1.25*float64(p.limits.Max))
	span := probeSpan + min(2*p.queue.noise, probeSpan)
	return p.probe.start(int(rate), max(int(rate*span.Seconds()/8), probeBytes), now), true
}
