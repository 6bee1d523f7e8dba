package apm

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func rms(pcm []float32) float64 {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(pcm)))
}

// noise is speech-like enough for a canceller: noise that comes and goes.
func noise(random *rand.Rand, block []float32, at int) {
	level := 0.05 + 0.1*math.Abs(math.Sin(float64(at)*0.07))
	last := 0.0
	for i := range block {
		last = 0.8*last + level*random.NormFloat64()*0.5
		block[i] = float32(last)
	}
}

func newProcessor(t *testing.T, s Settings) *Processor {
	t.Helper()
	p, err := New(s)
	if errors.Is(err, ErrUnavailable) {
		if Available() {
			t.Fatal("available, and yet not")
		}
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// echo plays noise for some seconds, hears it again 40 ms later at half the
// level, and returns what is left of it in dB in the last second.
func echo(t *testing.T, p *Processor, seconds int) float64 {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var played [5][BlockSamples]float32
	var near, left []float32
	for k := range seconds * 100 {
		far := played[k%len(played)][:]
		noise(random, far, k)
		block := make([]float32, BlockSamples)
		for i, v := range played[(k+1)%len(played)] { // four blocks ago
			block[i] = v/2 + float32(random.NormFloat64()*1e-4)
		}
		near = append(near, block...)
		if err := errors.Join(p.Far(far), p.Near(block, 40)); err != nil {
			t.Fatal(err)
		}
		left = append(left, block...)
	}
	end := len(near) - SampleRate
	return 20 * math.Log10(rms(left[end:])/rms(near[end:]))
}

func TestEachPartCanBeSwitched(t *testing.T) {
	p := newProcessor(t, All)
	if left := echo(t, p, 4); left > -20 {
		t.Errorf("echo of %.1f dB is left", left)
	}
	if err := p.Set(Settings{}); err != nil {
		t.Fatal(err)
	}
	if left := echo(t, p, 3); left < -1 || left > 1 {
		t.Errorf("with nothing at work the sound is changed by %.1f dB", left)
	}
	if err := p.Set(Settings{EchoCancellation: true}); err != nil {
		t.Fatal(err)
	}
	if left := echo(t, p, 4); left > -20 {
		t.Errorf("echo of %.1f dB is left after switching on again", left)
	}
}

func TestNoiseIsSuppressed(t *testing.T) {
	p := newProcessor(t, Settings{NoiseSuppression: true})
	random := rand.New(rand.NewPCG(3, 4))
	var before, after float64
	block := make([]float32, BlockSamples)
	for k := range 500 {
		for i := range block {
			block[i] = float32(random.NormFloat64() * 0.01)
		}
		in := rms(block)
		if err := p.Near(block, 0); err != nil {
			t.Fatal(err)
		}
		if k > 300 {
			before += in
			after += rms(block)
		}
	}
	if db := 20 * math.Log10(after/before); db > -6 {
		t.Errorf("steady noise changed by %.1f dB", db)
	}
}

func TestRefusesOtherBlocks(t *testing.T) {
	p := newProcessor(t, All)
	for _, n := range []int{0, 1, BlockSamples - 1, BlockSamples + 1} {
		if p.Far(make([]float32, n)) == nil || p.Near(make([]float32, n), 0) == nil {
			t.Errorf("took a block of %d", n)
		}
	}
	p.Close() // and again at the end
}

func TestUnavailableSaysSo(t *testing.T) {
	if Available() != (Library() != "") {
		t.Errorf("available %v, library %q", Available(), Library())
	}
	if _, err := New(All); Available() != (err == nil) {
		t.Errorf("available %v, but %v", Available(), err)
	}
}

// BenchmarkProcessor is the CPU of 10 ms with everything on.
func BenchmarkProcessor(b *testing.B) {
	p, err := New(All)
	if err != nil {
		b.Skip(err)
	}
	defer p.Close()
	random := rand.New(rand.NewPCG(1, 2))
	far, near := make([]float32, BlockSamples), make([]float32, BlockSamples)
	noise(random, far, 1)
	noise(random, near, 1)
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Far(far)
		_ = p.Near(near, 40)
	}
}
