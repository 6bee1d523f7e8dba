package screen

import (
	"errors"
	"image"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/device/screen/x11/x11test"
	"tring/engine/internal/i420"
)

func TestWholeScreen(t *testing.T) {
	// Each extension can be missing, and all together; all but XFIXES, without which
	// Xvfb 21.1 crashes when one of several programs ends.
	for _, without := range []string{"nothing", "MIT-SHM", "DAMAGE", "RANDR", "Composite", "MIT-SHM DAMAGE RANDR Composite"} {
		t.Run("without "+without, func(t *testing.T) {
			var args []string
			for _, name := range strings.Fields(without) {
				if without != "nothing" {
					args = append(args, "-extension", name)
				}
			}
			server := x11test.Start(t, args...)
			c := server.Client(t)
			c.Paint(c.Root(), blue)
			w := c.Window("a window", image.Rect(100, 100, 300, 200), red)
			cam := open(t, "Screen 1 (800×600)")
			await(t, cam, "red on blue", shows(800, 600, map[image.Point]uint32{{50, 50}: blue, {250, 150}: red, {310, 210}: blue}))
			c.Fill(w, green, image.Rect(0, 0, 50, 50))
			await(t, cam, "a green corner", shows(800, 600, map[image.Point]uint32{{110, 110}: green, {250, 150}: red}))
			pane := open(t, "a window")
			await(t, pane, "the window", shows(200, 100, map[image.Point]uint32{{10, 10}: green, {190, 90}: red}))
		})
	}
}

func TestPointerIsDrawn(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Point(700, 500)
	c.Paint(c.Root(), 0x808080)
	c.Window("below", image.Rect(100, 100, 400, 400), green)
	c.Window("beside", image.Rect(300, 100, 500, 400), green)
	whole, window := open(t, "Screen 1 (800×600)"), open(t, "below")
	// around is true where something else than the colour is near a place.
	around := func(x, y int, colour uint32, want bool) func(*i420.Picture) bool {
		return func(p *i420.Picture) bool {
			found := false
			for dy := -12; dy < 12; dy++ {
				for dx := -12; dx < 12; dx++ {
					found = found || !near(limited(p, image.Pt(x+dx, y+dy)), colour)
				}
			}
			return found == want
		}
	}
	await(t, whole, "a pointer", around(700, 500, 0x808080, true))
	await(t, window, "no pointer", around(100, 100, green, false))
	c.Point(200, 200)
	await(t, whole, "a pointer over the window", around(200, 200, green, true))
	await(t, whole, "no pointer left behind", around(700, 500, 0x808080, false))
	await(t, window, "a pointer", around(100, 100, green, true))
	c.Point(350, 200) // above the window that covers it
	await(t, window, "no pointer of another window", around(250, 100, green, false))
}

func TestWindowResized(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	w := c.Window("w", image.Rect(10, 10, 310, 210), red)
	cam := open(t, "w")
	await(t, cam, "300x200", shows(300, 200, map[image.Point]uint32{{290, 190}: red}))
	c.Resize(w, 401, 203)
	await(t, cam, "an even size", shows(400, 202, map[image.Point]uint32{{390, 190}: red}))
	c.Resize(w, 2400, 1000)
	c.Fill(w, blue, image.Rect(1200, 0, 2400, 1000))
	await(t, cam, "scaled down", shows(1920, 800, map[image.Point]uint32{{900, 700}: red, {1900, 700}: blue}))
	c.Resize(w, 5, 5)
	p, err := cam.Read() // nothing worth showing: the last picture again
	if err != nil || p.Width() != 1920 {
		t.Fatalf("tiny window: %v", err)
	}
	p.Release()
	c.Resize(w, 64, 48)
	await(t, cam, "small again", shows(64, 48, map[image.Point]uint32{{60, 40}: red}))
}

func TestCoveredWindow(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Paint(c.Root(), blue)
	c.Window("below", image.Rect(100, 100, 400, 300), red)
	cover := c.Window("secret", image.Rect(200, 150, 500, 400), green)
	check := func(what string, want uint32) func(*i420.Picture) bool {
		return func(p *i420.Picture) bool {
			for _, at := range []image.Point{{150, 100}, {299, 199}} {
				if near(limited(p, at), green) {
					t.Errorf("%s: what covers the window is shown", what)
				}
			}
			return shows(300, 200, map[image.Point]uint32{{50, 20}: red, {150, 100}: want})(p)
		}
	}
	cam := open(t, "below")
	await(t, cam, "all of it", check("off the screen", red))
	// Without an off-screen picture its visible part is shown.
	cam.reading.Lock()
	cam.source.(*x11Source).target.(*pane).pixmap = 0
	cam.reading.Unlock()
	await(t, cam, "the visible part", check("visible part", 0x808080))
	c.Destroy(cover)
	await(t, cam, "all uncovered", check("uncovered", red))
}

func TestMinimisedWindow(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	w := c.Window("w", image.Rect(10, 10, 310, 210), red)
	id := find(t, list(t), "w").ID
	cam := open(t, "w")
	await(t, cam, "red", shows(300, 200, map[image.Point]uint32{{100, 100}: red}))
	c.Unmap(w)
	var at time.Time
	for range 2 {
		await(t, cam, "the last picture", func(p *i420.Picture) bool {
			if !p.CapturedAt.After(at) {
				t.Errorf("captured at %v, before that %v", p.CapturedAt, at)
			}
			at = p.CapturedAt
			return shows(300, 200, map[image.Point]uint32{{100, 100}: red})(p)
		})
	}
	_, err := Open(deadline(t), id, 15, nil, nil)
	wantProblem(t, err, "minimised")
	c.Paint(w, green)
	c.Map(w)
	await(t, cam, "green", shows(300, 200, map[image.Point]uint32{{100, 100}: green}))
}

func TestWindowClosed(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	w := c.Window("Grüße", image.Rect(10, 10, 310, 210), red)
	id := find(t, list(t), "Grüße").ID
	cam := open(t, "Grüße")
	await(t, cam, "red", shows(300, 200, map[image.Point]uint32{{100, 100}: red}))
	c.Destroy(w)
	var err error
	for err == nil {
		var p *i420.Picture
		if p, err = cam.Read(); err == nil {
			p.Release()
		}
	}
	wantProblem(t, err, `The window "Grüße" was closed.`)
	if _, err := cam.Read(); !errors.Is(err, engine.ErrDeviceMissing) {
		t.Errorf("and then %v", err)
	}
	_, err = Open(deadline(t), id, 15, nil, nil)
	wantProblem(t, err, "no longer there")
}
