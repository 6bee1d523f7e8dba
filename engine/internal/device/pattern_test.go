package device

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

var patternTime = time.Date(2026, 3, 14, 15, 9, 26, 535_000_000, time.UTC)

// TestWritePattern writes the picture where TRING_PATTERN_PNG says, for
// looking at it.
func TestWritePattern(t *testing.T) {
	path := os.Getenv("TRING_PATTERN_PNG")
	if path == "" {
		t.Skip("TRING_PATTERN_PNG is not set")
	}
	for _, size := range [][2]int{{640, 480}, {1280, 720}, {320, 180}} {
		p := new(i420.Pool).Get(size[0], size[1])
		newPattern(size[0], size[1]).draw(p, patternTime)
		f, err := os.Create(fmt.Sprintf("%s-%d.png", path, size[0]))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, toRGBA(p)); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

// toRGBA converts BT.601 video range, slowly.
func toRGBA(p *i420.Picture) *image.RGBA {
	img := image.NewRGBA(p.Rect)
	clamp := func(v float64) uint8 { return uint8(max(0, min(255, v+0.5))) }
	for y := range p.Height() {
		for x := range p.Width() {
			l := 1.164 * (float64(p.Y[y*p.YStride+x]) - 16)
			cb := float64(p.Cb[y/2*p.CStride+x/2]) - 128
			cr := float64(p.Cr[y/2*p.CStride+x/2]) - 128
			img.SetRGBA(x, y, color.RGBA{clamp(l + 1.596*cr), clamp(l - 0.392*cb - 0.813*cr), clamp(l + 2.017*cb), 255})
		}
	}
	return img
}

func BenchmarkPattern(b *testing.B) {
	for _, size := range [][2]int{{640, 480}, {1280, 720}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			pattern := newPattern(size[0], size[1])
			p := new(i420.Pool).Get(size[0], size[1])
			b.ReportAllocs()
			for b.Loop() {
				pattern.draw(p, patternTime)
			}
		})
	}
}

// TestPatternGolden notices when the picture changes. On other processors the
// last bit of a shade may differ, since they round products differently.
func TestPatternGolden(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("golden for amd64")
	}
	const want = "3381fcfdcd092a8a"
	p := new(i420.Pool).Get(640, 480)
	newPattern(640, 480).draw(p, patternTime)
	sum := sha256.New()
	sum.Write(p.Y)
	sum.Write(p.Cb)
	sum.Write(p.Cr)
	if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != want {
		t.Errorf("picture is %s, want %s; look at it (TRING_PATTERN_PNG) before changing the golden", got, want)
	}
}

// TestPatternSizes draws at all kinds of sizes and times: nothing may write
// outside.
func TestPatternSizes(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 3}, {17, 9}, {33, 200}, {120, 90}, {161, 121}, {321, 241}, {1280, 721}} {
		pattern := newPattern(size[0], size[1])
		p := new(i420.Pool).Get(size[0], size[1])
		for i := range 50 {
			at := patternTime.Add(time.Duration(i) * 147 * time.Millisecond)
			pattern.draw(p, at)
			if size[0] >= 120 {
				if code, ok := TimeCode(p); !ok || code != stamp(at) {
					t.Fatalf("%v: time code %d, %v, want %d", size, code, ok, stamp(at))
				}
			}
		}
	}
}

// TestTimeCodeScaled reads the code from pictures scaled by halves, odd
// factors and back up, with noise as an encoder leaves it.
func TestTimeCodeScaled(t *testing.T) {
	p := new(i420.Pool).Get(640, 480)
	pattern := newPattern(640, 480)
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][2]int{{640, 480}, {320, 240}, {160, 120}, {480, 360}, {427, 320}, {1280, 960}, {213, 160}} {
		for i := range 20 {
			at := patternTime.Add(time.Duration(i) * 1234567 * time.Microsecond)
			pattern.draw(p, at)
			s := scaleLuma(p, size[0], size[1])
			for j := range s.Y {
				s.Y[j] = byte(max(0, min(255, int(s.Y[j])+random.IntN(41)-20)))
			}
			if code, ok := TimeCode(s); !ok || code != stamp(at) {
				t.Fatalf("%v: time code %d, %v, want %d", size, code, ok, stamp(at))
			}
		}
	}
}

// scaleLuma is a bilinear scaler.
func scaleLuma(p *i420.Picture, width, height int) *i420.Picture {
	s := new(i420.Pool).Get(width, height)
	at := func(x, y int) float64 {
		return float64(p.Y[min(max(y, 0), p.Height()-1)*p.YStride+min(max(x, 0), p.Width()-1)])
	}
	for y := range height {
		fy := (float64(y)+0.5)*float64(p.Height())/float64(height) - 0.5
		iy := int(math.Floor(fy))
		for x := range width {
			fx := (float64(x)+0.5)*float64(p.Width())/float64(width) - 0.5
			ix := int(math.Floor(fx))
			u, v := fx-float64(ix), fy-float64(iy)
			s.Y[y*s.YStride+x] = byte(at(ix, iy)*(1-u)*(1-v) + at(ix+1, iy)*u*(1-v) + at(ix, iy+1)*(1-u)*v + at(ix+1, iy+1)*u*v + 0.5)
		}
	}
	return s
}

func TestTimeCodeAbsent(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	p := new(i420.Pool).Get(640, 480)
	for i := range 256 {
		fill(p.Y, byte(i))
		if _, ok := TimeCode(p); ok {
			t.Fatalf("a plain picture of %d has a time code", i)
		}
	}
	for i := range p.Y {
		p.Y[i] = byte(random.Uint32())
	}
	if _, ok := TimeCode(p); ok {
		t.Fatal("noise has a time code")
	}
	pattern := newPattern(640, 480)
	pattern.draw(p, patternTime)
	for cell := range codeCells { // one wrong cell is always noticed
		pattern.draw(p, patternTime)
		for y := 464; y < 480; y++ {
			for x := range 16 {
				i := y*p.YStride + cell*16 + x
				p.Y[i] = codeBlack + codeWhite - p.Y[i]
			}
		}
		if _, ok := TimeCode(p); ok {
			t.Fatalf("cell %d inverted and not noticed", cell)
		}
	}
}

func TestTestCamera(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := OpenCamera(t.Context(), engine.DeviceTest, CameraFormat{Width: 320, Height: 240, FPS: 12.5}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for i := range 50 {
			p, err := c.Read()
			if err != nil {
				t.Fatal(err)
			}
			if got := p.CapturedAt.Sub(start); got != time.Duration(i)*80*time.Millisecond {
				t.Fatalf("picture %d at %v", i, got)
			}
			if code, ok := TimeCode(p); !ok || code != stamp(time.Now()) {
				t.Fatalf("picture %d says %d, %v", i, code, ok)
			}
			p.Release()
		}
		<-time.After(80 * time.Millisecond)
		closeUnblocks(t, c)
	})
}
