package i420

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// landscape is a picture with soft shapes, edges and some noise.
func landscape(pool *Pool, w, h int) *Picture {
	p := pool.Get(w, h)
	rnd := rand.New(rand.NewPCG(1, uint64(w*h)))
	for y := range h {
		for x := range w {
			v := 120 + 60*math.Sin(float64(x)/17) + 40*math.Cos(float64(y)/11)
			p.Y[y*p.YStride+x] = byte(min(max(v+float64(rnd.IntN(7)), 16), 235))
		}
	}
	for y := range (h + 1) / 2 {
		for x := range (w + 1) / 2 {
			p.Cb[y*p.CStride+x] = byte(128 + 50*math.Sin(float64(x+y)/15))
			p.Cr[y*p.CStride+x] = byte(128 + 50*math.Cos(float64(x-y)/19))
		}
	}
	p.CapturedAt = time.Unix(1000, 0)
	return p
}

// differ gives the mean and the largest difference.
func differ(a, b []byte) (mean float64, most int) {
	for i := range a {
		d := int(a[i]) - int(b[i])
		if d < 0 {
			d = -d
		}
		mean += float64(d)
		most = max(most, d)
	}
	return mean / float64(len(a)), most
}

func newPlane(w, h int) plane { return plane{make([]byte, w*h), w, w, h} }

func new420(w, h int) [3]plane {
	cw, ch := (w+1)/2, (h+1)/2
	return [3]plane{newPlane(w, h), newPlane(cw, ch), newPlane(cw, ch)}
}

func randomBytes(n int) []byte {
	rnd := rand.New(rand.NewPCG(3, 4))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(rnd.Uint32())
	}
	return out
}

var sizes = [][2]int{{64, 48}, {640, 360}, {33, 17}, {1, 1}, {2, 3}, {3, 2}, {175, 143}}

// TestBackendsAgree compares this build's conversions with those in Go. With
// the tag noyuv they are the same code.
func TestBackendsAgree(t *testing.T) {
	var pool Pool
	for _, size := range sizes {
		w, h := size[0], size[1]
		t.Run(fmt.Sprintf("%dx%d", w, h), func(t *testing.T) {
			src := landscape(&pool, w, h)
			defer src.Release()
			planes, err := src.planes()
			if err != nil {
				t.Fatal(err)
			}
			near := func(name string, a, b plane, wantMean float64, wantMost int) {
				t.Helper()
				if mean, most := differ(a.pix, b.pix); mean > wantMean || most > wantMost {
					t.Errorf("%s: mean difference %.2f, most %d", name, mean, most)
				}
			}
			a, b := newPlane(4*w, h), newPlane(4*w, h)
			toRGBA(a, planes)
			goToRGBA(b, planes)
			near("to RGBA", a, b, 1, 3)

			near420 := func(name string, a, b [3]plane, wantMean float64, wantMost int) {
				t.Helper()
				for i := range a {
					near(fmt.Sprint(name, " plane ", i), a[i], b[i], wantMean, wantMost)
				}
			}
			x, y := new420(w, h), new420(w, h)
			fromRGBA(x, a)
			goFromRGBA(y, a)
			near420("from RGBA", x, y, 1.5, 4)
			for i := 0; i < len(a.pix); i += 4 {
				a.pix[i], a.pix[i+2] = a.pix[i+2], a.pix[i]
			}
			fromBGRA(x, a)
			near420("from BGRA", x, y, 1.5, 4)

			packed := plane{randomBytes((w + 1) / 2 * 4 * h), (w + 1) / 2 * 4, (w + 1) / 2 * 4, h}
			fromYUYV(x, packed)
			goFromYUYV(y, packed)
			near420("from YUYV", x, y, 0.6, 1)

			luma, pairs := plane{randomBytes(w * h), w, w, h}, plane{randomBytes((w + 1) / 2 * 2 * ((h + 1) / 2)), (w + 1) / 2 * 2, (w + 1) / 2 * 2, (h + 1) / 2}
			fromNV12(x, luma, pairs)
			goFromNV12(y, luma, pairs)
			near420("from NV12", x, y, 0, 0)

			for _, to := range [][2]int{{w, max(h/2, 1)}, {max(w/2, 1), max(h/2, 1)}, {max(w*3/4, 1), max(h*3/4, 1)}, {max(w/5, 1), max(h/5, 1)}, {w * 2, h * 2}, {w + 7, h + 3}, {1, 1}} {
				c, d := newPlane(to[0], to[1]), newPlane(to[0], to[1])
				scalePlane(c, planes[0])
				goScalePlane(d, planes[0])
				near(fmt.Sprintf("scale to %dx%d", to[0], to[1]), c, d, 3, 24)
			}
		})
	}
}

