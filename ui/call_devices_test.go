package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/widgets"
)

// lines are those of the open menu, with a star at what is used.
func (d *desk) lines() []string {
	var lines []string
	for _, item := range d.w.callScreen.devices.menu.Items() {
		switch {
		case item.Title:
			lines = append(lines, item.Text+":")
		case item.Checked:
			lines = append(lines, "* "+item.Text)
		default:
			lines = append(lines, item.Text)
		}
	}
	return lines
}

func (d *desk) wantLines(want ...string) {
	d.t.Helper()
	if got := d.lines(); !slices.Equal(got, want) {
		d.t.Errorf("the menu has %q, want %q", got, want)
	}
}

func TestDevicesInACall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	m := d.w.callScreen.devices
	d.key(fyne.KeyA)
	d.wantLines("Microphone:", "* Automatic", "Headset microphone", "Speaker:", "* Automatic", "Headset", "Settings…")
	d.key(fyne.KeyDown)
	d.key(fyne.KeyReturn)
	d.wantAsked("RefreshDevices", "SetDevicePreference 1 mic0, Headset microphone", "SelectDevice 1 mic0")

	// It is used now; a microphone is plugged in, and automatic has a name.
	d.change(func(s *engine.Snapshot) {
		s.Chosen.Microphone, s.InUse.Microphone, s.InUse.Speaker = "mic0", "mic0", "spk0"
		s.Devices = append(s.Devices, engine.Device{Kind: engine.Microphone, ID: "mic1", Name: "Jabra"})
	})
	d.wantLines("Microphone:", "Automatic", "* Headset microphone", "Jabra", "Speaker:", "* Automatic: Headset", "Headset", "Settings…")
	d.change(func(s *engine.Snapshot) { // the chosen one is gone, another stands for it
		s.Devices = slices.DeleteFunc(s.Devices, func(e engine.Device) bool { return e.ID == "mic0" })
		s.InUse.Microphone = "mic1"
	})
	if got := d.lines(); !slices.Contains(got, "* Jabra") {
		t.Errorf("what is used is not marked: %q", got)
	}
	d.key(fyne.KeyM) // keys of the call go on working
	d.wantAsked("SetMuted call-1 true")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	if !contains(m.words.Text(), "You are muted") {
		t.Errorf("it says %q", m.words.Text())
	}
	d.key(fyne.KeyEscape)
	if m.isOpen() || m.root.Visible() || d.w.win.Canvas().Focused() != nil {
		t.Error("Escape does not close it")
	}
	d.wantAsked()
}

func TestCameraInACall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	m := d.w.callScreen.devices
	d.w.win.Canvas().Focus(d.w.callScreen.bar.camera)
	d.key(fyne.KeyDown)
	if !m.isOpen() || !d.fake.Attached("", engine.LocalVideo) {
		t.Fatal("the camera's picture is not shown")
	}
	d.wantLines("Camera:", "* Automatic", "Integrated Camera", "Settings…")
	d.key(fyne.KeyC) // the key that opens it closes it
	if m.isOpen() || d.fake.Attached("", engine.LocalVideo) {
		t.Error("the camera stays open")
	}
	test.Tap(d.w.callScreen.bar.cameraMenu)
	d.showState("call-voice")
	if !contains(m.words.Text(), "Only you see") {
		t.Errorf("with the camera off it says %q", m.words.Text())
	}
	d.change(func(s *engine.Snapshot) { s.Chosen.Camera = engine.DeviceNone })
	d.wantLines("Camera:", "Automatic", "Integrated Camera", "* None", "Settings…")
	if d.fake.Attached("", engine.LocalVideo) {
		t.Error("a camera is open that was not chosen")
	}
	d.asked()
	d.key(fyne.KeyEnd)
	d.key(fyne.KeyReturn)
	if m.isOpen() || !d.w.sheet.isOpen() {
		t.Error("there is no way to the settings")
	}
}

func TestDevicesMenuGives(t *testing.T) {
	d := atHome(t, options{})
	d.key(fyne.KeyEscape)
	altDown := &desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierAlt}
	d.w.win.Canvas().Unfocus()
	d.press(altDown) // nothing to choose for at home
	m := d.w.callScreen.devices
	if m.isOpen() {
		t.Fatal("it opens outside a call")
	}
	d.showState("call")
	for name, leave := range map[string]func(){
		"a click elsewhere": func() { test.Tap(m.away) },
		"its button":        func() { test.Tap(d.w.callScreen.bar.micMenu) },
		"the keypad":        func() { d.w.callScreen.toggleKeypad(); d.w.callScreen.toggleKeypad() },
		"a sheet":           func() { d.w.openMore(); d.w.sheet.close() },
		"the call's end":    func() { d.showState("end"); d.showState("call") },
		"another menu":      func() { d.key(fyne.KeyC); d.key(fyne.KeyC) },
	} {
		d.press(altDown)
		if !m.isOpen() {
			t.Fatalf("before %s: it does not open", name)
		}
		leave()
		if m.isOpen() || m.root.Visible() || m.away.Visible() || d.w.noteHost.layout.atTop {
			t.Errorf("%s does not close it", name)
		}
	}
	d.asked()
}

// A list longer than the window is scrolled by the keyboard.
func TestManyDevicesInASmallWindow(t *testing.T) {
	d := newDesk(t, options{size: small})
	d.showState("call")
	d.change(func(s *engine.Snapshot) {
		for i := range 20 {
			s.Devices = append(s.Devices, engine.Device{Kind: engine.Microphone, ID: string(rune('a' + i)), Name: "Microphone with a name that is long " + string(rune('A'+i))})
		}
	})
	d.key(fyne.KeyA)
	m := d.w.callScreen.devices
	if bottom := m.root.Position().Y + m.root.Size().Height; m.root.Position().Y < 0 || bottom > small.Height-barHeight {
		t.Errorf("it lies at %v to %v", m.root.Position(), bottom)
	}
	d.key(fyne.KeyEnd)
	if m.scroll.Offset.Y == 0 {
		t.Error("the last line is out of sight")
	}
	d.key(fyne.KeyHome)
	if m.scroll.Offset.Y > 40 {
		t.Errorf("the first line is out of sight: %v", m.scroll.Offset.Y)
	}
	for _, b := range []*widgets.Button{d.w.callScreen.bar.micMenu, d.w.callScreen.bar.cameraMenu, d.w.callScreen.bar.end} {
		if b.Position().X+b.Size().Width > small.Width {
			t.Error("the bar is too wide")
		}
	}
	d.key(fyne.KeyEscape)
}
