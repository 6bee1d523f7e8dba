package audio

import (
	"math"
	"sync/atomic"
)

// voice plays one tone. render belongs to the mixer; release may be called by
// anybody.
type voice struct {
	score    score
	released atomic.Bool
	volume   *atomic.Uint64 // as a gain, float64 bits; nil for full

	gain     float64 // that it has now; follows volume
	position int     // samples played
	fading   int     // samples of the last fade that are left; 0 while not fading
}

const (
	noteEdge    = 6 * millisecond  // rise and fall of a note
	releaseEdge = 10 * millisecond // fall of a tone that is stopped
	bellDecay   = 0.22 * sampleRate
	swellFrom   = 1.0 / 3
)

func newVoice(t Tone) *voice { return &voice{score: scoreOf(t), gain: 1} }

// at lets the voice follow a volume from its beginning.
func (v *voice) at(volume *atomic.Uint64) *voice {
	v.volume, v.gain = volume, math.Float64frombits(volume.Load())
	return v
}

// waiting says whether the voice has to wait for a device, for n samples more.
func (v *voice) waiting(device bool, n int) bool {
	if device || v.score.waits <= 0 || v.released.Load() {
		v.score.waits = 0
		return false
	}
	v.score.waits -= n
	return true
}

// release stops the tone, with a short fade.
func (v *voice) release() { v.released.Store(true) }

// render adds the next piece to block and reports whether there is more.
func (v *voice) render(block []float32) bool {
	released, step := v.released.Load(), 0.0
	if v.volume != nil {
		step = (math.Float64frombits(v.volume.Load()) - v.gain) / float64(len(block))
	}
	for i := range block {
		v.gain += step
		if v.fading == 0 && released && v.position >= v.score.least {
			if v.position == 0 {
				return false
			}
			v.fading = releaseEdge
		}
		x := v.gain * v.sample()
		if v.fading > 0 {
			v.fading--
			x *= float64(v.fading) / releaseEdge
			if v.fading == 0 {
				return false
			}
		}
		block[i] += float32(x)
		v.position++
		if v.score.period == 0 && v.position >= v.score.end() {
			return false
		}
	}
	return true
}

// sample is the sound at the current position.
func (v *voice) sample() (x float64) {
	at := v.position
	if v.score.period > 0 {
		at %= v.score.period
	}
	for _, n := range v.score.notes {
		if t := at - n.at; t >= 0 && t < n.length {
			x += n.sample(t, v.seamless(n), v.position)
		}
	}
	if v.position < v.score.swell {
		x *= swellFrom + (1-swellFrom)*float64(v.position)/float64(v.score.swell)
	}
	return x
}

// seamless notes fill the whole period: they have no edges but the first.
func (v *voice) seamless(n note) bool { return n.at == 0 && n.length == v.score.period }

// sample is the note's sound t samples after its beginning, position samples
// after the tone's.
func (n note) sample(t int, seamless bool, position int) float64 {
	angle := 2 * math.Pi * float64(t) / sampleRate
	x := n.lowLevel*math.Sin(angle*n.low) + n.highLevel*math.Sin(angle*n.high)
	switch {
	case seamless:
		return x * edge(position)
	case n.struck:
		x *= math.Exp(-float64(t) / bellDecay)
	}
	return x * edge(t) * edge(n.length-t)
}

// edge rises from 0 to 1 as half a cosine.
func edge(t int) float64 {
	if t >= noteEdge {
		return 1
	}
	return 0.5 - 0.5*math.Cos(math.Pi*float64(t)/noteEdge)
}

// end is when the last note is over.
func (s score) end() (end int) {
	for _, n := range s.notes {
		end = max(end, n.at+n.length)
	}
	return end
}
