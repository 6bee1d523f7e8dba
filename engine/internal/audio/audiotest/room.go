package audiotest

import (
	"math"
	"math/rand/v2"
)

// Room is the way from a loudspeaker to a microphone: a delay and the
// reverberation after it, as sparse random reflections (velvet noise) that die
// away.
type Room struct {
	at   []int // samples
	gain []float32
	past []float32 // ring of what was played
	n    int
}

const roomDensity = 1500 // reflections a second

// NewRoom makes a room in which sound arrives after delay samples, dies away by
// 60 dB within reverb samples, and is gainDB louder than it was played.
func NewRoom(seed uint64, delay, reverb int, gainDB float64) *Room {
	random := rand.New(rand.NewPCG(seed, 0x400e))
	r := &Room{}
	var sum float64
	const apart = SampleRate / roomDensity
	for at := 0; at < reverb; at += apart {
		g := math.Pow(10, -3*float64(at)/float64(reverb))
		if at > 0 {
			g *= 0.35 * float64(1-2*random.IntN(2))
			at := at + random.IntN(apart)
			r.at = append(r.at, delay+at)
		} else {
			r.at = append(r.at, delay)
		}
		r.gain = append(r.gain, float32(g))
		sum += g * g
	}
	scale := float32(math.Pow(10, gainDB/20) / math.Sqrt(sum))
	for i := range r.gain {
		r.gain[i] *= scale
	}
	size := 1
	for size < delay+reverb+2*apart {
		size *= 2
	}
	r.past = make([]float32, size)
	return r
}

// Hear plays one sample and returns what arrives at the microphone.
func (r *Room) Hear(played float32) (heard float32) {
	mask := len(r.past) - 1
	r.past[r.n&mask] = played
	for i, at := range r.at {
		heard += r.gain[i] * r.past[(r.n-at)&mask]
	}
	r.n++
	return heard
}

// Resample reads pcm, which repeats for ever, at any place, between two samples
// by a windowed sinc of 64 taps.
func Resample(pcm []float32, place float64) float32 {
	const half = 32
	base := math.Floor(place)
	frac := place - base
	at := int(base)
	if frac == 0 {
		return pcm[mod(at, len(pcm))]
	}
	s := math.Sin(math.Pi*frac) / math.Pi // sin(pi(frac-k)) up to its sign
	var sum float64
	for k := -half + 1; k <= half; k++ {
		x := frac - float64(k)
		c := math.Cos(math.Pi * x / (2 * half))
		w := s / x * c * c
		if k&1 != 0 {
			w = -w
		}
		sum += w * float64(pcm[mod(at+k, len(pcm))])
	}
	return float32(sum)
}

func mod(a, n int) int {
	if a %= n; a < 0 {
		a += n
	}
	return a
}
