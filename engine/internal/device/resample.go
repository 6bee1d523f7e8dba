package device

import "math"

// resampler brings a stream of any rate to 48 kHz by a windowed sinc. The
// position between input samples is kept as a fraction, so that nothing drifts
// however long it runs.
type resampler struct {
	rate  int                   // of the input
	fill  func([]float32) error // gives the next input samples, all of them
	taps  int                   // even
	table []float32             // taps weights for each of phases+1 positions

	input []float32 // read ahead
	at    int       // first input sample that the next output needs
	part  int       // position after it, in 1/48000
}

const (
	sincPhases = 512 // positions with weights of their own; between them: linear
	sincHalf   = 16  // zero crossings on each side
	sincEdge   = 0.93
	kaiserBeta = 8.0 // side lobes below -80 dB
)

func newResampler(rate int, fill func([]float32) error) *resampler {
	r := &resampler{rate: rate, fill: fill}
	if rate == sampleRate {
		return r
	}
	// What lies above the lower one of the two Nyquist frequencies must go.
	cutoff := sincEdge * math.Min(1, float64(sampleRate)/float64(rate))
	half := int(math.Ceil(sincHalf / cutoff))
	r.taps = 2 * half
	r.table = make([]float32, (sincPhases+1)*r.taps)
	weights := make([]float64, r.taps)
	for phase := range sincPhases + 1 {
		sum := 0.0
		for i := range weights {
			x := float64(i-(half-1)) - float64(phase)/sincPhases
			weights[i] = sinc(cutoff*x) * kaiser(x/float64(half))
			sum += weights[i]
		}
		for i, w := range weights {
			r.table[phase*r.taps+i] = float32(w / sum)
		}
	}
	r.input = make([]float32, half-1) // silence before the beginning
	return r
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window for x from -1 to 1, 0 outside.
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel(kaiserBeta*math.Sqrt(1-x*x)) / bessel(kaiserBeta)
}

// bessel is the modified Bessel function of the first kind, order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}

// read fills dst with samples at 48 kHz.
func (r *resampler) read(dst []float32) error {
	if r.taps == 0 {
		return r.fill(dst)
	}
	for i := range dst {
		if r.at+r.taps > len(r.input) {
			if err := r.more(); err != nil {
				return err
			}
		}
		position := float32(r.part) * sincPhases / sampleRate
		phase := int(position)
		between := position - float32(phase)
		one := r.table[phase*r.taps : (phase+1)*r.taps]
		two := r.table[(phase+1)*r.taps:][:r.taps]
		var a, b float32
		for k, v := range r.input[r.at : r.at+r.taps] {
			a += v * one[k]
			b += v * two[k]
		}
		dst[i] = a + (b-a)*between
		r.part += r.rate
		r.at += r.part / sampleRate
		r.part %= sampleRate
	}
	return nil
}

// more drops the input that was used and reads ahead.
func (r *resampler) more() error {
	const ahead = 1024
	used := min(r.at, len(r.input))
	kept := copy(r.input, r.input[used:])
	r.at -= used
	need := max(ahead, r.at+r.taps-kept)
	if cap(r.input) < kept+need {
		r.input = append(make([]float32, 0, 2*(kept+need)), r.input[:kept]...)
	}
	r.input = r.input[:kept+need]
	return r.fill(r.input[kept:])
}
