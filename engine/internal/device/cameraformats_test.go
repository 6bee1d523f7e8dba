package device

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
	"testing/synctest"

	"github.com/pion/mediadevices/pkg/frame"

	"tring/engine/internal/i420"
)

// Pictures as cameras lay them out.

func layI420(p *i420.Picture) []byte {
	return bytes.Join([][]byte{p.Y, p.Cb, p.Cr}, nil)
}

func layNV12(p *i420.Picture) []byte {
	out := bytes.Clone(p.Y)
	for i := range p.Cb {
		out = append(out, p.Cb[i], p.Cr[i])
	}
	return out
}

func layNV21(p *i420.Picture) []byte {
	out := bytes.Clone(p.Y)
	for i := range p.Cb {
		out = append(out, p.Cr[i], p.Cb[i])
	}
	return out
}

// layYUYV gives packed 4:2:2, luma first or chroma first.
func layYUYV(p *i420.Picture, lumaFirst bool) (out []byte) {
	for y := range p.Height() {
		for x := 0; x < p.Width(); x += 2 {
			y0, y1 := p.Y[y*p.YStride+x], p.Y[y*p.YStride+x+1]
			u, v := p.Cb[y/2*p.CStride+x/2], p.Cr[y/2*p.CStride+x/2]
			if lumaFirst {
				out = append(out, y0, u, y1, v)
			} else {
				out = append(out, u, y0, v, y1)
			}
		}
	}
	return out
}

func layMJPEG(t *testing.T, p *i420.Picture) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, &p.YCbCr, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Each layout goes the whole way: through the decoder that mediadevices has for
// it, from memory that the driver uses again, into our pictures.
func TestCameraLayouts(t *testing.T) {
	const w, h = 64, 48
	var pool i420.Pool
	want := pool.Get(w, h)
	pattern := newPattern(w, h)
	pattern.draw(want, patternTime)
	for format, data := range map[frame.Format][]byte{
		frame.FormatI420:  layI420(want),
		frame.FormatNV12:  layNV12(want),
		frame.FormatNV21:  layNV21(want),
		frame.FormatYUYV:  layYUYV(want, true),
		frame.FormatYUY2:  layYUYV(want, true),
		frame.FormatUYVY:  layYUYV(want, false),
		frame.FormatMJPEG: layMJPEG(t, want),
	} {
		t.Run(string(format), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := oneOf(t, format, data, w, h)
				defer p.Release()
				if p.Width() != w || p.Height() != h || p.CapturedAt.IsZero() {
					t.Fatalf("%dx%d taken at %v", p.Width(), p.Height(), p.CapturedAt)
				}
				most := 2.0
				if format == frame.FormatMJPEG {
					most = 6 // JPEG loses something
				}
				for i, plane := range [][2][]byte{{p.Y, want.Y}, {p.Cb, want.Cb}, {p.Cr, want.Cr}} {
					if d := apart(plane[0], plane[1]); d > most {
						t.Errorf("plane %d is %.1f off", i, d)
					}
				}
			})
		})
	}
}

// oneOf gives the third picture of a camera that sends these bytes over and over,
// but the second time only a third of them, which has to be skipped.
func oneOf(t *testing.T, format frame.Format, data []byte, w, h int) *i420.Picture {
	t.Helper()
	decoder, err := frame.NewDecoder(format)
	if err != nil {
		t.Fatal(err)
	}
	memory := make([]byte, len(data))
	d := works()
	d.formats[0].Width, d.formats[0].Height, d.formats[0].FrameFormat = w, h, format
	d.frames = func(n int) (image.Image, error) {
		clear(memory) // as the driver does when the next picture comes in
		length := copy(memory, data)
		if n == 1 {
			length /= 3
		}
		img, _, err := decoder.Decode(memory[:length], w, h)
		return img, err
	}
	c, err := fakes(t, map[string]*fakeDriver{"usb-first;video0": d}).
		open(t.Context(), "auto", CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if d.asked.FrameFormat != format || d.asked.FrameRate != 30 {
		t.Errorf("asked for %v", d.asked.Video)
	}
	var last *i420.Picture
	for range 3 {
		p, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		if last != nil {
			last.Release()
		}
		last = p
	}
	return last
}

// apart is the mean difference of two planes.
func apart(a, b []byte) float64 {
	if len(a) != len(b) {
		return 255
	}
	sum := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		sum += max(d, -d)
	}
	return float64(sum) / float64(len(a))
}
