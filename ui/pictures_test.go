package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
	"tring/ui/widgets"
)

// inVideoCall is a call with both pictures on screen.
func inVideoCall(t *testing.T, o options) *desk {
	t.Helper()
	d := atHome(t, o)
	d.showState("call")
	d.fake.Push("call-1", engine.LocalVideo, 640, 480, nil)
	d.fake.Push("call-1", engine.RemoteVideo, 1280, 720, nil)
	d.until("pictures", func() bool { return d.w.callScreen.layout.over && d.w.callScreen.self.HasPicture() })
	return d
}

func TestSharingAScreen(t *testing.T) {
	d := inVideoCall(t, options{})
	d.fake.SetScreens(uitest.Screens())
	d.key(fyne.KeyS)
	d.until("the screens", d.shareAnswered)
	d.wantAsked("Screens")
	for _, o := range test.LaidOutObjects(d.w.root) {
		if tile, is := o.(*widgets.Tile); is && tile.Name() == "Terminal" {
			test.Tap(tile)
			break
		}
	}
	d.wantAsked("ShareScreen call-1 window:1")
	if d.w.sheet.isOpen() {
		t.Error("the sheet stays")
	}
	d.change(func(s *engine.Snapshot) { s.Calls[0].ScreenShared = true })
	test.Tap(d.button("Stop sharing"))
	d.key(fyne.KeyS)
	d.wantAsked("ShareScreen call-1", "ShareScreen call-1")
	d.key(fyne.KeyV) // the camera in place of the screen
	d.wantAsked("ShareScreen call-1", "SetVideo call-1 true")
}

func TestSharingIsImpossible(t *testing.T) {
	d := inVideoCall(t, options{})
	d.fake.Fail("Screens", &engine.Problem{Cause: "The desktop does not let its screen be seen.", Next: "Use X11."})
	d.openShare(nil)
	if got := d.markup(); !contains(got, "The desktop does not let its screen be seen.", "Use X11.") {
		t.Error("the reason is not said")
	}
	d.fake.Fail("Screens", nil)
	d.fake.SetScreens(uitest.Screens())
	test.Tap(d.button("Refresh"))
	d.until("the screens", d.shareAnswered)
	if !contains(d.markup(), "Screen 1", "1920 × 1080", "Window without a title") {
		t.Error("Refresh does not look again")
	}
}

func TestScreenWords(t *testing.T) {
	for _, tt := range []struct {
		screen     engine.Screen
		name, size string
	}{
		{engine.Screen{Name: "Screen 1 (1280×900)", Width: 1280, Height: 900}, "Screen 1 (1280×900)", ""},
		{engine.Screen{Width: 1280, Height: 900}, "Screen 3", "1280 × 900"},
		{engine.Screen{Kind: engine.Window}, "Window without a title", ""},
	} {
		if name, size := screenName(tt.screen, 2), screenSize(tt.screen); name != tt.name || size != tt.size {
			t.Errorf("got %q %q, want %q %q", name, size, tt.name, tt.size)
		}
	}
}

func TestAnAnswerAfterTheSheetIsGone(t *testing.T) {
	d := inVideoCall(t, options{})
	d.fake.SetScreens(uitest.Screens())
	d.w.openShare(d.w.scene.call)
	d.key(fyne.KeyEscape)
	d.w.presenter.lookups.Wait()
	d.queue.Drain()
	if d.w.sheet.isOpen() || contains(d.markup(), "Screen 1") {
		t.Error("a late answer opens the sheet again")
	}
}

func TestSelfViewKeepsItsCorner(t *testing.T) {
	d := inVideoCall(t, options{})
	s := d.w.callScreen
	for _, step := range []struct {
		dx, dy float32
		want   corner
	}{{-700, 0, bottomLeft}, {0, -600, topLeft}, {2000, 0, topRight}, {0, 600, bottomRight}, {-60, -60, bottomRight}} {
		s.grip.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(step.dx, step.dy)})
		s.grip.DragEnd()
		if s.layout.corner != step.want || d.w.prefs.corner() != step.want {
			t.Fatalf("dragged by %v,%v it is in corner %d, want %d", step.dx, step.dy, s.layout.corner, step.want)
		}
		if at, size := s.self.Position(), s.root.Size(); at.X < 0 || at.Y < 0 || at.X > size.Width || at.Y > size.Height {
			t.Errorf("it is out of sight at %v", at)
		}
	}
	d.w.prefs.p.SetInt(prefCorner, 77)
	if d.w.prefs.corner() != bottomRight {
		t.Error("an unknown corner must be the usual one")
	}
}

