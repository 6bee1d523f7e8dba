package codec

import (
	"image"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"tring/engine/internal/i420"
)

// clip is a short film with a detailed still background, a face-sized inset
// that moves, and the noise of a sensor. It is the same in every run and loops
// forth and back.
type clip struct {
	frames []*image.YCbCr
	fps    int
}

// newClip makes a clip of n different pictures, at least one.
func newClip(w, h, fps, n int) *clip {
	rnd := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	noise := make([]int8, 1<<16)
	for i := range noise {
		noise[i] = int8(math.Round(rnd.NormFloat64() * 1.5))
	}
	still := background(w, h, rnd)
	c := &clip{fps: fps}
	for i := range max(n, 1) {
		c.frames = append(c.frames, clipFrame(still, noise, rnd, i))
	}
	return c
}

// At lends picture i from pool, taken i/fps seconds after start.
func (c *clip) At(pool *i420.Pool, i int, start time.Time) *i420.Picture {
	img := c.image(i)
	p := pool.Get(img.Rect.Dx(), img.Rect.Dy())
	copy(p.Y, img.Y)
	copy(p.Cb, img.Cb)
	copy(p.Cr, img.Cr)
	p.CapturedAt = start.Add(time.Duration(i) * time.Second / time.Duration(c.fps))
	return p
}

// image is picture i of the film that goes forth and back for ever.
func (c *clip) image(i int) *image.YCbCr {
	n := len(c.frames)
	if n == 1 {
		return c.frames[0]
	}
	i %= 2 * (n - 1)
	if i >= n {
		i = 2*(n-1) - i
	}
	return c.frames[i]
}

// background has edges, text-like detail and soft light.
func background(w, h int, rnd *rand.Rand) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		for x := range w {
			v := 110 + 40*math.Sin(float64(x)/90) + 30*math.Cos(float64(y)/70)
			if x/40%3 == 0 && y/8%2 == 0 { // shelves of books
				v += float64((x*7+y/8*13)%50) - 25
			}
			img.Y[y*img.YStride+x] = limited(v + rnd.Float64()*6)
		}
	}
	for i := range img.Cb {
		x, y := i%img.CStride, i/img.CStride
		img.Cb[i] = limited(120 + 20*math.Sin(float64(x)/60))
		img.Cr[i] = limited(135 + 20*math.Cos(float64(y)/50))
	}
	return img
}

// clipFrame is the background with the inset at its place at time i, and noise.
func clipFrame(still *image.YCbCr, noise []int8, rnd *rand.Rand, i int) *image.YCbCr {
	w, h := still.Rect.Dx(), still.Rect.Dy()
	img := image.NewYCbCr(still.Rect, still.SubsampleRatio)
	copy(img.Cb, still.Cb)
	copy(img.Cr, still.Cr)
	cx := float64(w)/2 + float64(w)/8*math.Sin(float64(i)/9)
	cy := float64(h)/2 + float64(h)/16*math.Sin(float64(i)/5)
	r := float64(min(w, h)) / 4
	for y := range h {
		at := rnd.IntN(len(noise))
		for x := range w {
			v := float64(still.Y[y*still.YStride+x])
			dx, dy := float64(x)-cx, float64(y)-cy
			if dx*dx+dy*dy < r*r { // a textured head that moves and talks
				v = 150 + 30*math.Sin(dx/7+float64(i)/6) + 20*math.Cos(dy/(6+math.Sin(float64(i)/3)))
			}
			img.Y[y*img.YStride+x] = limited(v + float64(noise[(at+x)%len(noise)]))
		}
	}
	return img
}

func limited(v float64) byte { return byte(min(max(v, 16), 235)) }

// clipReader plays a clip to an encoder of mediadevices (pkg/io/video.Reader).
type clipReader struct {
	Clip  *clip
	Pool  *i420.Pool
	Start time.Time
	Limit int               // pictures until io.EOF; 0 for no end
	Each  func(i int)       // if set, called before each picture
	Pick  func(i int) *clip // if set, chooses the clip for each picture

	next int
}

// Read gives the next picture (an *i420.Picture).
func (r *clipReader) Read() (image.Image, func(), error) {
	i := r.next
	if r.Limit > 0 && i >= r.Limit {
		return nil, nil, io.EOF
	}
	r.next++
	film := r.Clip
	if r.Pick != nil {
		film = r.Pick(i)
	}
	if r.Each != nil {
		r.Each(i)
	}
	p := film.At(r.Pool, i, r.Start)
	return p, p.Release, nil
}

// psnr compares the luma of two pictures of one size, in dB.
func psnr(a, b *i420.Picture) float64 {
	var sum float64
	w, h := a.Width(), a.Height()
	for y := range h {
		for x := range w {
			d := float64(a.Y[y*a.YStride+x]) - float64(b.Y[y*b.YStride+x])
			sum += d * d
		}
	}
	if sum == 0 {
		return 100
	}
	return 10 * math.Log10(255*255*float64(w*h)/sum)
}
