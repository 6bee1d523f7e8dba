package main

import (
	"image"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"tring/ui/uitest"
)

// TestE2EScreenshots makes the gallery: the real program with a real
// switchboard and real callers, driven by keys through every screen, in every
// look; make screenshots runs it. What needs luck or a broken network is shown
// by TestE2EScreenshotsOfStates.
func TestE2EScreenshots(t *testing.T) {
	if os.Getenv("TRING_SCREENSHOTS") == "" {
		t.Skip("TRING_SCREENSHOTS names no folder: make screenshots sets it")
	}
	for _, l := range looks() {
		t.Run(l.name, func(t *testing.T) {
			tell := &story{t: t, look: l, album: newAlbum(t, l.name)}
			tell.whole()
			tell.album.sheet()
		})
	}
}

// story is what happens to Alice, at her window, with Bob and Carol.
type story struct {
	t     *testing.T
	look  appearance
	album *album
	s     *screen
	bob   *program
	carol *program
}

// shot keeps a picture that only the full set has.
func (y *story) shot(name string) {
	if !y.look.few {
		y.album.keep(y.s, name)
	}
}

func (y *story) whole() {
	url := exchange(y.t)
	y.s = y.look.screenFor(y.t)
	y.look.prepare(y.s)
	small := []string{"--size", "640x480"}
	y.bob, y.carol = phone(y.t, url, "bob", small...), phone(y.t, url, "carol", small...)
	y.signIn(url)
	y.calls()
	y.holds()
	y.several()
	y.afterwards()
	y.rings()
	for _, p := range []*program{y.bob, y.carol} {
		p.say("quit")
		p.exit()
	}
}

// open starts Alice's window; the one before it has to be gone.
func (y *story) open(env []string, args ...string) (stop func()) {
	y.t.Helper()
	cmd := exec.CommandContext(y.t.Context(), binary(y.t, "tring"), append(args, "--camera", "test", "--microphone", "test", "--speaker", "none")...)
	cmd.Env = append(append(y.s.env(), y.look.env()...), env...)
	background(y.t, cmd)
	y.s.await("the window", func(img image.Image) bool { return colours(img) > 30 })
	y.s.place("Tring", y.look.width*y.look.scale, y.look.height*y.look.scale)
	return func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
}

func (y *story) signIn(url string) {
	stop := y.open(nil)
	y.shot("sign-in")
	stop()
	y.open([]string{"TRING_PASSWORD=secret-alice"}, "--server", url, "--client-id", "tring", "--user", "alice@example.com")
	y.s.pause(time.Second)
	y.shot("home-empty")
	y.s.keys("ctrl+2")
	y.shot("contacts-empty")
	y.s.keys("ctrl+3")
	y.shot("keypad")
	y.s.keys("ctrl+1")
}

// calls has Alice call Bob with video and use the bar.
func (y *story) calls() {
	y.s.tool("type", "bob")
	y.shot("home-typing")
	y.s.keys("ctrl+Return")
	y.bob.await("call:receive")
	y.shot("calling")
	y.bob.say("answer video")
	y.s.await("Bob's picture", showsVideo)
	y.s.pause(time.Second)
	y.album.keep(y.s, "call")
	y.s.keys("d", "1", "2", "numbersign")
	y.shot("call-keypad")
	y.s.keys("Escape", "m", "v")
	y.shot("call-muted-camera-off")
	y.s.tool("keydown", "space")
	y.shot("call-space-held")
	y.s.tool("keyup", "space")
	y.s.keys("m", "v", "a")
	y.shot("call-sound-devices")
	y.s.keys("Escape", "c")
	y.shot("call-camera")
	y.s.keys("Escape", "n")
	y.s.pause(2 * time.Second)
	y.shot("call-numbers")
	y.s.keys("n", "s")
	y.s.pause(time.Second)
	y.shot("share")
	y.s.keys("Escape")
	y.s.tool("type", "t")
	y.shot("transfer")
	y.s.keys("Escape", "question")
	y.shot("keys")
	y.s.keys("Escape")
	y.s.pause(3500 * time.Millisecond)
	y.shot("call-bar-hidden")
}

