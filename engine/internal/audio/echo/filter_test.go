package echo

import (
	"math"
	"math/rand/v2"
	"testing"

	"tring/engine/internal/audio/audiotest"
)

func TestTransform(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	f := newTransform()
	var x, back [fftSize]float32
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	var s spectrum
	f.forward(&x, &s)
	for _, k := range []int{0, 1, 7, 255, 256, 257, 511, 512} {
		var re, im float64
		for i, v := range x {
			sin, cos := math.Sincos(2 * math.Pi * float64(i*k) / fftSize)
			re += float64(v) * cos
			im -= float64(v) * sin
		}
		if math.Abs(re-float64(s.re[k])) > 1e-3 || math.Abs(im-float64(s.im[k])) > 1e-3 {
			t.Errorf("bin %d: %v%+vi, want %v%+vi", k, s.re[k], s.im[k], re, im)
		}
	}
	f.inverse(&s, &back)
	for i := range x {
		if math.Abs(float64(x[i]-back[i])) > 1e-4 {
			t.Fatalf("sample %d: %v became %v", i, x[i], back[i])
		}
	}
}

func db(x float64) float64 { return 10 * math.Log10(x) }

func power(pcm []float32) (sum float64) {
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return sum
}

// talk runs a Filter for some seconds: the far end speaks all the time, this
// end from a second on, and the echo comes through a room, which may change.
type talk struct {
	seconds int
	room    *audiotest.Room // nil: a headset
	own     int             // second from which this end speaks; 0 for never
}

// run returns by how many dB the echo became weaker in the last second, and by
// how many this end's speech was changed in all.
func (c talk) run(f *Filter) (erle, own float64) {
	const second = audiotest.SampleRate
	random := rand.New(rand.NewPCG(9, 9))
	far := audiotest.Speech(1, c.seconds*second, 0.1)
	speech := audiotest.Speech(4, c.seconds*second, 0.1)
	var near [BlockSamples]float32
	var echo, left, before, after float64
	for n := 0; n < len(far); n += BlockSamples {
		talks := c.own > 0 && n >= c.own*second
		for i := range near {
			near[i] = float32(random.NormFloat64() * 1e-4)
			var e float32
			if c.room != nil {
				e = c.room.Hear(far[n+i])
			}
			near[i] += e
			if n >= (c.seconds-1)*second {
				echo += float64(e) * float64(e)
			}
			if talks {
				near[i] += speech[n+i]
			}
		}
		f.Process(far[n:n+BlockSamples], near[:])
		if talks {
			before += power(speech[n : n+BlockSamples])
			g := float64(f.Gain())
			after += power(near[:]) * g * g
			for i := range near {
				near[i] -= speech[n+i]
			}
		}
		if n >= (c.seconds-1)*second {
			left += power(near[:])
		}
	}
	return db(echo / left), db(after / before)
}

func TestFilterLearnsTheRoom(t *testing.T) {
	f := New()
	erle, _ := talk{seconds: 12, room: audiotest.NewRoom(1, 80*48, 250*48, -6)}.run(f)
	if erle < 12 {
		t.Errorf("echo %.1f dB weaker after 12 s, want 12", erle)
	}
	if d := f.Delay() / 48; d < 70 || d > 80 {
		t.Errorf("delay %d ms, want 80 or the block before", d)
	}
	if f.Restarts() != 0 || !f.Proven() {
		t.Errorf("%d restarts, proven %v", f.Restarts(), f.Proven())
	}
	erle, _ = talk{seconds: 12, room: audiotest.NewRoom(2, 140*48, 250*48, -6)}.run(f)
	if erle < 8 {
		t.Errorf("echo %.1f dB weaker 12 s after the room changed, want 8", erle)
	}
	if d := f.Delay() / 48; d < 130 || d > 140 {
		t.Errorf("delay %d ms, want 140 or the block before", d)
	}
}

func TestFilterStandsDoubleTalk(t *testing.T) {
	f := New()
	erle, own := talk{seconds: 20, own: 12, room: audiotest.NewRoom(1, 80*48, 250*48, -6)}.run(f)
	if erle < 8 {
		t.Errorf("echo %.1f dB weaker while both speak, want 8", erle)
	}
	if own < -1.5 || own > 1.5 {
		t.Errorf("this end's speech changed by %.1f dB", own)
	}
	if f.Restarts() != 0 {
		t.Errorf("%d restarts: speech was taken for a new room", f.Restarts())
	}
}

func TestFilterLeavesAHeadsetAlone(t *testing.T) {
	f := New()
	if _, own := (talk{seconds: 20, own: 1}).run(f); own < -1 || own > 0.5 {
		t.Errorf("without any echo, speech changed by %.1f dB", own)
	}
}

func TestFilterStandsNonsense(t *testing.T) {
	f := New()
	far, near := make([]float32, BlockSamples), make([]float32, BlockSamples)
	for k := range 300 {
		for i := range far {
			far[i], near[i] = float32(1-2*(i&1)), float32(1-k&2)
		}
		f.Process(far, near)
		for _, v := range near {
			if v != v || v > 100 || v < -100 {
				t.Fatalf("sample %v", v)
			}
		}
	}
}

// BenchmarkFilter is the CPU of 10 ms.
func BenchmarkFilter(b *testing.B) {
	f := New()
	far := audiotest.Speech(1, audiotest.SampleRate, 0.1)
	near := make([]float32, BlockSamples)
	b.ReportAllocs()
	for k := 0; b.Loop(); k++ {
		at := k % 100 * BlockSamples
		copy(near, far[at:])
		f.Process(far[at:at+BlockSamples], near)
	}
}