func TestFit(t *testing.T) {
	for _, c := range [][6]int{
		{1280, 720, 640, 640, 640, 360},
		{1280, 720, 3000, 720, 1280, 720},
		{720, 1280, 640, 640, 360, 640},
		{640, 480, 1280, 960, 1280, 960},
		{4000, 1, 100, 100, 100, 1},
		{1, 4000, 100, 100, 1, 100},
		{0, 10, 5, 5, 0, 0},
		{10, 10, 0, 5, 0, 0},
		{10, 10, 5, -1, 0, 0},
	} {
		if w, h := Fit(c[0], c[1], c[2], c[3]); w != c[4] || h != c[5] {
			t.Errorf("%dx%d into %dx%d: %dx%d, want %dx%d", c[0], c[1], c[2], c[3], w, h, c[4], c[5])
		}
	}
}

func TestScaleToRGBAShowsColoursAndMirrors(t *testing.T) {
	var pool Pool
	img := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			c := color.RGBA{230, 20, 20, 255}
			if x >= 32 {
				c = color.RGBA{20, 20, 230, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	p, err := FromImage(&pool, img)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Release()
	for _, mirror := range []bool{false, true} {
		for _, size := range [][2]int{{64, 32}, {32, 16}, {90, 45}} {
			w, h := size[0], size[1]
			dst := make([]byte, 4*w*h)
			if err := ScaleToRGBA(dst, w, h, p, mirror); err != nil {
				t.Fatal(err)
			}
			left, right := dst[4*(h/2*w+w/4):][:4], dst[4*(h/2*w+3*w/4):][:4]
			if mirror {
				left, right = right, left
			}
			for i, want := range []int{230, 20, 20, 255} {
				if d := int(left[i]) - want; d < -6 || d > 6 {
					t.Errorf("%dx%d mirror %v: left is %v", w, h, mirror, left)
					break
				}
			}
			if right[2] < 220 || right[0] > 30 {
				t.Errorf("%dx%d mirror %v: right is %v", w, h, mirror, right)
			}
		}
	}
}

func TestFromImageKeepsPicture(t *testing.T) {
	var pool Pool
	for _, size := range sizes {
		w, h := size[0], size[1]
		src := landscape(&pool, w, h)
		for _, ratio := range []image.YCbCrSubsampleRatio{
			image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio444,
			image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
		} {
			img := image.NewYCbCr(image.Rect(0, 0, w, h), ratio)
			for y := range h {
				for x := range w {
					c := src.YCbCrAt(x, y)
					img.Y[img.YOffset(x, y)] = c.Y
					img.Cb[img.COffset(x, y)], img.Cr[img.COffset(x, y)] = c.Cb, c.Cr
				}
			}
			got, err := FromImage(&pool, img)
			if err != nil {
				t.Fatal(err)
			}
			limit := 2.0
			if ratio == image.YCbCrSubsampleRatio411 || ratio == image.YCbCrSubsampleRatio410 {
				limit = 8 // half the chroma was lost on the way here
			}
			for i, pair := range [][2][]byte{{src.Y, got.Y}, {src.Cb, got.Cb}, {src.Cr, got.Cr}} {
				if mean, _ := differ(pair[0], pair[1]); mean > limit {
					t.Errorf("%v %dx%d plane %d: mean difference %.2f", ratio, w, h, i, mean)
				}
			}
			got.Release()
		}
		got, err := FromImage(&pool, src)
		if err != nil || !got.CapturedAt.Equal(src.CapturedAt) {
			t.Errorf("picture: %v, capture time %v", err, got.CapturedAt)
		}
		got.Release()
		src.Release()
	}
}

func TestFromImageTakesPartsAndOtherKinds(t *testing.T) {
	var pool Pool
	whole := image.NewYCbCr(image.Rect(0, 0, 40, 30), image.YCbCrSubsampleRatio420)
	for i := range whole.Y {
		whole.Y[i] = byte(i)
	}
	part, err := FromImage(&pool, whole.SubImage(image.Rect(5, 7, 40, 30)))
	if err != nil {
		t.Fatal(err)
	}
	if part.Width() != 35 || part.Height() != 23 || part.Y[0] != whole.Y[whole.YOffset(5, 7)] {
		t.Errorf("part is %dx%d, first pixel %d", part.Width(), part.Height(), part.Y[0])
	}
	part.Release()
	for _, img := range []image.Image{
		image.NewGray(image.Rect(0, 0, 5, 3)), image.NewNRGBA(image.Rect(2, 2, 7, 5)),
		image.NewRGBA(image.Rect(-3, -3, 2, 0)), image.NewRGBA(image.Rect(0, 0, 20, 20)).SubImage(image.Rect(3, 3, 8, 6)),
	} {
		p, err := FromImage(&pool, img)
		if err != nil || p.Width() != 5 || p.Height() != 3 || p.Y[0] != 16 || p.Cb[0] != 128 {
			t.Errorf("%T: %v", img, err)
			continue
		}
		p.Release()
	}
}

func TestPackedLayouts(t *testing.T) {
	var pool Pool
	for name, c := range map[string]struct {
		from func(*Pool, []byte, int, int) (*Picture, error)
		data []byte
	}{
		"I420": {FromI420, []byte{1, 2, 3, 4, 50, 60}},
		"NV12": {FromNV12, []byte{1, 2, 3, 4, 50, 60}},
		"NV21": {FromNV21, []byte{1, 2, 3, 4, 60, 50}},
		"YUYV": {FromYUYV, []byte{1, 50, 2, 60, 3, 50, 4, 60}},
	} {
		p, err := c.from(&pool, c.data, 2, 2)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := fmt.Sprint([][]byte{p.Y, p.Cb, p.Cr}); got != "[[1 2 3 4] [50] [60]]" {
			t.Errorf("%s: %s", name, got)
		}
		p.Release()
		if _, err := c.from(&pool, c.data[:len(c.data)-1], 2, 2); !errors.Is(err, ErrSize) {
			t.Errorf("%s one byte short: %v", name, err)
		}
		if _, err := c.from(&pool, c.data, 0, 2); !errors.Is(err, ErrSize) {
			t.Errorf("%s without width: %v", name, err)
		}
	}
}

func TestImpossibleSizesAreRefused(t *testing.T) {
	var pool Pool
	src := landscape(&pool, 16, 16)
	defer src.Release()
	broken := &Picture{YCbCr: src.YCbCr}
	broken.Y = broken.Y[:100]
	hollow := image.NewYCbCr(image.Rect(0, 0, 16, 16), image.YCbCrSubsampleRatio420)
	hollow.Cr = nil
	_, hollowErr := FromImage(&pool, hollow)
	_, hugeErr := FromImage(&pool, image.NewUniform(color.White))
	_, nilErr := FromImage(&pool, nil)
	_, strideErr := FromRGBA(&pool, make([]byte, 4*16*16), 10, 16, 16)
	for name, err := range map[string]error{
		"short buffer":  ScaleToRGBA(make([]byte, 10), 16, 16, src, false),
		"no size":       ScaleToRGBA(make([]byte, 10), 0, 16, src, false),
		"broken source": ScaleToRGBA(make([]byte, 4*8*8), 8, 8, broken, false),
		"broken scale":  Scale(src, broken),
		"hollow image":  hollowErr,
		"endless image": hugeErr,
		"no image":      nilErr,
		"small stride":  strideErr,
	} {
		if !errors.Is(err, ErrSize) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCropEven(t *testing.T) {
	var pool Pool
	odd, even := landscape(&pool, 33, 17), landscape(&pool, 32, 16)
	defer odd.Release()
	defer even.Release()
	p, err := CropEven(&pool, odd)
	if err != nil || p.Width() != 32 || p.Height() != 16 || !p.CapturedAt.Equal(odd.CapturedAt) {
		t.Fatalf("%v", err)
	}
	if p.Y[p.YStride] != odd.Y[odd.YStride] {
		t.Error("second line is not the second line")
	}
	p.Release()
	if p, err = CropEven(&pool, even); err != nil || p != even {
		t.Errorf("an even picture was copied: %v", err)
	}
	p.Release()
	thin := landscape(&pool, 1, 8)
	defer thin.Release()
	if _, err := CropEven(&pool, thin); !errors.Is(err, ErrSize) {
		t.Errorf("one column: %v", err)
	}
}

func BenchmarkToRGBA(b *testing.B) {
	var pool Pool
	src := landscape(&pool, 1280, 720)
	for _, size := range [][2]int{{1280, 720}, {640, 360}, {1000, 562}} {
		w, h := size[0], size[1]
		dst := make([]byte, 4*w*h)
		b.Run(fmt.Sprintf("%s/720p to %dx%d", Backend, w, h), func(b *testing.B) {
			for b.Loop() {
				if err := ScaleToRGBA(dst, w, h, src, false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScale(b *testing.B) {
	var pool Pool
	src, dst := landscape(&pool, 1280, 720), pool.Get(640, 360)
	for b.Loop() {
		if err := Scale(dst, src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFrom(b *testing.B) {
	var pool Pool
	const w, h = 1280, 720
	data := randomBytes(4 * w * h)
	mjpeg := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio422)
	for name, from := range map[string]func() (*Picture, error){
		"YUYV":  func() (*Picture, error) { return FromYUYV(&pool, data, w, h) },
		"NV12":  func() (*Picture, error) { return FromNV12(&pool, data, w, h) },
		"RGBA":  func() (*Picture, error) { return FromRGBA(&pool, data, 4*w, w, h) },
		"BGRA":  func() (*Picture, error) { return FromBGRA(&pool, data, 4*w, w, h) },
		"MJPEG": func() (*Picture, error) { return FromImage(&pool, mjpeg) },
	} {
		b.Run(Backend+"/"+name, func(b *testing.B) {
			for b.Loop() {
				p, err := from()
				if err != nil {
					b.Fatal(err)
				}
				p.Release()
			}
		})
	}
}
