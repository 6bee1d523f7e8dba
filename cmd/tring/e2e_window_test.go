package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// screen is a virtual X display with a window manager.
type screen struct {
	t        testing.TB
	name     string          // ":12"
	home     string          // of all programs on it
	window   image.Rectangle // where place put the window
	programs []*exec.Cmd     // that run opened
	server   int             // process of the X server
}

func newScreen(t testing.TB, extra ...string) *screen {
	t.Helper()
	return newScreenOf(t, 1280, 900, extra...)
}

// newScreenOf is a screen of that many pixels.
func newScreenOf(t testing.TB, width, height int, extra ...string) *screen {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	args := append([]string{"-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp"}, extra...)
	server := exec.CommandContext(t.Context(), "Xvfb", args...)
	server.ExtraFiles = []*os.File{w}
	background(t, server)
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n') // digits and line end may come apart
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	s := &screen{t: t, name: ":" + strings.TrimSpace(number), home: t.TempDir(), server: server.Process.Pid}
	manager := exec.CommandContext(t.Context(), "openbox")
	manager.Env = s.env()
	background(t, manager)
	return s
}

// background starts a helper that is ended with the test.
func background(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 3 * time.Second
	if err := startUsual(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
}

func (s *screen) env() []string {
	return append(os.Environ(), "DISPLAY="+s.name, "LIBGL_ALWAYS_SOFTWARE=1", "LANG=en_US.UTF-8", "HOME="+s.home)
}

// run opens a window on the screen.
func (s *screen) run(env []string, args ...string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), binary(s.t, "tring"), args...)
	cmd.Env = append(s.env(), env...)
	background(s.t, cmd)
	s.programs = append(s.programs, cmd)
}

func (s *screen) tool(args ...string) {
	s.t.Helper()
	if err := s.try(args...); err != nil {
		s.t.Fatal(err)
	}
}

// try is tool for what may fail: xdotool waits for ever for a window that went,
// or that got what it was asked for a moment too early.
func (s *screen) try(args ...string) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), 15*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = s.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %v: %w: %s", args, err, out)
	}
	return nil
}

// look takes a picture of the whole screen.
func (s *screen) look() image.Image {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "import", "-silent", "-window", "root", "png:-")
	cmd.Env = s.env()
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("no screenshot of %s: %v: %s", s.name, err, &complaint)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		s.t.Fatal(err)
	}
	return img
}

// await looks until what is seen fits.
func (s *screen) await(what string, fits func(image.Image) bool) {
	s.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	var img image.Image
	for time.Now().Before(deadline) {
		if img = s.look(); fits(img) {
			return
		}
	}
	s.t.Fatalf("%s is never seen; %d colours and %d vivid points at last: %s", what, colours(img), vivid(img), keep(img))
}

// awaitTitle waits for a window whose title fits the pattern.
func (s *screen) awaitTitle(pattern string) {
	s.t.Helper()
	for begin := time.Now(); !s.has(pattern); {
		if time.Since(begin) > 30*time.Second {
			s.t.Fatalf("there is no window %q: %s", pattern, keep(s.look()))
		}
	}
}

// keep saves what was seen at last, for whoever looks into a failure.
func keep(img image.Image) string {
	f, err := os.CreateTemp("", "tring-e2e-*.png")
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		return err.Error()
	}
	return f.Name()
}

// colours counts how many there are among the pixels of a coarse grid: a blank
// screen has a few.
func colours(img image.Image) int {
	seen := make(map[[3]uint32]bool)
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 4 {
		for x := b.Min.X; x < b.Max.X; x += 4 {
			r, g, b, _ := img.At(x, y).RGBA()
			seen[[3]uint32{r >> 8, g >> 8, b >> 8}] = true
		}
	}
	return len(seen)
}

// vivid counts strongly coloured pixels of the grid: the test pattern's bars
// have tens of thousands of pixels, no other part of the window has as many.
func vivid(img image.Image) int {
	n := 0
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 4 {
		for x := b.Min.X; x < b.Max.X; x += 4 {
			r, g, b, _ := img.At(x, y).RGBA()
			if max(r, g, b)-min(r, g, b) > 100<<8 {
				n++
			}
		}
	}
	return n
}