func (y *story) holds() {
	y.s.keys("h")
	y.bob.await("call:stateChange", "remoteHold", true)
	y.shot("hold-here")
	y.bob.say("hold")
	y.bob.await("call:stateChange", "localHold", true)
	y.shot("hold-both")
	y.s.keys("h")
	y.bob.await("call:stateChange", "remoteHold", false)
	y.shot("hold-there")
	y.bob.say("unhold")
	y.bob.await("call:stateChange", "localHold", false)
	y.bob.say("video off")
	y.bob.await("call:operation", "operation", "removeVideo", "phase", "finish")
	y.shot("their-camera-off")
	y.bob.say("video on")
	y.s.await("Bob's picture", showsVideo)
}

// several has Carol call into the call.
func (y *story) several() {
	y.carol.say("call alice video")
	y.carol.await("call:stateChange", "state", "Ringing")
	y.shot("second-call")
	y.s.keys("ctrl+shift+s")
	y.carol.await("call:stateChange", "state", "Connected")
	y.s.pause(time.Second)
	y.shot("two-calls")
	y.s.keys("ctrl+shift+h")
	y.carol.await("call:stateChange", "state", "Ended")
	y.s.pause(time.Second)
	y.shot("one-left")
	y.s.keys("h")
	y.s.keys("ctrl+shift+h")
	y.bob.await("call:stateChange", "state", "Ended")
	y.shot("end")
	y.s.keys("Escape")
	y.s.pause(6 * time.Second)
}

func (y *story) afterwards() {
	y.s.place("Tring", y.look.width*y.look.scale, y.look.height*y.look.scale)
	y.album.keep(y.s, "home")
	y.s.keys("ctrl+comma")
	y.s.pause(time.Second)
	y.album.keep(y.s, "settings")
	y.s.keys("Tab")
	for _, page := range []string{"sound", "ringing", "window", "account", "help"} {
		y.s.keys("Right")
		y.shot("settings-" + page)
	}
	y.s.keys("Escape")
}

// rings has Bob call: into the open window, then into a hidden one.
func (y *story) rings() {
	y.bob.say("call alice video")
	y.bob.await("call:stateChange", "state", "Ringing")
	y.album.keep(y.s, "ring")
	y.s.keys("ctrl+shift+d")
	y.bob.await("call:stateChange", "state", "Ended")
	if y.look.few {
		return
	}
	y.s.pause(6 * time.Second)
	y.s.tool("search", "--onlyvisible", "--name", "Tring", "windowminimize")
	y.bob.say("call alice video")
	y.bob.await("call:stateChange", "state", "Ringing")
	y.s.pause(time.Second)
	y.album.keep(y.s, "ring-window", true)
	y.bob.say("hangup")
	y.bob.await("call:stateChange", "state", "Ended")
}

// TestE2EScreenshotsOfStates shows what the story cannot bring about at will,
// with a scripted engine: ends of all kinds, faults, long names.
func TestE2EScreenshotsOfStates(t *testing.T) {
	if os.Getenv("TRING_SCREENSHOTS") == "" {
		t.Skip("TRING_SCREENSHOTS names no folder: make screenshots sets it")
	}
	for _, l := range looks() {
		if l.name != "light" && l.name != "dark" {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			a := newAlbum(t, "states-"+l.name)
			s := l.screenFor(t)
			for _, state := range uitest.States() {
				s.showState(a, l, state.Name)
			}
			a.sheet()
		})
	}
}

// showState opens the gallery's window in a state, keeps it and closes it.
func (s *screen) showState(a *album, l appearance, name string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), binary(s.t, "gallery"), "-state", name, "-theme", l.theme)
	cmd.Env = slices.Concat(s.env(), l.env())
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		s.await("the end of "+name, func(img image.Image) bool { return colours(img) < 12 })
	}()
	s.await(name, func(img image.Image) bool { return colours(img) > 30 })
	s.place("Tring", l.width*l.scale, l.height*l.scale)
	a.keep(s, name)
}
