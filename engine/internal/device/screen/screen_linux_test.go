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
	"tring/engine/internal/device/screen/x11/x11test"
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

func TestList(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Paint(c.Root(), blue)
	c.Window("Grüße 世界 🎉", image.Rect(10, 10, 410, 310), red)
	latin := c.Window("", image.Rect(420, 10, 620, 110), green)
	c.Property(latin, "WM_NAME", "STRING", 8, []byte("caf\xe9\r\n\x1b[31m"))
	class := c.Window("", image.Rect(420, 120, 620, 220), green)
	c.Property(class, "WM_CLASS", "STRING", 8, []byte("editor\x00Editor\x00"))
	c.Window("tiny", image.Rect(700, 10, 710, 20), green)
	c.Unmap(c.Window("unmapped", image.Rect(10, 400, 110, 500), green))
	dock := c.Window("dock", image.Rect(0, 580, 800, 600), green)
	c.Resize(dock, 800, 40)
	c.Words(dock, "_NET_WM_WINDOW_TYPE", "ATOM", c.Atom("_NET_WM_WINDOW_TYPE_DOCK"))
	hidden := c.Window("hidden", image.Rect(10, 400, 110, 500), green)
	c.Words(hidden, "_NET_WM_STATE", "ATOM", c.Atom("_NET_WM_STATE_HIDDEN"))
	own := c.Window("own", image.Rect(10, 400, 110, 500), green)
	c.Words(own, "_NET_WM_PID", "CARDINAL", uint32(os.Getpid()))
	c.Window("covering", image.Rect(10, 10, 60, 310), white)

	screens := list(t)
	want := []string{"Screen 1 (800×600)", "Grüße 世界 🎉", "café [31m", "Editor", "covering"}
	if got := namesOf(screens); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("listed %q, want %q", got, want)
	}
	whole, window := screens[0], find(t, screens, want[1])
	if whole.Kind != engine.WholeScreen || whole.Width != 800 || whole.Height != 600 {
		t.Errorf("screen: %+v", whole)
	}
	if window.Kind != engine.Window || window.Width != 400 || window.Height != 300 {
		t.Errorf("window: %+v", window)
	}
	for _, s := range screens {
		if s.Thumbnail == nil || s.Thumbnail.Rect.Dx() > 320 || s.Thumbnail.Rect.Dy() > 200 {
			t.Fatalf("%s: thumbnail %v", s.Name, s.Thumbnail)
		}
	}
	if !near(whole.Thumbnail.At(250, 150), blue) || !near(whole.Thumbnail.At(100, 50), red) {
		t.Errorf("screen's thumbnail: %v, %v", whole.Thumbnail.At(250, 150), whole.Thumbnail.At(100, 50))
	}
	if !near(window.Thumbnail.At(200, 100), red) || !near(window.Thumbnail.At(10, 100), 0x808080) {
		t.Errorf("window's thumbnail: %v, covered %v", window.Thumbnail.At(200, 100), window.Thumbnail.At(10, 100))
	}
	c.Words(c.Root(), "_NET_CLIENT_LIST", "WINDOW", latin, own, 0xdeadbeef)
	if got := namesOf(list(t)); strings.Join(got, "|") != "Screen 1 (800×600)|café [31m" {
		t.Errorf("with a client list: %q", got)
	}
}