// showsVideo is a screen that the test pattern fills for a good part, of whose
// points it colours a tenth.
func showsVideo(img image.Image) bool {
	size := img.Bounds().Size()
	return vivid(img) > size.X/4*size.Y/4/10
}

// TestE2EWindowDemo is a new user's first minute: the window comes up, the echo
// contact is called by keyboard, the own picture comes back, the call ends.
func TestE2EWindowDemo(t *testing.T) {
	binary(t, "tring")
	s := newScreen(t)
	s.run([]string{"FYNE_THEME=light"}, "--demo")
	s.dial("echo")
	s.await("the echo's picture", showsVideo)
	s.tool("key", "--clearmodifiers", "ctrl+shift+h")
	s.await("the end of the call", func(img image.Image) bool { return !showsVideo(img) })
}

// TestE2ETwoWindows: one window calls another by keys, which answers by keys.
func TestE2ETwoWindows(t *testing.T) {
	url := exchange(t)
	screens := make(map[string]*screen)
	for _, user := range []string{"alice", "bob"} {
		s := newScreen(t)
		s.run([]string{"FYNE_THEME=light", "TRING_PASSWORD=secret-" + user}, "--server", url, "--client-id", "tring", "--user", user+"@example.com",
			"--camera", "test", "--microphone", "none", "--speaker", "none")
		screens[user] = s
	}
	alice, bob := screens["alice"], screens["bob"]
	bob.await("the account of bob", ready)
	alice.dial("bob")
	bob.await("alice's call", ringing)
	bob.tool("search", "--sync", "--onlyvisible", "--name", "Tring$", "windowfocus", "--sync")
	bob.tool("key", "--clearmodifiers", "ctrl+shift+a")
	bob.await("alice's picture", showsVideo)
	alice.await("bob's picture", showsVideo)
	bob.tool("key", "--clearmodifiers", "ctrl+shift+h")
	alice.await("the end of the call", func(img image.Image) bool { return !showsVideo(img) })
}

// ready finds the word that says that calls can be made, in the light look: the
// green of a state that is good, in a place of its own.
func ready(img image.Image) bool {
	n := 0
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 0x14 && g>>8 == 0x77 && b>>8 == 0x3d {
				n++
			}
		}
	}
	return n > 20
}

// dial calls somebody with video, by keys, from a window in the light look, once
// it says that calls can be made. What is typed once too often would press keys
// in the call: it is typed again only where after a while there is none, which
// the title of the window tells.
func (s *screen) dial(who string) {
	s.t.Helper()
	s.await("the account", ready)
	for range 3 {
		s.tool("search", "--sync", "--onlyvisible", "--name", "^Tring$", "windowfocus", "--sync")
		s.keys("ctrl+a")
		s.tool("type", "--delay", "40", who)
		s.keys("ctrl+Return")
		for range 40 {
			if !s.titled("^Tring$") {
				return
			}
			s.look() // takes as long as it is to wait
		}
	}
	s.t.Fatalf("no call to %s begins: %s", who, keep(s.look()))
}

// titled reports whether a window of that title is to be seen.
func (s *screen) titled(title string) bool {
	cmd := exec.CommandContext(s.t.Context(), "xdotool", "search", "--onlyvisible", "--name", title)
	cmd.Env = s.env()
	return cmd.Run() == nil
}

// ringing finds both colours of the ring view's buttons: a green one to answer
// and a red one to reject.
func ringing(img image.Image) bool {
	green, red := 0, 0
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 4 {
		for x := b.Min.X; x < b.Max.X; x += 4 {
			r, g, b, _ := img.At(x, y).RGBA()
			switch {
			case g>>8 > 90 && r>>8 < 90 && b>>8 < 110 && g > r+(50<<8):
				green++
			case r>>8 > 150 && g>>8 < 90 && b>>8 < 110:
				red++
			}
		}
	}
	return green > 100 && red > 100
}

// TestE2ENoOpenGL: where no window can be drawn, Tring says so and ends.
func TestE2ENoOpenGL(t *testing.T) {
	bin := binary(t, "tring")
	s := newScreen(t, "-extension", "GLX")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "--demo")
	cmd.Env = s.env()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitFailure || !strings.Contains(string(out), "no OpenGL") {
		t.Errorf("%v: %s", err, out)
	}
}
