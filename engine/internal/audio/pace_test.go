package audio

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// twoClocks drives a session's callbacks by two clocks that differ, each late
// now and then, and a follower with it.
type twoClocks struct {
	s      *session
	f      follower
	now    float64 // s
	random *rand.Rand
	sent   int // samples played, heard: the same for the microphone
	heard  int
	skip   int // samples that the microphone's driver drops, once
}

func newTwoClocks() *twoClocks {
	d := &Desk{wakePlay: make(chan struct{}, 1), wakeCapture: make(chan struct{}, 1)}
	c := &twoClocks{s: newSession(d, func() {}, true), random: rand.New(rand.NewPCG(1, 1))}
	c.s.now = func() time.Duration { return time.Duration(c.now * 1e9) }
	return c
}

// run lets seconds pass. The speaker plays the number of each sample; each
// block that belongs to a block of the microphone goes to check, with the
// number of the microphone's first sample.
func (c *twoClocks) run(seconds, ppm float64, check func(first int, far []float32)) {
	late := func() float64 { return 0.003 * math.Pow(c.random.Float64(), 4) }
	var block, far [blockSamples]float32
	speed := 1 + ppm/1e6
	play, hear := c.now, c.now+0.004
	ends, begin, sent, heard := c.now+seconds, c.now, 0, 0
	for min(play, hear) < ends {
		if play <= hear {
			c.now = play
			for i := range block {
				block[i] = ramp(c.sent + i)
			}
			c.s.played.put(block[:])
			c.s.playout(block[:])
			sent, c.sent = sent+len(block), c.sent+len(block)
			play = max(play, begin+float64(sent)/sampleRate/speed+late())
			continue
		}
		c.now = hear
		c.s.capture(block[:])
		c.s.captured.skip(len(block))
		heard += len(block)
		hear = max(hear, begin+0.004+float64(heard+c.skip)/sampleRate+late())
		c.f.played(c.s.heard)
		c.f.next(far[:], c.s.lead)
		check(c.heard, far[:])
		c.heard += len(block)
	}
}

// ramp is a slow triangle: its value tells the place.
func ramp(n int) float32 {
	const period = 1 << 14
	at := n & (period - 1)
	return float32(min(at, period-at)) / period
}

// TestFollowerFollowsDrift checks that the far end that is paired with the
// microphone keeps its distance, and that it is read without a jump.
func TestFollowerFollowsDrift(t *testing.T) {
	for _, ppm := range []float64{-200, 0, 50, 200} {
		c := newTwoClocks()
		var last float32
		var steepest float64
		least, most := math.Inf(1), math.Inf(-1)
		c.run(250, ppm, func(first int, far []float32) {
			if first < 10*sampleRate { // it learns
				last = far[len(far)-1]
				return
			}
			off := c.f.position() - float64(first+blockSamples)*(1+ppm/1e6)
			least, most = min(least, off), max(most, off)
			for _, v := range far {
				steepest = max(steepest, math.Abs(float64(v-last)))
				last = v
			}
		})
		t.Logf("%+.0f ppm: followed within %.2f samples, %d jumps, measured %+.1f ppm", ppm, most-least, c.f.jumps, c.f.rate*1e6)
		if most-least > 8 {
			t.Errorf("%+.0f ppm: the distance wanders by %.1f samples", ppm, most-least)
		}
		if c.f.jumps > 0 || math.Abs(c.f.rate*1e6-ppm) > 10 {
			t.Errorf("%+.0f ppm: measured %+.1f, %d jumps", ppm, c.f.rate*1e6, c.f.jumps)
		}
		if steepest > 2.5/(1<<14) {
			t.Errorf("%+.0f ppm: a step of %.5f in a ramp of %.5f", ppm, steepest, 1.0/(1<<14))
		}
	}
}

func TestFollowerFindsBackAfterASkip(t *testing.T) {
	c := newTwoClocks()
	var before float64
	c.run(25, 0, func(first int, _ []float32) {
		if first == 20*sampleRate {
			before = c.f.lead
			c.skip = 20 * millisecond
		}
	})
	if d := c.f.lead - before; c.f.jumps != 1 || math.Abs(d-float64(c.skip)) > 1*millisecond {
		t.Errorf("%d jumps, by %.0f samples, want %d", c.f.jumps, d, c.skip)
	}
}
