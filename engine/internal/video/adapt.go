package video

import (
	"math/rand/v2"
	"time"

	"tring/engine/internal/i420"
)

const usualInterval = time.Second / 30

// pacer leaves out pictures so that a rate is not exceeded.
type pacer struct {
	min  time.Duration // between pictures; 0 for no limit
	next time.Time
	last time.Time
	mean time.Duration
}

func newPacer(maxFPS float64) pacer {
	p := pacer{mean: usualInterval}
	if maxFPS > 0 {
		p.min = time.Duration(float64(time.Second) / maxFPS)
	}
	return p
}

// due reports whether the picture taken at the time is to be sent. The limit
// holds in the mean: cameras are not regular to the millisecond.
func (p *pacer) due(at time.Time) bool {
	if early := p.next.Sub(at); early > p.min/4 && early < time.Second {
		return false
	}
	if gap := at.Sub(p.last); gap > 0 && gap < time.Second {
		p.mean += (gap - p.mean) / 8
	}
	p.last = at
	p.next = p.next.Add(p.min)
	if late := at.Sub(p.next); late > 0 || late < -time.Second {
		p.next = at.Add(p.min)
	}
	return true
}

// interval is the usual time between the pictures that are sent.
func (p *pacer) interval() time.Duration { return p.mean }

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

const (
	// leanBits is how few bits a second and pixel VP8 can live with, in
	// thousandths: below it a smaller picture looks better than a coarser one.
	leanBits = 35
	// A picture becomes larger again only when the rate is a quarter more than
	// needed, lest the size swings.
	growFactor = 5.0 / 4
	minSide    = 90
)

// eighths are the sizes that a picture is sent in.
var eighths = [...]int{8, 6, 4, 3, 2}

// fitter makes pictures smaller where the bit rate is too small for them.
type fitter struct {
	pool i420.Pool
	fps  float64
	step int // index into eighths
}

func newFitter(maxFPS float64) fitter {
	if maxFPS <= 0 || maxFPS > 30 {
		maxFPS = 30
	}
	return fitter{fps: maxFPS}
}

// picture gives p in the size to be sent, to be released by the caller.
func (f *fitter) picture(p *i420.Picture, bitrate int) (*i420.Picture, error) {
	f.choose(p.Width(), p.Height(), bitrate)
	if f.step == 0 {
		return p.Retain(), nil
	}
	small := f.pool.Get(scaled(p.Width(), f.step), scaled(p.Height(), f.step))
	if err := i420.Scale(small, p); err != nil {
		small.Release()
		return nil, err
	}
	return small, nil
}

func (f *fitter) choose(w, h, bitrate int) {
	for f.step > 0 && float64(bitrate) >= f.need(w, h, f.step-1)*growFactor {
		f.step--
	}
	for f.step < len(eighths)-1 && float64(bitrate) < f.need(w, h, f.step) && min(scaled(w, f.step+1), scaled(h, f.step+1)) >= minSide {
		f.step++
	}
}

// need is the bit rate for pictures of w by h in a step.
func (f *fitter) need(w, h, step int) float64 {
	return float64(scaled(w, step)*scaled(h, step)) * f.fps * leanBits / 1000
}

func scaled(n, step int) int {
	if step == 0 {
		return n
	}
	return max(n*eighths[step]/8&^1, 2)
}
