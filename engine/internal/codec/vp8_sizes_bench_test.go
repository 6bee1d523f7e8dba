package codec

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"tring/engine/internal/i420"
)

// newPan makes a clip in which everything moves: the camera turns over the
// background, 4 pixels a picture, and back. Nothing is as hard for an encoder
// short of a change of scene.
func newPan(w, h, fps, n int) *clip {
	rnd := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	wide := background(w+4*n, h, rnd)
	c := &clip{fps: fps}
	for i := range n {
		img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
		for y := range h {
			copy(img.Y[y*img.YStride:][:w], wide.Y[y*wide.YStride+4*i:])
		}
		for y := range (h + 1) / 2 {
			copy(img.Cb[y*img.CStride:][:img.CStride], wide.Cb[y*wide.CStride+2*i:])
			copy(img.Cr[y*img.CStride:][:img.CStride], wide.Cr[y*wide.CStride+2*i:])
		}
		for j := range img.Y {
			img.Y[j] = limited(float64(img.Y[j]) + rnd.NormFloat64()*1.5)
		}
		c.frames = append(c.frames, img)
	}
	return c
}

// BenchmarkVP8Sizes tells from which bit rate on a 1280x720 source looks better
// in its own size than in a smaller one: each is encoded, decoded, brought back
// to 1280x720, and compared with the source. A picture that the rate control
// left out is compared with the one shown in its place.
//
//	dB        PSNR of luma at 1280x720
//	dropped   of 100 pictures
func BenchmarkVP8Sizes(b *testing.B) {
	if testing.Short() {
		b.Skip("a long measurement; make bench takes it")
	}
	for _, c := range []struct {
		name string
		film *clip
	}{{"head", newClip(1280, 720, 30, 24)}, {"pan", newPan(1280, 720, 30, 40)}} {
		for _, bps := range []int{150_000, 250_000, 350_000, 500_000, 700_000, 1_000_000} {
			for _, eighths := range []int{8, 6, 4, 3} {
				b.Run(fmt.Sprintf("%s/%dk/%dx%d", c.name, bps/1000, 160*eighths, 90*eighths), func(b *testing.B) {
					for b.Loop() {
						benchmarkSize(b, c.film, bps, 160*eighths, 90*eighths)
					}
				})
			}
		}
	}
}

func benchmarkSize(b *testing.B, film *clip, bps, w, h int) {
	const count = 150
	var pool i420.Pool
	p := NewVP8Params()
	p.BitRate = bps
	enc, err := newVP8Encoder(&clipReader{}, property(w, h), p.normal())
	if err != nil {
		b.Fatal(err)
	}
	defer enc.Close()
	dec := newDecoder(b, &pool)
	shown := pool.Get(1280, 720)
	defer shown.Release()
	small := pool.Get(w, h)
	defer small.Release()
	var sum float64
	dropped := 0
	for i := range count {
		source := film.At(&pool, i, testStart)
		if err := i420.Scale(small, source); err != nil {
			b.Fatal(err)
		}
		f, err := enc.encode(small)
		if err != nil {
			b.Fatal(err)
		}
		if f == nil {
			dropped++
		} else {
			got, err := dec.Decode(f.data)
			if err != nil {
				b.Fatal(err)
			}
			f.release()
			if err := i420.Scale(shown, got); err != nil {
				b.Fatal(err)
			}
			got.Release()
		}
		if i >= 30 {
			sum += psnr(shown, source)
		}
		source.Release()
	}
	b.ReportMetric(sum/(count-30), "dB")
	b.ReportMetric(float64(dropped)*100/count, "dropped")
}
