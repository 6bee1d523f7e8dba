package codec

import (
	"fmt"
	"testing"

	"tring/engine/internal/i420"
)

func TestStillThreshold(t *testing.T) {
	for index, want := range map[int]int{0: 4, 54: 58, 55: 60, 83: 116, 84: 119, 99: 164} { // RFC 6386 section 14.1
		if got := acStep(index); got != want {
			t.Errorf("step of quantizer %d is %d, want %d", index, got, want)
		}
	}
	last := 0
	for index := range starved {
		got := stillThreshold(index)
		if got < last || got > mostStill {
			t.Errorf("threshold %d after quantizer %d, %d before", got, index, last)
		}
		last = got
	}
	for _, index := range []int{-1, starved, 127, 1 << 20} {
		if got := stillThreshold(index); got != leastStill {
			t.Errorf("threshold %d after quantizer %d", got, index)
		}
	}
}

// The threshold follows the quantizer, and what is left as it was cannot be
// seen.
func TestVP8LeavesWhatIsStill(t *testing.T) {
	film := newClip(640, 480, 30, 24)
	left := course(t, film, 700_000, true)
	coded := course(t, film, 700_000, false)
	if left.threshold < 100 || coded.threshold != leastStill {
		t.Errorf("threshold %d, %d when all is coded", left.threshold, coded.threshold)
	}
	if left.dB < coded.dB-0.3 {
		t.Errorf("looks like %.1f dB, %.1f when all is coded", left.dB, coded.dB)
	}
}

// BenchmarkVP8Still tells what is saved by leaving as it was what stands still
// but for noise.
//
//	cpu-ms/frame   CPU time for a picture
//	dB             PSNR of luma after decoding
func BenchmarkVP8Still(b *testing.B) {
	film := newClip(1280, 720, 30, 24)
	for _, bps := range []int{600_000, 1_200_000, 2_500_000} {
		for name, leave := range map[string]bool{"coded": false, "left": true} {
			b.Run(fmt.Sprintf("%dk/%s", bps/1000, name), func(b *testing.B) {
				var sum outcome
				for b.Loop() {
					got := course(b, film, bps, leave)
					sum.ms, sum.dB = sum.ms+got.ms, sum.dB+got.dB
				}
				n := float64(b.N)
				b.ReportMetric(sum.ms/n, "cpu-ms/frame")
				b.ReportMetric(sum.dB/n, "dB")
			})
		}
	}
}

// outcome is that of a course, without its first second.
type outcome struct {
	ms, dB    float64
	threshold int // at the end
}

// course encodes and decodes five seconds. With leave false, all blocks are
// coded.
func course(t testing.TB, film *clip, bps int, leave bool) (o outcome) {
	const count, skipped = 150, 30
	var pool i420.Pool
	dec := newDecoder(t, &pool)
	p := NewVP8Params()
	p.BitRate = bps
	p.KeepAllFrames = true
	w, h := film.frames[0].Rect.Dx(), film.frames[0].Rect.Dy()
	enc, err := newVPXEncoder(p.normal(), w, h)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.close()
	for i := range count {
		source := film.At(&pool, i, testStart)
		from := cpuTime()
		frame, err := enc.encode(nil, source, int64(i)*3000, 3000, i == 0)
		took := cpuTime() - from
		if err == nil && !leave {
			enc.c.quantizer = starved
			err = enc.followQuantizer()
		}
		if err != nil {
			t.Fatal(err)
		}
		shown, err := dec.Decode(frame)
		if err != nil {
			t.Fatal(err)
		}
		if i >= skipped {
			o.ms += took.Seconds() * 1000 / (count - skipped)
			o.dB += psnr(shown, source) / (count - skipped)
		}
		source.Release()
		shown.Release()
	}
	o.threshold = int(enc.c.still)
	return o
}
