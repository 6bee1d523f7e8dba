package video

import (
	"slices"
	"time"
)

// How pictures are spread over time.
const (
	// jitterSize is the number of pictures, four seconds or so, by which the
	// delay is chosen: so long that jitterShare of them would have been in time
	// or not seen to be late.
	jitterSize  = 128
	jitterShare = 0.90
	// jitterSlack is how uneven pictures may come without anybody seeing it:
	// half of what a screen needs to change.
	jitterSlack = 8 * time.Millisecond
	// jitterMost bounds the delay: what comes later is shown when it is there.
	jitterMost = 120 * time.Millisecond
	// outageLate is how late a picture is that does not come late from jitter.
	outageLate = 300 * time.Millisecond

	// soundLead is how much sooner than their sound pictures may be shown. ITU-R
	// BT.1359 puts the threshold of notice at 125 ms, and at 45 for pictures that
	// come later than it.
	soundLead = 45 * time.Millisecond
	// soundMost is how long pictures wait for their sound at most.
	soundMost = 300 * time.Millisecond

	// lowSpan is for how long the quickest picture counts: the way may become
	// longer, and the clocks of the two ends drift apart.
	lowSpan = 5 * time.Second
	// farOff is an offset that no jitter makes: the sender has begun anew.
	farOff  = 2 * time.Second
	longGap = 90000 * 3 // of RTP time between two pictures
)

// playout says when pictures are to be shown, so that they follow one another as
// they were taken: late enough that most are there in time, in step with the
// sound, and no later. It changes its mind slowly, by letting time run a little
// slower or faster. It knows no clock: the caller brings the time.
//
// Everything is relative to the first picture: media is when a picture was taken,
// transit how much later than that one counted from there a picture came, and
// offset how much later it is to be shown.
type playout struct {
	begun  bool
	origin time.Time // when the first picture came
	rtp    uint32    // of the last
	media  time.Duration
	offset time.Duration

	low, lowBefore time.Duration // smallest transit of this span and the last
	lowEnds        time.Time

	lateness [jitterSize]time.Duration // against the quickest
	seen     int
	scratch  [jitterSize]time.Duration
}

// place takes the next picture, complete at now, and gives when to show it, which
// may be over. sound is when the sound that belongs to it is heard; zero if that
// is not known.
func (p *playout) place(rtp uint32, now, sound time.Time) (due time.Time) {
	step, ok := p.advance(rtp)
	transit := now.Sub(p.origin) - p.media
	if !ok || transit-p.quickest() > farOff {
		p.restart(rtp, now)
		return now
	}
	p.watch(transit, now)
	base := p.quickest()
	if late := transit - base; late < outageLate {
		p.lateness[p.seen%jitterSize] = late
		p.seen++
	}
	want := base + p.delay()
	if !sound.IsZero() {
		inStep := sound.Sub(p.origin) - p.media - soundLead
		want = max(want, min(inStep, base+soundMost))
	}
	p.glide(want, step)
	if p.offset-transit > outageLate+soundMost { // time was jumped over, not waited for
		p.offset = want
	}
	return p.origin.Add(p.media + p.offset)
}

// advance moves media on to a picture, and gives by how much; it reports false
// if that is no continuation.
func (p *playout) advance(rtp uint32) (step time.Duration, ok bool) {
	ticks := int32(rtp - p.rtp)
	if !p.begun || ticks <= 0 || ticks > longGap {
		return 0, false
	}
	p.rtp = rtp
	step = time.Duration(ticks) * time.Second / 90000
	p.media += step
	return step, true
}

func (p *playout) restart(rtp uint32, now time.Time) {
	*p = playout{begun: true, origin: now, rtp: rtp, lowEnds: now.Add(lowSpan)}
}

// watch notes a transit.
func (p *playout) watch(transit time.Duration, now time.Time) {
	if now.After(p.lowEnds) {
		p.low, p.lowBefore = transit, p.low
		p.lowEnds = now.Add(lowSpan)
	}
	p.low = min(p.low, transit)
}

// quickest is the transit of the quickest picture of late.
func (p *playout) quickest() time.Duration { return min(p.low, p.lowBefore) }

// delay is how much later than the quickest most pictures come, but for what
// nobody sees.
func (p *playout) delay() time.Duration {
	n := min(p.seen, jitterSize)
	if n == 0 {
		return 0
	}
	sorted := p.scratch[:copy(p.scratch[:], p.lateness[:n])]
	slices.Sort(sorted)
	late := sorted[int(jitterShare*float64(n-1))]
	return min(max(late-jitterSlack, 0), jitterMost)
}

// glide moves the offset towards where it should be, by so small a part of the
// time between two pictures that motion stays even; only what nobody could want
// to wait for is made up for at triple speed.
func (p *playout) glide(want, step time.Duration) {
	switch off := want - p.offset; {
	case off > 0:
		p.offset += min(off, step/4)
	case off < -100*time.Millisecond:
		p.offset -= min(-off, step*2/3)
	default:
		p.offset -= min(-off, step/8)
	}
}
