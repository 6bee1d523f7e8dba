package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"tring/engine"
	"tring/ui/theme"
)

// fakeTray is a desktop's tray.
type fakeTray struct {
	menu  *fyne.Menu
	icon  fyne.Resource
	menus int
}

func (f *fakeTray) SetSystemTrayMenu(m *fyne.Menu)       { f.menu = m; f.menus++ }
func (f *fakeTray) SetSystemTrayIcon(icon fyne.Resource) { f.icon = icon }

func (f *fakeTray) labels() (labels []string) {
	for _, item := range f.menu.Items {
		if !item.IsSeparator {
			labels = append(labels, item.Label)
		}
	}
	return labels
}

func (f *fakeTray) press(t *testing.T, label string) {
	t.Helper()
	for _, item := range f.menu.Items {
		if item.Label == label {
			item.Action()
			return
		}
	}
	t.Fatalf("no %q in %q", label, f.labels())
}

func withTray(t *testing.T) (*desk, *fakeTray) {
	d := atHome(t, options{})
	tray := &fakeTray{}
	d.w.tray = newTray(d.w, tray)
	d.w.tray.update()
	return d, tray
}

func TestTrayShowsTheCall(t *testing.T) {
	d, tray := withTray(t)
	if want := []string{"Ready", "Open Tring", "Quit"}; !slices.Equal(tray.labels(), want) || tray.icon != theme.TrayIcon(theme.BadgeNone) && tray.icon != nil {
		t.Errorf("tray %q, want %q", tray.labels(), want)
	}
	d.showState("call")
	if want := []string{"Ready", "Open Tring", "Mute the microphone", "End the call with Bob Smith", "Quit"}; !slices.Equal(tray.labels(), want) {
		t.Errorf("in a call %q, want %q", tray.labels(), want)
	}
	if tray.icon != theme.TrayIcon(theme.BadgeCall) {
		t.Error("the icon does not show the call")
	}
	tray.press(t, "Mute the microphone")
	d.wantAsked("SetMuted call-1 true")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	if tray.icon != theme.TrayIcon(theme.BadgeMuted) || !tray.menu.Items[3].Checked {
		t.Error("the tray does not say that we are muted")
	}
	menus := tray.menus
	d.change(func(s *engine.Snapshot) { s.Calls[0].RemoteVideo = false })
	if tray.menus != menus {
		t.Error("the menu is made anew though nothing of it changed")
	}
	tray.press(t, "End the call with Bob Smith")
	d.wantAsked("Hangup call-1")
	d.change(func(s *engine.Snapshot) { s.Registration.State = engine.Reconnecting })
	d.change(func(s *engine.Snapshot) { s.Calls = nil })
	if tray.icon != theme.TrayIcon(theme.BadgeOffline) {
		t.Error("the tray does not say that the connection is lost")
	}
}

func TestCloseStaysInTheTray(t *testing.T) {
	d, tray := withTray(t)
	d.showState("call")
	if !d.fake.Attached("call-1", engine.RemoteVideo) {
		t.Fatal("no picture")
	}
	for range 2 {
		d.w.close()
		if !d.w.hidden || d.fake.Sinks() != 0 {
			t.Errorf("hidden: %v, with %d pictures", d.w.hidden, d.fake.Sinks())
		}
		tray.press(t, "Open Tring")
		if d.w.hidden || !d.fake.Attached("call-1", engine.RemoteVideo) {
			t.Error("the picture does not come back")
		}
	}
	if titles, _ := d.desktop.take(); !slices.Equal(titles, []string{"Tring goes on"}) {
		t.Errorf("told %q, want it once", titles)
	}
	if d.closed {
		t.Error("the program ended")
	}
}

func TestQuitAsksInACall(t *testing.T) {
	d, tray := withTray(t)
	d.showState("call")
	d.w.close()
	tray.press(t, "Quit")
	if d.closed || d.w.hidden || !contains(d.markup(), "Quit Tring?", "Bob Smith") {
		t.Error("a call was ended without asking, or nobody can see the question")
	}
	d.key(fyne.KeyEscape)
	if d.closed || d.w.sheet.isOpen() {
		t.Error("Escape does not mean no")
	}
	d.change(func(s *engine.Snapshot) { s.Calls = nil })
	tray.press(t, "Quit")
	if !d.closed {
		t.Error("the program goes on")
	}
}

func TestCloseWithoutTrayQuits(t *testing.T) {
	d := atHome(t, options{})
	d.w.close()
	if !d.closed {
		t.Error("a window without a way back to it was hidden")
	}
}

func TestCloseQuitsIfAskedTo(t *testing.T) {
	d, _ := withTray(t)
	d.w.prefs.setStayInTray(false)
	d.w.close()
	if !d.closed {
		t.Error("the program goes on")
	}
}
