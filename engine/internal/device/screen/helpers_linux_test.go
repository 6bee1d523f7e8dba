package screen

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

const (
	red   = 0xe01010
	green = 0x10c020
	blue  = 0x2030e0
	white = 0xf0f0f0
)

func deadline(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// find gives the entry of a name.
func find(t *testing.T, screens []engine.Screen, name string) engine.Screen {
	t.Helper()
	for _, s := range screens {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("%q is not listed: %v", name, namesOf(screens))
	return engine.Screen{}
}

func namesOf(screens []engine.Screen) (out []string) {
	for _, s := range screens {
		out = append(out, s.Name)
	}
	return out
}

func list(t *testing.T) []engine.Screen {
	t.Helper()
	screens, err := List(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	return screens
}

// open opens what List calls name. No Read lasts longer than the test may.
func open(t *testing.T, name string) *Camera {
	t.Helper()
	c, err := Open(deadline(t), find(t, list(t), name).ID, 60, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := context.AfterFunc(deadline(t), func() { _ = c.Close() })
	t.Cleanup(func() {
		stop()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// near reports whether a colour is 0xRRGGBB, up to what conversion loses.
func near(c color.Color, want uint32) bool {
	r, g, b, _ := c.RGBA()
	for i, v := range []uint32{r, g, b} {
		d := int(v>>8) - int(want>>(16-8*i)&0xff)
		if d < -8 || d > 8 {
			return false
		}
	}
	return true
}

// await reads pictures until one fits.
func await(t *testing.T, c *Camera, what string, fits func(*i420.Picture) bool) {
	t.Helper()
	for {
		p, err := c.Read()
		if err != nil {
			t.Fatalf("no picture with %s: %v", what, err)
		}
		ok := fits(p)
		if ok && os.Getenv("TRING_TEST_PICTURES") != "" {
			save(t, what, p)
		}
		p.Release()
		if ok {
			return
		}
	}
}

// save writes a picture for people to look at.
func save(t *testing.T, what string, p *i420.Picture) {
	t.Helper()
	rgba := image.NewRGBA(image.Rect(0, 0, p.Width(), p.Height()))
	if err := i420.ScaleToRGBA(rgba.Pix, p.Width(), p.Height(), p, false); err != nil {
		t.Fatal(err)
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()+" "+what) + ".png"
	f, err := os.Create(os.Getenv("TRING_TEST_PICTURES") + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, rgba), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// shows says that a picture has a size and colours at places.
func shows(w, h int, at map[image.Point]uint32) func(*i420.Picture) bool {
	return func(p *i420.Picture) bool {
		if p.Width() != w || p.Height() != h {
			return false
		}
		for place, want := range at {
			if !near(limited(p, place), want) {
				return false
			}
		}
		return true
	}
}

// limited is the colour at a place, read as BT.601 with limited range, which
// image/color does not know.
func limited(p *i420.Picture, at image.Point) color.Color {
	c := p.YCbCrAt(at.X, at.Y)
	y := 255 * (float64(c.Y) - 16) / 219
	u, v := 255*(float64(c.Cb)-128)/224, 255*(float64(c.Cr)-128)/224
	clamp := func(f float64) uint8 { return uint8(min(max(f+.5, 0), 255)) }
	return color.RGBA{clamp(y + 1.402*v), clamp(y - 0.344*u - 0.714*v), clamp(y + 1.772*u), 255}
}

// wantProblem checks for words that a person can use.
func wantProblem(t *testing.T, err error, cause string) {
	t.Helper()
	p := new(engine.Problem)
	if !errors.As(err, &p) || !strings.Contains(p.Cause, cause) || p.Next == "" {
		t.Fatalf("got %v, want a Problem with %q", err, cause)
	}
}
