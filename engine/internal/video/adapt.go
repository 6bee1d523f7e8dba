package video

import (
	"math/rand/v2"
	"time"
)

const usualInterval = time.Second / 30

// pacer leaves out pictures so that a rate is not exceeded.
type pacer struct {
	min  time.Duration // between pictures; 0 for no limit
	next time.Time
}

func newPacer(maxFPS float64) pacer {
	p := pacer{}
	p.limit(maxFPS)
	return p
}

// limit changes the rate; 0 for no limit.
func (p *pacer) limit(maxFPS float64) {
	p.min = 0
	if maxFPS > 0 {
		p.min = time.Duration(float64(time.Second) / maxFPS)
	}
}

// due reports whether the picture taken at the time is to be sent. The limit
// holds in the mean: cameras are not regular to the millisecond.
func (p *pacer) due(at time.Time) bool {
	if early := p.next.Sub(at); early > p.min/4 && early < time.Second {
		return false
	}
	p.next = p.next.Add(p.min)
	if late := at.Sub(p.next); late > 0 || late < -time.Second {
		p.next = at.Add(p.min)
	}
	return true
}

// rtpClock turns capture times into RTP time (RFC 3550 §5.1): 90 kHz from a
// random beginning.
type rtpClock struct {
	base  uint32
	start time.Time
	last  time.Time
}

func newRTPClock() rtpClock { return rtpClock{base: rand.Uint32()} }

// at gives the RTP time of a picture. It always grows: when a source follows
// whose clock is behind, time goes on as usual.
func (c *rtpClock) at(t time.Time) uint32 {
	switch {
	case c.start.IsZero():
		c.start = t
	case !t.After(c.last):
		c.start = c.start.Add(t.Sub(c.last) - usualInterval)
	}
	c.last = t
	const second = int64(time.Second)
	passed := int64(t.Sub(c.start))
	return c.base + uint32(passed/second*90000+passed%second*90000/second)
}
