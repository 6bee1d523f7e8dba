package screen

import (
	"image"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tring/engine"
	"tring/engine/internal/device/screen/x11/x11test"
	"tring/engine/internal/i420"
)

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

// TestListUnderCompositor: a compositing manager keeps windows whole, and so are
// their small pictures.
func TestListUnderCompositor(t *testing.T) {
	server := x11test.Start(t)
	c := server.Client(t)
	c.Composite()
	c.Window("below", image.Rect(100, 100, 400, 300), red)
	c.Window("above", image.Rect(200, 150, 500, 400), green)
	below := find(t, list(t), "below")
	if below.Thumbnail == nil || !near(below.Thumbnail.At(150, 100), red) || !near(below.Thumbnail.At(20, 20), red) {
		t.Errorf("covered window's thumbnail: %v", below.Thumbnail)
	}
	cam := open(t, "below")
	p, err := cam.Read() // whole from the first picture on
	if err != nil || !near(limited(p, image.Pt(150, 100)), red) {
		t.Fatalf("first picture: %v", err)
	}
	p.Release()
}

// TestWindowManager shares a window that a window manager has put into a frame.
func TestWindowManager(t *testing.T) {
	path, err := exec.LookPath("openbox")
	if err != nil {
		t.Skip("openbox is not installed: .ci/deps test does so")
	}
	server := x11test.Start(t)
	c := server.Client(t)
	wm := exec.CommandContext(t.Context(), path, "--sm-disable")
	wm.Env = append(os.Environ(), "HOME="+t.TempDir())
	if err := wm.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = wm.Process.Kill()
		_ = wm.Wait()
	}()
	w := c.Window("framed", image.Rect(50, 50, 350, 250), red)
	ctx := deadline(t)
	for c.Parent(w) == c.Root() { // openbox takes it over when it is ready
		if ctx.Err() != nil {
			t.Fatal("openbox does not manage the window")
		}
		runtime.Gosched()
	}
	var names []string
	for !slices.Contains(names, "framed") && ctx.Err() == nil {
		names = namesOf(list(t))
	}
	cam := open(t, "framed")
	await(t, cam, "the window without its frame", shows(300, 200, map[image.Point]uint32{{1, 1}: red, {298, 198}: red}))
	c.Window("above", image.Rect(50, 50, 450, 350), green)
	for range 2 {
		await(t, cam, "the window whole", shows(300, 200, map[image.Point]uint32{{1, 1}: red, {150, 100}: red}))
	}
	c.Destroy(w)
	for err == nil {
		var p *i420.Picture
		if p, err = cam.Read(); err == nil {
			p.Release()
		}
	}
	wantProblem(t, err, "was closed")
}