func TestMonitors(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Paint(c.Root(), blue)
	c.Window("left", image.Rect(0, 0, 400, 600), red)
	c.Monitor("right", image.Rect(400, 0, 800, 600))
	c.Monitor("left", image.Rect(0, 0, 400, 600))
	screens := list(t)
	got := strings.Join(namesOf(screens)[:len(screens)-1], "|")
	if !strings.Contains(got, "(400×600)") || !strings.Contains(got, "Whole desktop (800×600)") {
		t.Fatalf("listed %s", got)
	}
	await(t, open(t, "Whole desktop (800×600)"), "both halves",
		shows(800, 600, map[image.Point]uint32{{100, 100}: red, {700, 100}: blue}))
	var id string
	for _, s := range screens {
		if strings.Contains(s.Name, "400×600") && s.Thumbnail != nil && near(s.Thumbnail.At(60, 40), blue) {
			id = s.ID
		}
	}
	cam, err := Open(deadline(t), id, 60, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer cam.Close()
	await(t, cam, "the right half", shows(400, 600, map[image.Point]uint32{{100, 100}: blue}))
	c.RemoveMonitor("right")
	for {
		p, err := cam.Read()
		if err != nil {
			wantProblem(t, err, "switched off")
			return
		}
		p.Release()
	}
}

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

func TestOpenRefusesNonsense(t *testing.T) {
	x11test.Start(t)
	for _, id := range []string{"", "x", "window:", "window:x", "window:99999999999", "window:4294967295", "monitor:12345", "monitor:-1"} {
		_, err := Open(deadline(t), id, 15, nil, nil)
		wantProblem(t, err, "no longer there")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, "monitor:0", 15, nil, nil); err == nil {
		t.Error("opened after the context's end")
	}
}

func TestServerGone(t *testing.T) {
	server := x11test.Start(t)
	cam := open(t, "Screen 1 (800×600)")
	await(t, cam, "anything", func(*i420.Picture) bool { return true })
	server.Kill()
	var err error
	for err == nil {
		var p *i420.Picture
		if p, err = cam.Read(); err == nil {
			p.Release()
		}
	}
	wantProblem(t, err, "does not answer")
	_, err = List(deadline(t))
	wantProblem(t, err, "cannot be reached")
}

func TestCloseEndsRead(t *testing.T) {
	x11test.Start(t)
	cam := open(t, "Screen 1 (800×600)")
	started, ended := make(chan struct{}), make(chan error)
	go func() { // the test waits for ended
		first := true
		for {
			p, err := cam.Read()
			if err != nil {
				ended <- err
				return
			}
			p.Release()
			if first {
				first = false
				close(started)
			}
		}
	}()
	<-started
	if err := cam.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, engine.ErrClosed) {
		t.Error(err)
	}
}

func TestListWhileCapturing(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Window("w", image.Rect(10, 10, 310, 210), red)
	a, b := open(t, "w"), open(t, "w") // two at once, too
	for range 5 {
		list(t)
		await(t, a, "red", shows(300, 200, map[image.Point]uint32{{100, 100}: red}))
		await(t, b, "red", shows(300, 200, map[image.Point]uint32{{100, 100}: red}))
	}
}

func TestSessionsThatCannotBeShared(t *testing.T) {
	for _, c := range []struct{ display, wayland, kind, cause string }{
		{"", "wayland-0", "", "portal"},
		{":9", "", "wayland", "portal"},
		{":64123", "wayland-0", "x11", "portal"},
		{"", "", "tty", "No display"},
		{":64123", "", "x11", "cannot be reached"},
		{"nonsense", "", "x11", "cannot be reached"},
	} {
		t.Setenv("DISPLAY", c.display)
		t.Setenv("WAYLAND_DISPLAY", c.wayland)
		t.Setenv("XDG_SESSION_TYPE", c.kind)
		_, err := List(deadline(t))
		wantProblem(t, err, c.cause)
		_, err = Open(deadline(t), "monitor:0", 15, nil, nil)
		wantProblem(t, err, c.cause)
	}
}

func BenchmarkCapture720p(b *testing.B) {
	server := x11test.Start(b, "-screen", "0", "1280x720x24")
	c := server.Client(b)
	c.Window("w", image.Rect(0, 0, 1280, 720), red)
	ctx := deadline(b)
	screens, err := List(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range screens {
		cam, err := Open(ctx, s.ID, 15, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		for name, force := range map[string]bool{"changed": true, "unchanged": false} {
			b.Run(s.Name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					p, err := cam.source.grab(force)
					if err != nil {
						b.Fatal(err)
					}
					if p != nil {
						p.Release()
					}
				}
			})
		}
		if err := cam.Close(); err != nil {
			b.Error(err)
		}
	}
}
