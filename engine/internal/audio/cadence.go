package audio

import "sync/atomic"

// cadence decides how long the packets of an Outbound are. Short ones are heard
// 10 ms sooner, but take 16 kbit/s more for their headers, 7 % more of the encoder's
// time and as many wakings more, and are no help where packets are lost. So they
// are sent of a real microphone, once nothing was lost for a while, which is longer
// after each time that something was, and where path and far end take them.
//
// The length changes in pauses alone: in the middle of a tone, the change makes
// Opus up to 8 dB louder for some milliseconds.
type cadence struct {
	refused atomic.Bool   // the far end wants longer ones
	narrow  atomic.Bool   // the path has no room for headers
	nobody  atomic.Bool   // the microphone is no real one: nobody waits for an answer
	losses  atomic.Uint64 // reports that tell of a loss, so far

	// Of run alone. Times are in samples sent.
	now   int64
	since int64  // nothing was lost
	calm  int64  // how long this must be; 0 before the first loss
	seen  uint64 // losses
	short bool
	sent  bool // a short one, since the last loss

	last  int        // length of the packet before; 0 before the first
	peaks [2]float32 // of the two packets before, newest last
	loud  float32    // of the last seconds
}

const (
	shortSamples = 10 * millisecond
	calmFirst    = 10 * sampleRate
	calmLeast    = 30 * sampleRate
	calmMost     = 16 * calmLeast

	silent    = 0.003 // −50 dBFS
	pauseDrop = 0.1   // −20 dB of what was heard before is a pause
	loudFalls = 0.99  // for each packet: to a tenth in two to five seconds
)

// reported takes what the far end says of losses, in percent.
func (c *cadence) reported(percent float64) {
	if percent > 0 {
		c.losses.Add(1)
	}
}

// next is how long the next packet is, in samples.
func (c *cadence) next() int {
	if n := c.losses.Load(); n != c.seen {
		if c.sent {
			c.calm = min(2*c.calm, calmMost)
		}
		c.calm = max(c.calm, calmLeast)
		c.seen, c.since, c.short, c.sent = n, c.now, false, false
	}
	if c.now-c.since >= max(c.calm, calmFirst) {
		c.short = true
	}
	want := frameSamples
	if c.short && !c.narrow.Load() && !c.refused.Load() && !c.nobody.Load() {
		want = shortSamples
	}
	if c.last == 0 || c.paused() {
		c.last = want
	}
	c.sent = c.sent || c.last == shortSamples
	return c.last
}

// paused tells whether there was no sound to speak of just now.
func (c *cadence) paused() bool {
	return max(c.peaks[0], c.peaks[1]) <= max(silent, pauseDrop*c.loud)
}

// heard takes the peak of a packet that is sent.
func (c *cadence) heard(peak float32) {
	c.peaks[0], c.peaks[1] = c.peaks[1], peak
	c.loud = max(peak, c.loud*loudFalls)
}

// passed says that samples were sent, or left out.
func (c *cadence) passed(samples int) { c.now += int64(samples) }