func TestSelfViewGoesFromCornerToCorner(t *testing.T) {
	d := inVideoCall(t, options{})
	for _, want := range []corner{bottomLeft, topLeft, topRight, bottomRight} {
		d.key(fyne.KeyP)
		if got := d.w.prefs.corner(); got != want || d.w.callScreen.layout.corner != want {
			t.Errorf("in corner %d, want %d", got, want)
		}
	}
	d.w.callScreen.grip.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(900, 500)})
	if !contains(d.markup(), "Swap the pictures", "Next corner", "Hide my picture") {
		t.Error("the other button of the mouse shows nothing")
	}
	d.w.dropOverlays()
	d.key(fyne.KeyI)
	d.key(fyne.KeyP) // hidden, it stays where it is
	if d.w.prefs.corner() != bottomRight {
		t.Error("a hidden picture moves")
	}
}

func TestSelfViewHidesAndSwaps(t *testing.T) {
	d := inVideoCall(t, options{})
	s := d.w.callScreen
	d.key(fyne.KeyI)
	if s.self.Visible() || !s.selfMark.Visible() || d.fake.Attached("call-1", engine.LocalVideo) {
		t.Error("the picture is not hidden, or nothing says that it is sent")
	}
	test.Tap(s.selfMark)
	if !s.self.Visible() || s.selfMark.Visible() {
		t.Error("it does not come back")
	}
	s.grip.DoubleTapped(nil)
	if got := s.videos.remote.source; got != engine.LocalVideo {
		t.Error("the pictures are not swapped")
	}
	d.change(func(sn *engine.Snapshot) { sn.Calls[0].RemoteVideo = false })
	if s.videos.self.source != engine.LocalVideo || s.remote.Visible() {
		t.Error("without a far picture ours belongs into the corner")
	}
}

func TestBarHidesInAVideoCall(t *testing.T) {
	d := inVideoCall(t, options{})
	s := d.w.callScreen
	hidden := func(want bool, when string) {
		t.Helper()
		if s.bar.root.Visible() == want || s.corner.Visible() == want {
			t.Errorf("%s: hidden must be %t", when, want)
		}
	}
	d.change(func(sn *engine.Snapshot) { sn.Calls[0].Media = engine.MediaFlowing })
	d.tick(2 * time.Second)
	hidden(false, "early")
	d.tick(2 * time.Second)
	hidden(true, "after a while")
	s.sensor.MouseMoved(nil)
	hidden(false, "the pointer moved")
	d.tick(4 * time.Second)
	d.key(fyne.KeyM)
	hidden(false, "a key")
	d.w.openMore()
	d.tick(4 * time.Second)
	hidden(false, "a sheet is open")
	d.key(fyne.KeyEscape)
	d.key(fyne.KeyD)
	d.tick(4 * time.Second)
	hidden(false, "the keypad is open")
	d.key(fyne.KeyEscape)
	s.bar.mic.MouseIn(nil)
	d.tick(4 * time.Second)
	hidden(false, "the pointer is on a button")
	s.bar.mic.MouseOut()
	d.tick(4 * time.Second)
	hidden(true, "idle again")
	d.change(func(sn *engine.Snapshot) { sn.Calls[0].Media = engine.MediaInterrupted })
	hidden(false, "something is wrong")
	d.showState("call-voice")
	d.tick(10 * time.Second)
	hidden(false, "a voice call")
}

func TestCameraPreview(t *testing.T) {
	d := atHome(t, options{})
	d.w.openSettings()
	if !d.fake.Attached("", engine.LocalVideo) {
		t.Fatal("nothing shows the camera")
	}
	d.fake.Push("", engine.LocalVideo, 640, 480, nil)
	d.until("the picture", func() bool { return !contains(d.markup(), "The picture of your camera appears here.") })
	d.change(func(s *engine.Snapshot) {
		s.Chosen.Camera = engine.DeviceNone
		s.Devices = append(s.Devices, engine.Device{Kind: engine.Speaker, ID: "new", Name: "Jabra"})
	})
	if d.fake.Attached("", engine.LocalVideo) || !contains(d.markup(), "No camera is chosen.") {
		t.Error("without a camera the picture stays")
	}
	d.change(func(s *engine.Snapshot) { s.Chosen.Camera = "cam0" })
	if !d.fake.Attached("", engine.LocalVideo) || !contains(d.markup(), "Integrated Camera") {
		t.Error("the list does not follow the choice")
	}
	d.wantAsked("RefreshDevices") // following is not choosing
	d.key(fyne.KeyEscape)
	if d.fake.Attached("", engine.LocalVideo) {
		t.Error("the camera stays open")
	}
	d.w.openSettings()
	d.w.openHelp() // another sheet in its place
	if d.fake.Attached("", engine.LocalVideo) {
		t.Error("the camera stays open behind another sheet")
	}
}
