// Package audiotest makes what tests of sound need and no repository should
// carry as recordings: speech-like sound, rooms, and clocks that drift. All of
// it is the same at every run.
package audiotest

import (
	"math"
	"math/rand/v2"
)

// SampleRate is that of all sound here, mono.
const SampleRate = 48000

// vowels are the first three formants of some, in Hz.
var vowels = [][3]float64{
	{730, 1090, 2440}, {270, 2290, 3010}, {300, 870, 2240}, {530, 1840, 2480}, {570, 840, 2410}, {490, 1350, 1690},
}

// Speech is n samples that rise, fall and pause as speech does: voiced
// syllables with a gliding pitch and formants, hisses between them, and pauses
// between words. level is the root mean square where it sounds. Different seeds
// are different people.
func Speech(seed uint64, n int, level float64) []float32 {
	s := speaker{random: rand.New(rand.NewPCG(seed, 0x5eec)), pitch: 95 + float64(seed%7)*18}
	out := make([]float64, 0, n)
	for len(out) < n {
		for range 2 + s.random.IntN(5) {
			out = s.syllable(out)
		}
		pause := SampleRate*8/100 + s.random.IntN(SampleRate*25/100)
		out = append(out, make([]float64, pause)...)
	}
	return normalise(out[:n], level)
}

// normalise brings what is not silent to a level.
func normalise(in []float64, level float64) []float32 {
	var sum float64
	loud := 1
	for _, v := range in {
		if v != 0 {
			sum += v * v
			loud++
		}
	}
	scale := level / math.Sqrt(sum/float64(loud)+1e-20)
	out := make([]float32, len(in))
	for i, v := range in {
		out[i] = float32(math.Tanh(v*scale*0.5) * 2) // no peak over 2 levels of a quiet voice, none over 1 of a loud one
		out[i] = min(max(out[i], -1), 1)
	}
	return out
}

type speaker struct {
	random *rand.Rand
	pitch  float64 // Hz
	phase  float64 // of the glottis, 0 to 1
}

// syllable appends a hiss, as often as not, and a vowel.
func (s *speaker) syllable(out []float64) []float64 {
	if s.random.IntN(2) == 0 {
		out = s.hiss(out, SampleRate*4/100+s.random.IntN(SampleRate*6/100))
	}
	from, to := vowels[s.random.IntN(len(vowels))], vowels[s.random.IntN(len(vowels))]
	n := SampleRate*9/100 + s.random.IntN(SampleRate*14/100)
	pitch := s.pitch * (0.85 + 0.3*s.random.Float64())
	glide := 0.9 + 0.2*s.random.Float64()
	gain := 0.5 + s.random.Float64()
	var bank [3]resonator
	var tilt float64
	for i := range n {
		t := float64(i) / float64(n)
		if i%48 == 0 { // a mouth moves slowly
			for f := range bank {
				bank[f].tune(from[f]+(to[f]-from[f])*t, 60+40*float64(f))
			}
		}
		s.phase += pitch * (1 + (glide-1)*t) / SampleRate
		pulse := 0.0
		if s.phase >= 1 {
			s.phase--
			pulse = 1
		}
		tilt = 0.96*tilt + pulse + 0.004*s.random.NormFloat64()
		v := bank[0].filter(tilt) + 0.5*bank[1].filter(tilt) + 0.25*bank[2].filter(tilt)
		out = append(out, v*gain*math.Sin(math.Pi*math.Min(1, t*4)/2)*math.Sin(math.Pi*math.Min(1, (1-t)*3)/2))
	}
	return out
}

func (s *speaker) hiss(out []float64, n int) []float64 {
	var r resonator
	r.tune(3500+3000*s.random.Float64(), 2500)
	for i := range n {
		out = append(out, 0.12*r.filter(s.random.NormFloat64())*math.Sin(math.Pi*float64(i)/float64(n)))
	}
	return out
}

// resonator is a filter of two poles with a gain of about 1 at its peak.
type resonator struct{ a, b, gain, y1, y2 float64 }

func (r *resonator) tune(hz, width float64) {
	p := math.Exp(-math.Pi * width / SampleRate)
	w := 2 * math.Pi * hz / SampleRate
	r.a, r.b = 2*p*math.Cos(w), -p*p
	r.gain = (1 - p) * math.Sqrt(1-2*p*math.Cos(2*w)+p*p)
}

func (r *resonator) filter(x float64) float64 {
	y := r.gain*x + r.a*r.y1 + r.b*r.y2
	r.y2, r.y1 = r.y1, y
	return y
}
