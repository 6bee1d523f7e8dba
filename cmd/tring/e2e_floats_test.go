package main

import (
	"image"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// away is Alice's window, minimised, while she types into another one.
type away struct {
	s     *screen
	bob   *program
	other string // window that has the keyboard
}

func minimised(t testing.TB, url string, bob *program) *away {
	t.Helper()
	a := &away{s: newScreen(t), bob: bob}
	a.s.run([]string{"TRING_PASSWORD=secret-alice", "FYNE_THEME=light"}, "--server", url, "--client-id", "tring", "--user", "alice@example.com",
		"--camera", "test", "--microphone", "none", "--speaker", "none")
	a.s.await("the window", func(img image.Image) bool { return colours(img) > 60 })
	a.s.place("Tring", 1000, 680)
	other := exec.CommandContext(t.Context(), "xev", "-name", "other", "-geometry", "300x200+50+600")
	other.Env = a.s.env()
	background(t, other)
	a.s.tool("search", "--sync", "--onlyvisible", "--name", "^other$", "windowactivate", "--sync", "windowfocus", "--sync")
	a.other = a.s.focus()
	return a
}

// focus is the window that the keyboard is with.
func (s *screen) focus() string {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "xdotool", "getwindowfocus")
	cmd.Env = s.env()
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("nothing has the keyboard: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func (a *away) minimise() {
	a.s.t.Helper()
	a.s.tool("search", "--onlyvisible", "--name", "Tring", "windowminimize")
}

// has reports whether a window of that name stands on the screen. Asking takes
// some milliseconds; xdotool's own waiting looks twice a second only.
func (s *screen) has(name string) bool {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "xdotool", "search", "--onlyvisible", "--name", name)
	cmd.Env = s.env()
	return cmd.Run() == nil
}

// TestE2ERingWindow: a call rings in a window of its own at the top right,
// whoever has the keyboard keeps it, and the buttons do what they say.
func TestE2ERingWindow(t *testing.T) {
	url := exchange(t)
	bob := phone(t, url, "bob", "--size", "320x240")
	a := minimised(t, url, bob)
	album := newAlbum(t, "floats")
	a.minimise()
	bob.say("call alice video")
	bob.await("call:stateChange", "state", "Ringing")
	a.s.await("the ring window", ringing)
	if now := a.s.focus(); now != a.other {
		t.Errorf("the keyboard went from window %s to %s", a.other, now)
	}
	album.keep(a.s, "ring", true)
	a.s.tool("mousemove", "1010", "296", "click", "1") // Decline
	bob.await("call:stateChange", "state", "Ended", "reason", "Declined")
	a.s.await("its end", func(img image.Image) bool { return !ringing(img) })

	bob.say("call alice video")
	bob.await("call:stateChange", "state", "Ringing")
	a.s.await("the second ring window", ringing)
	a.s.tool("mousemove", "1078", "188", "click", "1") // Answer with video
	bob.await("call:stateChange", "state", "Connected")
	a.s.await("Bob's picture", showsVideo)

	a.minimise()
	a.s.await("the small picture", func(img image.Image) bool { return vivid(img) > 500 && !showsVideo(img) })
	album.keep(a.s, "picture-in-picture", true)
	bob.say("hangup")
	bob.await("call:stateChange", "state", "Ended")
	a.s.await("the end of the small picture", func(img image.Image) bool { return vivid(img) < 300 })
	bob.say("quit")
	bob.exit()
}

// BenchmarkE2ERingWindow reports how long it takes from the caller's click
// until the ring window stands on the called one's screen, two programs and a
// switchboard on one machine.
//
//	make build
//	TRING_E2E_BIN=$PWD/bin go test -run '^$' -bench RingWindow -benchtime 10x ./cmd/tring
func BenchmarkE2ERingWindow(b *testing.B) {
	url := exchange(b)
	bob := phone(b, url, "bob", "--size", "320x240")
	a := minimised(b, url, bob)
	a.minimise()
	var all []time.Duration
	for b.Loop() {
		begin := time.Now()
		bob.say("call alice video")
		for !a.s.has("is calling") {
			if time.Since(begin) > 10*time.Second {
				b.Fatal("the ring window is never seen")
			}
		}
		all = append(all, time.Since(begin))
		bob.say("hangup")
		bob.await("call:stateChange", "state", "Ended")
		a.s.await("its end", func(img image.Image) bool { return !ringing(img) })
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Milliseconds()), "p50-ms")
	b.ReportMetric(float64(all[len(all)-1].Milliseconds()), "max-ms")
	b.ReportMetric(0, "ns/op")
}
