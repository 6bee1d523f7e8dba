package main

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tring/ui/store"
)

// appearance is how the program is shown in the gallery: its colours, its scale, the
// size of its window and its language.
type appearance struct {
	name          string
	theme         string // light or dark
	scale         int    // 1 for 100 %
	width, height int    // of the window, at 100 %
	locale        string
	chosen        map[string]string // in the settings, as they are kept
	few           bool              // the four screens that every language is looked at in
}

// looks are what make screenshots shows the whole story in.
func looks() []appearance {
	return []appearance{
		{name: "light", theme: "light", scale: 1, width: 1000, height: 680},
		{name: "dark", theme: "dark", scale: 1, width: 1000, height: 680},
		{name: "light-200", theme: "light", scale: 2, width: 1000, height: 680},
		{name: "dark-200", theme: "dark", scale: 2, width: 1000, height: 680},
		{name: "small", theme: "light", scale: 1, width: 480, height: 640},
		{name: "large", theme: "dark", scale: 1, width: 1600, height: 1000},
		{name: "contrast", theme: "dark", scale: 1, width: 1000, height: 680, chosen: map[string]string{"theme": "high-contrast"}},
		{name: "zoomed", theme: "light", scale: 1, width: 1000, height: 900, chosen: map[string]string{"zoom": "150"}},
		{name: "german", theme: "light", scale: 1, width: 1000, height: 680, locale: "de_DE.UTF-8", few: true},
		{name: "german-small", theme: "dark", scale: 1, width: 480, height: 640, locale: "de_DE.UTF-8", few: true},
		{name: "arabic", theme: "light", scale: 1, width: 1000, height: 680, locale: "ar_EG.UTF-8", few: true},
	}
}

// env is what makes a program look so.
func (l appearance) env() []string {
	env := []string{"FYNE_THEME=" + l.theme, "FYNE_SCALE=" + strconv.Itoa(l.scale)}
	if l.chosen != nil {
		env = env[:1] // as the settings say
	}
	if l.locale != "" {
		env = append(env, "LANG="+l.locale, "LC_ALL="+l.locale, "LANGUAGE=")
	}
	return env
}

// prepare makes the choices before the program starts.
func (l appearance) prepare(s *screen) {
	if l.chosen == nil {
		return
	}
	kept, err := store.Open(s.t.Context(), filepath.Join(s.home, ".config", "tring", "tring.db"), time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	for key, value := range l.chosen {
		if err := kept.SetSetting(key, value); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := kept.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// screenFor is a display with room for the window and what stands beside it.
func (l appearance) screenFor(t testing.TB) *screen {
	return newScreenOf(t, l.width*l.scale+120, l.height*l.scale+100)
}

// album keeps pictures in a folder, numbered in the order of the story.
type album struct {
	t      testing.TB
	folder string
	n      int
}

// newAlbum begins a folder anew below the one that TRING_SCREENSHOTS names.
// Without it nothing is kept.
func newAlbum(t testing.TB, name string) *album {
	t.Helper()
	a := &album{t: t}
	if root := os.Getenv("TRING_SCREENSHOTS"); root != "" {
		a.folder = filepath.Join(root, name)
		if err := os.RemoveAll(a.folder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(a.folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// keep saves the screen once it has come to rest, cut to the window unless
// whole is set.
func (a *album) keep(s *screen, name string, whole ...bool) {
	a.t.Helper()
	if a.folder == "" {
		return
	}
	a.n++
	img := s.settled()
	if len(whole) == 0 {
		img = crop(img, s.window)
	}
	f, err := os.Create(filepath.Join(a.folder, fmt.Sprintf("%02d-%s.png", a.n, name)))
	if err != nil {
		a.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		a.t.Fatal(err)
	}
}

// sheet puts all pictures of the album on one.
func (a *album) sheet() {
	a.t.Helper()
	pictures, err := filepath.Glob(filepath.Join(a.folder, "[0-9]*.png"))
	if err != nil || len(pictures) == 0 {
		return
	}
	slices.Sort(pictures)
	args := append(slices.Clone(pictures), "-geometry", "640x440>+6+6", "-tile", "4x", "-background", "#808080",
		"-set", "label", "%t", filepath.Join(a.folder, "sheet.png"))
	if out, err := exec.CommandContext(a.t.Context(), "montage", args...).CombinedOutput(); err != nil {
		a.t.Logf("no contact sheet: %v: %s", err, out)
	}
}

// settled looks until nothing moves any more, a few times at most: pictures
// of a camera never rest.
func (s *screen) settled() image.Image {
	s.t.Helper()
	before := s.look()
	for range 4 {
		after := s.look()
		if same(before, after) {
			return after
		}
		before = after
	}
	return before
}

// same compares two pictures on a coarse grid.
func same(a, b image.Image) bool {
	bounds := a.Bounds()
	if bounds != b.Bounds() {
		return false
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

// crop cuts a window out of the screen; all of it if there is none.
func crop(img image.Image, window image.Rectangle) image.Image {
	window = window.Intersect(img.Bounds())
	cutter, can := img.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if window.Empty() || !can {
		return img
	}
	return cutter.SubImage(window)
}

// place puts the window of that title at the top left, gives it a size in
// pixels and the keyboard, and remembers where it is.
func (s *screen) place(title string, width, height int) {
	s.t.Helper()
	placed := func() error {
		return s.try("search", "--sync", "--onlyvisible", "--name", "^"+title+"$", "windowsize", "--sync", strconv.Itoa(width), strconv.Itoa(height),
			"windowmove", "40", "50", "windowactivate", "--sync", "windowfocus", "--sync")
	}
	if placed() != nil {
		if err := placed(); err != nil {
			s.t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(s.t.Context(), "xwininfo", "-name", title)
	cmd.Env = s.env()
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("no geometry of %s: %v", title, err)
	}
	values := map[string]int{}
	for line := range strings.Lines(string(out)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		values[key], _ = strconv.Atoi(strings.TrimSpace(value))
	}
	x, y := values["Absolute upper-left X"], values["Absolute upper-left Y"]
	s.window = image.Rect(x, y, x+values["Width"], y+values["Height"])
	s.await("the contents of "+title, func(img image.Image) bool { return colours(crop(img, s.window)) > 24 })
}

// keys presses keys one after another.
func (s *screen) keys(names ...string) {
	s.t.Helper()
	s.tool(append([]string{"key", "--clearmodifiers", "--delay", "60"}, names...)...)
}

// click presses the left button at a place of the window, in its own pixels.
func (s *screen) click(x, y int) {
	s.t.Helper()
	s.tool("mousemove", strconv.Itoa(s.window.Min.X+x), strconv.Itoa(s.window.Min.Y+y), "click", "1")
}

// pause lets time go by that a person would take: between steps whose end
// nothing on the screen tells, and in the gallery alone.
func (s *screen) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.t.Context().Done():
	}
}
