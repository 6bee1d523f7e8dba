package main

import (
	"image"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// again starts the program once more, and tells what it says.
func (s *screen) again(args ...string) (said string, code int) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), binary(s.t, "tring"), args...)
	cmd.Env = s.env()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// TestE2EStartedAgain: a second start brings the first window back from where it
// was minimised, with the keyboard, and hands it a link, which is called by the
// Enter key and not before. What a killed one leaves behind stops nobody.
func TestE2EStartedAgain(t *testing.T) {
	url := exchange(t)
	bob := phone(t, url, "bob", "--size", "320x240")
	a := minimised(t, url, bob)
	a.minimise()
	said, code := a.s.again("sip:bob:pw@example.com;transport=tcp")
	if code != exitOK || !strings.Contains(said, "running already") || strings.Count(said, "\n") != 1 {
		t.Errorf("the second start ends with %d and says %q", code, said)
	}
	a.s.tool("search", "--sync", "--onlyvisible", "--name", "^Tring$")
	for range 50 {
		if a.s.focus() != a.other {
			break
		}
	}
	if a.s.focus() == a.other {
		t.Error("the keyboard stays with the other window")
	}
	album := newAlbum(t, "again")
	album.keep(a.s, "link", true)
	bob.say("calls")
	if calls := bob.await("calls")["calls"].([]any); len(calls) != 0 {
		t.Errorf("the link was called unasked: %v", calls)
	}
	a.s.keys("Return")
	bob.await("call:receive", "from", "alice@example.com")
	if _, code := a.s.again("tel:112"); code != exitOK {
		t.Errorf("a start during a call ends with %d", code)
	}
	album.keep(a.s, "link-in-call", true)
	if said, code := a.s.again("--headless", "tel:112"); code != exitUsage {
		t.Errorf("a link without a window: %d, %q", code, said)
	}
	bob.say("reject")
	bob.await("call:stateChange", "state", "Ended")

	if err := a.s.programs[0].Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = a.s.programs[0].Wait()
	a.s.run(nil, "--server", url)
	a.s.await("the window after a crash", func(img image.Image) bool { return colours(img) > 60 })
	bob.say("quit")
	bob.exit()
}

// TestE2EHidden: a start for the tray shows no window until somebody asks for it.
func TestE2EHidden(t *testing.T) {
	binary(t, "tring")
	b, s := newBus(t), newScreen(t)
	s.run(b.env, "--hidden")
	select {
	case <-b.icon:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing comes into the tray")
	}
	if s.has("^Tring$") {
		t.Error("there is a window")
	}
	if _, code := s.again("sip:bob@example.com"); code != exitOK {
		t.Errorf("the second start ends with %d", code)
	}
	s.await("the window", func(img image.Image) bool { return colours(img) > 60 && s.has("^Tring$") })
	album := newAlbum(t, "hidden")
	album.keep(s, "link-before-sign-in", true)
}
