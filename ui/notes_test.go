package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
)

func deviceEvent(kind engine.DeviceKind, name, undo string) engine.Event {
	return engine.Event{Name: engine.EventDeviceChange, DeviceKind: kind, DeviceName: name, DeviceUndo: undo}
}

func TestDeviceNotes(t *testing.T) {
	d := atHome(t, options{})
	focused := d.w.win.Canvas().Focused()
	d.log(deviceEvent(engine.Microphone, "Jabra", "mic0"), deviceEvent(engine.Speaker, "Jabra", "spk0"))
	d.wantSaid("Now using Jabra as microphone and speaker.")
	if d.w.win.Canvas().Focused() != focused {
		t.Error("a note took the keyboard away")
	}
	test.Tap(d.button("Undo"))
	d.wantAsked("SelectDevice 1 mic0", "SelectDevice 2 spk0")
	d.wantSaid()

	d.log(deviceEvent(engine.Camera, "Front", ""), deviceEvent(engine.Microphone, "", "x"))
	d.wantSaid("Now using Front as camera.")
	if d.w.undoLast() {
		t.Error("there is no way back, and none may be offered")
	}
	d.log(deviceEvent(engine.Camera, "Back", "Front"))
	d.wantSaid("Now using Back as camera.") // Front is not used any more
	d.w.win.Canvas().Unfocus()
	d.press(&fyne.ShortcutUndo{})
	d.wantAsked("SelectDevice 0 Front")
}

func TestDeviceWords(t *testing.T) {
	both := []deviceRole{{kind: engine.Microphone}, {kind: engine.Speaker}}
	for name, want := range map[string]string{
		"Jabra":            "Now using Jabra as microphone and speaker.",
		engine.DeviceNone:  "Now going without microphone and speaker.",
		engine.DeviceAuto:  "Now choosing microphone and speaker automatically.",
		engine.DeviceTest:  "Now using a test signal as microphone and speaker.",
		"/home/a/tune.wav": "Now using tune.wav as microphone and speaker.",
	} {
		if got := deviceWords(name, both); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNotesAreFewAndFade(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	for _, text := range []string{"one", "two", "three"} {
		d.w.say(note{text: text})
		d.tick(time.Second)
	}
	d.wantSaid("two", "three")
	d.tick(noteShown - 2*time.Second)
	d.wantSaid("three")
	d.tick(time.Second)
	d.wantSaid()
	if d.w.noteHost.root.Visible() {
		t.Error("nothing is shown visibly")
	}
}

func TestWhatTheOtherSideDoesIsSaid(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	video := func(on bool) { d.change(func(s *engine.Snapshot) { s.Calls[0].RemoteVideo = on }) }
	hold := func(on bool) {
		d.change(func(s *engine.Snapshot) { s.Calls[0].RemoteHold, s.Calls[0].RemoteVideo = on, !on })
	}
	video(false)
	d.wantSaid("Bob Smith turned the camera off.")
	video(true)
	d.wantSaid("Bob Smith turned the camera on.") // in place of what is no longer so
	hold(true)
	d.wantSaid("Bob Smith turned the camera on.", "Bob Smith put you on hold.")
	hold(false)
	d.wantSaid("Bob Smith turned the camera on.", "Bob Smith is back.") // and nothing new about the camera
	d.tick(noteShown)
	d.change(func(s *engine.Snapshot) { s.Calls[0].LocalHold, s.Calls[0].RemoteVideo = true, false })
	d.change(func(s *engine.Snapshot) { s.Calls[0].LocalHold, s.Calls[0].RemoteVideo = false, false })
	d.change(func(s *engine.Snapshot) { s.Calls[0].RemoteVideo = true })
	d.wantSaid() // our own hold is no news of theirs
}

// The first picture of a video call is no news: somebody who speaks with their
// camera off before it is.
func TestFirstPictureIsNoNews(t *testing.T) {
	for _, sending := range []bool{true, false} {
		d := atHome(t, options{})
		picture := func(on bool) {
			d.change(func(s *engine.Snapshot) { s.Calls[0].SendingVideo, s.Calls[0].RemoteVideo = sending, on })
		}
		c := uitest.Call(engine.Connected, engine.Outgoing, d.now)
		c.SendingVideo, c.RemoteVideo = sending, false
		s := uitest.Registered()
		s.Calls = []engine.Call{c}
		d.show(s)
		picture(true)
		if sending {
			d.wantSaid()
		} else {
			d.wantSaid("Bob Smith turned the camera on.")
		}
	}
}

func TestDigitsFromThere(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	for _, digit := range []string{"5", "#", "1"} {
		d.log(engine.Event{Name: engine.EventCallDTMF, CallID: "call-1", Operation: digit})
	}
	d.wantSaid("Bob Smith pressed 5 # 1")
	for range 60 {
		d.log(engine.Event{Name: engine.EventCallDTMF, CallID: "call-1", Operation: "7"})
	}
	if got := d.w.notes[0].text; len([]rune(got)) > 80 {
		t.Errorf("endless digits make an endless note: %q", got)
	}
}

func TestCommasInTheKeypad(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.typeText(",") // no pad, no pause
	d.wantAsked()
	d.key(fyne.KeyD)
	d.typeText("1,2")
	d.wantAsked("SendDTMF call-1 1", "SendDTMF call-1 ,", "SendDTMF call-1 2")
	if got := d.w.callScreen.keypad.sent.Text(); got != "1,2" {
		t.Errorf("the pad shows %q", got)
	}
}

func TestKeepingNeedsAKeyring(t *testing.T) {
	d := newDesk(t, options{noVault: true, account: uitest.Alice})
	s := d.w.signInScreen
	d.until("the keyring's answer", func() bool { return s.keepNote.Visible() })
	d.showState("signin-busy")
	d.showState("signin-password")
	if !s.keep.Disabled() || s.keep.Checked {
		t.Error("what cannot be done is offered")
	}
	if !d.w.prefs.keep() {
		t.Error("the wish was forgotten for a time when there is a keyring")
	}
}

// What was said about calls is over with them: the end screen says how it was.
func TestNotesOfACallGoWithIt(t *testing.T) {
	d := atHome(t, options{})
	d.showState("one-left")
	d.wantSaid("Carol Jones hung up. Bob Smith is still on hold.")
	d.log(engine.Event{Name: engine.EventDeviceChange, DeviceKind: engine.Speaker, DeviceName: "Jabra", DeviceUndo: "spk0"})
	d.change(func(s *engine.Snapshot) {
		s.Calls = s.Calls[:1]
		s.Calls[0].State, s.Calls[0].EndedAt, s.Calls[0].End.Reason = engine.Ended, d.now, engine.ReasonHungUpThere
	})
	d.wantScreen(screenEnd)
	d.wantSaid("Now using Jabra as speaker.")
}
