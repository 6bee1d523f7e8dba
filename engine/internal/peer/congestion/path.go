package congestion

import "time"

// Path is an Estimator.
//
// It holds the queue on the way short. What tells of a queue is the least
// one-way delay of the last 120 ms against that of the last 10 s (delayMeter).
// When it stands above a threshold and does not shrink, what arrives is what
// the path can carry, and the target goes below that until the queue is gone.
// While there is no queue, short bursts at a multiple of the target find out
// whether there is room (prober): where they arrive as fast as they left, the
// target jumps there. Between probes it creeps. Loss lowers the target only
// when it is high and sending less makes it less (lossMeter).
type Path struct {
	limits Limits
	target float64
	queue  delayMeter
	rate   arrivalRate
	loss   lossMeter
	train  trainMeter
	probe  prober

	sending   int
	rtt       time.Duration
	heard     time.Time // last feedback; zero before the first
	begun     time.Time // first feedback
	ticked    time.Time
	decreased time.Time
	before    float64   // target before the trouble that goes on; 0 if there is none
	trouble   time.Time // its beginning
	stalled   bool      // hardly anything arrived then
	passed    float64   // most that arrived since
	stuck     int       // decreases in a row that did not shrink the queue
	capacity  float64   // what arrived when the queue last grew; 0 if not known
	measured  time.Time
	hold      hold
	held      bool      // once in this trouble
	silent    time.Time // when a hold last began because nothing was heard
	calm      bool      // the queue is gone since the last decrease
	calmSince time.Time
	proven    float64 // by a probe
	provenAt  time.Time
}

const (
	queueLimit = 25 * time.Millisecond
	// capFactor is how far the target may grow above what is sent: more is
	// not known of the path.
	capFactor = 1.5
	provenFor = 5 * time.Second
	silence   = time.Second // without feedback while sending
	stallTime = 600 * time.Millisecond

	// beginning is how long after the first feedback a path is met for which even
	// the first rate is too much, and quickLimit from which queue on. With half of
	// that, no more is tried. Both are more than jitter mostly is. Above quickHold
	// the path is emptied by a hold all the same: what is lost there costs more.
	beginning  = time.Second
	quickLimit = 50 * time.Millisecond
	quickHold  = 120 * time.Millisecond
)

// NewPath makes an Estimator.
func NewPath(l Limits) *Path {
	p := &Path{limits: l}
	p.target = p.bounded(float64(l.Start))
	return p
}

func (p *Path) bounded(bps float64) float64 {
	return min(max(bps, float64(p.limits.Min)), float64(p.limits.Max))
}

// SetMax changes the upper limit.
func (p *Path) SetMax(bps int) {
	p.limits.Max = max(bps, p.limits.Min)
	p.target = p.bounded(p.target)
}

// Target is how much may leave, in bits a second.
func (p *Path) Target() int { return int(p.target) }

// Calm reports whether nothing queues on the way: what is lost then is not lost
// by congestion.
func (p *Path) Calm() bool { return p.calm }

// Reserve is how many bytes of retransmissions may go out at once: what the
// path takes in a quarter of a second, or much less when it is full.
func (p *Path) Reserve() int {
	if p.calm {
		return int(p.target / 8 / 4)
	}
	return int(p.target / 8 / 20)
}

// Queue is how long packets wait on the way.
func (p *Path) Queue() time.Duration { return p.queue.queue() }

// limit is from where on a queue counts. Jitter and bursts raise it.
func (p *Path) limit(now time.Time) time.Duration {
	limit := queueLimit + min(p.queue.noise/2, queueLimit)
	if now.Sub(p.probe.last) < 400*time.Millisecond {
		limit += probeSpan + 20*time.Millisecond // our own burst stands there
	}
	return limit
}

// Feedback takes what became of packets.
func (p *Path) Feedback(r *Report, now time.Time) {
	if r.Restarted {
		p.queue.reset()
		p.rate = arrivalRate{}
		p.train.forget()
	}
	if len(r.Arrivals) == 0 {
		return
	}
	p.hold.hear(p.heard, now)
	if p.heard = now; p.begun.IsZero() {
		p.begun = now
	}
	for _, a := range r.Arrivals {
		p.queue.add(a)
		p.rate.add(a.Arrived, a.Size)
		p.train.add(a)
		p.probe.add(a)
	}
	newest := r.Arrivals[len(r.Arrivals)-1]
	p.rate.add(newest.Arrived, r.Unreported)
	if p.rtt == 0 || r.RoundTrip < p.rtt {
		p.rtt = r.RoundTrip
	}
	p.rtt += (r.RoundTrip - p.rtt) / 16
	p.loss.add(r.Settled, r.Lost, now)
	p.queue.mark(now)
	p.judge(newest.Sent, now)
	if p.hold.note(r, now) {
		p.resume(true, now)
	}
}

// judge draws the conclusions.
func (p *Path) judge(newest, now time.Time) {
	queue := p.queue.queue()
	limit := p.limit(now)
	begins := p.begins(now)
	if quick := p.queue.quick(); begins && quick > quickLimit {
		queue = max(queue, quick)
	}
	if queue < limit/2 && !p.calm {
		p.drained(now)
	} else if queue > limit {
		p.calm = false
	}
	passed, share, probed := p.probe.outcome(newest, now)
	switch {
	case queue > limit:
		p.overused(queue, limit, !begins || newest.After(p.decreased) || p.hold.missing > 0 || queue > quickHold, now)
		if probed {
			p.probe.later(now, false)
		}
	case probed:
		p.probed(float64(passed), share, now)
	}
	if factor, ok := p.loss.decrease(now); ok {
		p.decreased = now
		p.target = p.bounded(p.target * factor)
	}
}

