package codec

import "time"

const (
	vp8ClockRate = 90000
	maxVP8Gap    = time.Second
	// vp8Pause is how many times as long as usual a pause takes.
	vp8Pause = 3
)

// vp8Clock turns capture times into timestamps of libvpx: 90 kHz, always
// growing. libvpx derives the frame rate, and with it the bits of a frame, from
// them.
type vp8Clock struct {
	usual time.Duration // between pictures, smoothed
	last  time.Time
	pts   int64 // of the last picture; 0 before the first
}

func newVP8Clock(fps float64) vp8Clock {
	usual := time.Second / 30
	if fps >= 1 && fps <= 240 {
		usual = time.Duration(float64(time.Second) / fps)
	}
	return vp8Clock{usual: usual}
}

// next gives the timestamp of the picture taken at the time, and how long it
// will last if the rate stays what it is. After a pause, or if another source
// brings another clock, time goes on as usual: a frame that seemed to last
// half a second would get the bits of fifteen, just when a path that has become
// narrow is the cause of the pause. A source that has become slow is followed
// within a second or two.
func (c *vp8Clock) next(at time.Time) (pts int64, duration int64) {
	gap := at.Sub(c.last)
	switch {
	case c.last.IsZero() || gap <= 0 || gap > maxVP8Gap:
		gap = c.usual
	case gap > vp8Pause*c.usual:
		c.usual += c.usual / 4
		gap = c.usual
	default:
		c.usual += (gap - c.usual) / 8
	}
	ticks := max(1, int64(gap)*vp8ClockRate/int64(time.Second))
	c.last = at
	c.pts += ticks
	return c.pts, ticks
}
