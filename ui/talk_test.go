package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tring/engine"
	"tring/ui/desktop"
)

// muted is a call with the microphone off.
func muted(t *testing.T) *desk {
	t.Helper()
	d := atHome(t, options{})
	d.showState("call")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	return d
}

// talkMuted opens the muted microphone as Space does.
func (d *desk) talkMuted() {
	d.t.Helper()
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	d.w.talk()
}

func TestHoldSpaceToTalk(t *testing.T) {
	d := muted(t)
	d.log(engine.Event{Name: engine.EventMutedSpeech})
	d.wantSaid("You are muted. Press M to be heard, or hold Space while you speak.")
	d.w.talk()
	d.w.talk() // keys repeat
	d.wantAsked("SetMuted call-1 false")
	d.wantSaid()
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = false })
	d.tick(time.Minute)
	if got := d.w.callScreen.bar.mic.Text(); got != "Heard" || !contains(d.markup(), "You are heard while you hold Space") {
		t.Errorf("nothing says that one is heard; the button says %q", got)
	}
	d.w.endTalk()
	d.w.endTalk()
	d.wantAsked("SetMuted call-1 true")
	if contains(d.markup(), "You are heard") {
		t.Error("it still says that one is heard")
	}
}

// letGo is a system whose space bar is up, whatever Fyne was told.
type letGo struct{ desktop.NoWindows }

func (letGo) SpaceHeld() (held, known bool) { return false, true }

// A screen locker takes the release of the key: the microphone must not stay open.
func TestTalkingEndsWithAReleaseThatSomebodyElseGot(t *testing.T) {
	d := muted(t)
	d.w.talk()
	d.wantAsked("SetMuted call-1 false")
	d.w.windows = letGo{}
	d.tick(time.Second)
	d.wantAsked("SetMuted call-1 true")
}

func TestTalkingEnds(t *testing.T) {
	for name, how := range map[string]func(*desk){
		"the mute key":     func(d *desk) { d.key(fyne.KeyM) },
		"a sheet":          func(d *desk) { d.w.openMore() },
		"the keypad":       func(d *desk) { d.key(fyne.KeyD) },
		"the devices":      func(d *desk) { d.w.callScreen.devices.toggle(d.w.callScreen.bar.micMenu) },
		"another program":  func(d *desk) { d.w.alerts.setAway(true) },
		"Tab":              func(d *desk) { d.w.win.Canvas().Focus(d.w.callScreen.bar.hold); d.tick(time.Second) },
		"a second in hold": func(d *desk) { d.change(func(s *engine.Snapshot) { s.Calls[0].LocalHold = true }); d.tick(time.Second) },
	} {
		d := muted(t)
		d.w.talk()
		d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = false })
		how(d)
		got := d.asked()
		if d.w.talking != "" || len(got) < 2 || got[len(got)-1] != "SetMuted call-1 true" && got[1] != "SetMuted call-1 true" {
			t.Errorf("%s: asked for %q", name, got)
		}
		d.w.stop()
	}
}

func TestNoTalkWhereItMeansNothing(t *testing.T) {
	d := atHome(t, options{})
	d.w.talk() // at home
	d.showState("ringing")
	d.w.talk()
	d.showState("call")
	d.w.talk() // not muted
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted, s.Calls[0].LocalHold = true, true })
	d.w.talk()
	d.wantAsked()
	d.change(func(s *engine.Snapshot) { s.Calls[0].LocalHold = false })
	d.w.openMore()
	d.w.talk()
	d.wantAsked()
	d.key(fyne.KeyEscape)
	d.fake.Fail("SetMuted", &engine.Problem{Cause: "The call is over."})
	d.w.talk()
	if d.w.talking != "" || !contains(d.markup(), "The call is over.") {
		t.Error("a failure is not told")
	}
	d.fake.Fail("SetMuted", nil)
	d.asked()
	d.w.talk()
	d.showState("end") // with the key still down
	d.wantAsked("SetMuted call-1 false")
	d.w.endTalk()
	d.wantAsked()
}

// A muted microphone can be seen while the bar is hidden.
func TestBadgeWhileTheBarIsHidden(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.fake.Push("call-1", engine.RemoteVideo, 1280, 720, nil)
	d.until("the picture", func() bool { return d.w.callScreen.layout.over })
	d.tick(barPatience)
	badge := d.w.callScreen.badge.root
	if !d.w.callScreen.barHidden || badge.Visible() {
		t.Fatal("there is nothing to say")
	}
	for _, tt := range []struct {
		change func(*engine.Call)
		words  []string
	}{
		{func(c *engine.Call) { c.Muted = true }, []string{"Muted"}},
		{func(c *engine.Call) { c.SendingVideo = false }, []string{"Muted", "Camera off"}},
		{func(c *engine.Call) { c.SendingVideo, c.ScreenShared = true, true }, []string{"Muted", "Sharing"}},
		{func(c *engine.Call) { c.Muted, c.ScreenShared = false, false }, nil},
	} {
		d.change(func(s *engine.Snapshot) { tt.change(&s.Calls[0]) })
		var got []string
		for _, p := range d.w.callScreen.badge.parts {
			if p.root.Visible() && badge.Visible() {
				got = append(got, p.word.Text())
			}
		}
		if len(got) != len(tt.words) || !contains(d.markup(), tt.words...) {
			t.Errorf("it says %q, want %q", got, tt.words)
		}
		if bottom := badge.Position().Y + badge.Size().Height; badge.Visible() && (bottom > d.w.callScreen.root.Size().Height || bottom < d.w.callScreen.root.Size().Height-barHeight) {
			t.Errorf("it ends at %v", bottom)
		}
	}
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	d.w.callScreen.touch()
	if badge.Visible() {
		t.Error("it repeats what the bar says")
	}
}

// Keys that come before the engine told what the one before did mean what they
// would have meant after it.
func TestMuteKeysFasterThanTheEngine(t *testing.T) {
	d := muted(t)
	d.key(fyne.KeyM)
	d.key(fyne.KeyM)
	d.key(fyne.KeyM)
	d.wantAsked("SetMuted call-1 false", "SetMuted call-1 true", "SetMuted call-1 false")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = false })
	d.key(fyne.KeyM)
	d.wantAsked("SetMuted call-1 true")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	d.w.talk()
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = false })
	d.w.endTalk()
	d.key(fyne.KeyM) // means: on, though the snapshot has it on still
	d.wantAsked("SetMuted call-1 false", "SetMuted call-1 true", "SetMuted call-1 false")
	d.fake.Fail("SetMuted", engine.ErrWrongState)
	d.key(fyne.KeyM)
	d.key(fyne.KeyM)
	d.wantAsked("SetMuted call-1 true", "SetMuted call-1 true") // it did not happen
}