// begins reports whether nothing is known of the path yet.
func (p *Path) begins(now time.Time) bool {
	return now.Sub(p.begun) < beginning && p.proven == 0
}

// overused lowers the target below what arrives, unless the queue shrinks
// already or the last decrease can not have shown yet. Where the queue may be
// emptied by a hold, seen says that the last decrease has been seen to be too
// little.
func (p *Path) overused(queue, limit time.Duration, seen bool, now time.Time) {
	got := float64(p.rate.over(150 * time.Millisecond))
	if got == 0 {
		got = p.target
	}
	p.passed = max(p.passed, got)
	factor := 0.85
	if queue > 4*limit {
		factor = 0.65 // else it takes seconds to drain
	}
	if p.before > 0 && !p.held && seen && queue > limit+holdFrom && p.queue.slope(now) > 0 {
		p.holdOn(now)
	}
	pause := p.rtt + queue + 100*time.Millisecond // until a decrease shows
	if p.target > got {
		pause = 100 * time.Millisecond // it was measured when more arrived, of before
	}
	if now.Sub(p.decreased) < pause || p.queue.slope(now) < -0.1 {
		return
	}
	if p.before == 0 {
		p.before, p.trouble, p.stalled, p.passed = p.target, now, got < p.target/2, 0
		p.hold.watch(p.loss.recent(now))
		p.held = false
	}
	if p.stalled && !p.held {
		p.holdOn(now)
	}
	p.capacity, p.measured = got, now
	p.decreased, p.proven = now, 0
	p.train.peak = min(p.train.peak, 1.5*got)
	p.probe.later(now, false)
	if p.target > factor*got {
		// Half is enough at a time: nothing at all may come for a moment, for a
		// radio or a busy processor, and then everything.
		p.target, p.stuck = p.bounded(max(factor*got, p.target/2)), 0
		return
	}
	// We send well below what arrives, and it does not help.
	if p.stuck++; p.stuck > 3 {
		p.queue.rebase()
		p.stuck = 0
	}
}

// holdOn empties the queue at once, once in each trouble.
func (p *Path) holdOn(now time.Time) {
	p.held = true
	p.hold.begin(false, now)
}

// resume goes on after a hold, with no more than what has passed where much was
// lost. drained says that nothing is under way any more.
func (p *Path) resume(drained bool, now time.Time) {
	if p.hold.ruined && now.Sub(p.measured) < silence {
		p.target = p.bounded(min(p.target, 0.85*p.capacity))
	}
	if p.calm = false; drained {
		p.drained(now)
	}
}

// drained goes back to what is known to pass once the queue is gone. Where little
// arrived and then everything at once, nothing has changed.
func (p *Path) drained(now time.Time) {
	p.calm, p.calmSince, p.stuck = true, now, 0
	before := p.before
	p.before = 0
	p.passed = max(p.passed, float64(p.rate.over(150*time.Millisecond)))
	if p.stalled && now.Sub(p.trouble) < stallTime && p.passed > 0.85*before {
		p.target, p.capacity = max(p.target, p.bounded(0.9*before)), 0
		return
	}
	if now.Sub(p.measured) < 5*time.Second && p.loss.excess(now) < highLoss {
		p.target = max(p.target, p.bounded(0.85*p.capacity))
	}
}

// Loss takes the share of packets that a receiver report gives as lost.
func (p *Path) Loss(share float64, now time.Time) {
	p.loss.share, p.loss.sharedAt = share, now
	if p.heard.IsZero() || now.Sub(p.heard) > silence {
		if factor, ok := p.loss.decrease(now); ok {
			p.target = p.bounded(p.target * factor)
		}
	}
}

// Tick lets the target grow, or fall when the far end says nothing any more.
func (p *Path) Tick(sending int, waiting time.Duration, now time.Time) {
	p.sending = sending
	if p.hold.tick(p.heard, now) {
		p.resume(false, now)
	}
	if !p.heard.IsZero() && now.Sub(p.heard) < silence && waiting > p.rtt+p.hold.patience(3) && now.Sub(p.silent) > silence && !(p.begins(now) && p.before > 0 && p.queue.quick() < quickHold) {
		p.silent = now
		p.hold.watch(p.loss.recent(now))
		p.hold.begin(true, now)
	}
	passed := now.Sub(p.ticked)
	p.ticked = now
	if passed <= 0 || passed > time.Second {
		return
	}
	switch {
	case !p.heard.IsZero() && sending > 0 && now.Sub(p.heard) > silence+2*p.rtt:
		if now.Sub(p.decreased) > silence {
			p.decreased = now
			p.target = p.bounded(p.target / 2)
			p.train.forget()
		}
	case p.mayGrow(now):
		p.grow(passed.Seconds(), now)
	}
}

// Ruined reports, once, that a hold has ended after which a picture should begin
// anew.
func (p *Path) Ruined() (ruined bool) {
	ruined, p.hold.ruined = p.hold.ruined, false
	return ruined
}
