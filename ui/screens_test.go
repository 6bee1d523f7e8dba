package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/uitest"
	"tring/ui/widgets"
)

// small is the least window that everything must fit into.
var small = fyne.NewSize(480, 640)

// Every state of every screen as markup: what is where, with which words and
// colours. A changed file is to be looked at with uitest/gallery.
func TestScreens(t *testing.T) {
	for _, s := range uitest.States() {
		t.Run(s.Name, func(t *testing.T) {
			d := newDesk(t, options{demo: s.Demo, filled: s.Filled, account: uitest.Alice})
			d.showState(s.Name)
			d.log(uitest.SampleEvents(start)...)
			d.resize(windowSize)
			test.AssertRendersToMarkup(t, s.Name+".xml", d.w.win.Canvas())
			d.asked()
		})
	}
}

func TestScreensInASmallWindow(t *testing.T) {
	for _, name := range []string{
		"signin-password", "home-demo", "home-notice", "ring-long", "call-long", "second", "two", "call-held-both",
		"call-offline-cut", "call-shared", "call-device", "transfer-failed",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, options{demo: name == "home-demo", account: uitest.Alice, size: small})
			d.showState(name)
			d.log(uitest.SampleEvents(start)...)
			d.resize(small)
			test.AssertRendersToMarkup(t, "small-"+name+".xml", d.w.win.Canvas())
		})
	}
}

// Arabic begins at the right: what leads stands there, and lines end at the left.
func TestScreensFromTheRight(t *testing.T) {
	for _, name := range []string{"home-full", "ring", "call"} {
		t.Run(name, func(t *testing.T) {
			speaking(t, "ar")
			widgets.SetRightToLeft(true)
			t.Cleanup(func() { widgets.SetRightToLeft(false) })
			d := newDesk(t, options{filled: name == "home-full", account: uitest.Alice})
			d.showState(name)
			d.resize(windowSize)
			test.AssertRendersToMarkup(t, "arabic-"+name+".xml", d.w.win.Canvas())
		})
	}
}

func TestSheets(t *testing.T) {
	tests := []struct {
		name, state string
		open        func(*desk)
	}{
		{"settings-picture", "home", func(d *desk) { d.w.openSettings() }},
		{"settings-sound", "home", func(d *desk) { d.w.openSettingsAt(pageSound) }},
		{"settings-ringing", "home", func(d *desk) { d.w.openSettingsAt(pageRinging) }},
		{"settings-window", "home", func(d *desk) { d.w.openSettingsAt(pageWindow) }},
		{"settings-account", "home", func(d *desk) { d.w.openSettingsAt(pageAccount) }},
		{"settings-help", "home", func(d *desk) { d.w.openSettingsAt(pageHelp) }},
		{"help", "home", func(d *desk) { d.w.openHelp() }},
		{"more", "call", func(d *desk) { d.w.openMore() }},
		{"transfer", "call", func(d *desk) { d.w.openTransfer(d.w.scene.call) }},
		{"transfer-two", "two", func(d *desk) { d.w.openTransfer(d.w.scene.call) }},
		{"ring-more", "ring", func(d *desk) { d.w.ringMore(d.w.scene.call) }},
		{"forward", "ring", func(d *desk) { d.w.openForward(d.w.scene.call) }},
		{"keypad", "call", func(d *desk) { d.w.callScreen.toggleKeypad() }},
		{"share", "call", func(d *desk) { d.openShare(uitest.Screens()) }},
		{"share-none", "call", func(d *desk) { d.openShare(nil) }},
		{"consult", "call", func(d *desk) { d.consult() }},
		{"devices-sound", "call", func(d *desk) { d.key(fyne.KeyA) }},
		{"devices-camera", "call", func(d *desk) { d.key(fyne.KeyC) }},
		{"talk", "call", func(d *desk) { d.talkMuted() }},
		{"numbers", "call", func(d *desk) { d.showNumbers() }},
		{"hidden", "call", func(d *desk) { d.w.callScreen.toggleSelf() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, options{account: uitest.Alice})
			d.showState(tt.state)
			tt.open(d)
			d.resize(windowSize)
			test.AssertRendersToMarkup(t, "sheet-"+tt.name+".xml", d.w.win.Canvas())
		})
	}
}

// What lies over the picture, in the least window and as long as words get.
func TestPanelsInASmallWindow(t *testing.T) {
	tests := map[string]func(*desk){
		"devices-sound":  func(d *desk) { d.key(fyne.KeyA) },
		"devices-camera": func(d *desk) { d.key(fyne.KeyC) },
		"numbers":        func(d *desk) { d.showNumbers() },
		"talk":           func(d *desk) { d.talkMuted() },
	}
	for name, open := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, options{account: uitest.Alice, size: small})
			d.showState("call-long")
			open(d)
			d.resize(small)
			test.AssertRendersToMarkup(t, "small-panel-"+name+".xml", d.w.win.Canvas())
			d.asked()
		})
	}
}

// The lists of the home screen and what is opened from them, wide and narrow.
func TestHomeLists(t *testing.T) {
	tests := []struct {
		name string
		open func(*desk)
	}{
		{"recent", func(*desk) {}},
		{"recent-chosen", func(d *desk) { d.key(fyne.KeyDown); d.key(fyne.KeyDown) }},
		{"recent-menu", func(d *desk) { d.w.homeScreen.recent.menu(2, fyne.NewPos(200, 300)) }},
		{"recent-deleted", func(d *desk) { d.w.homeScreen.recent.remove(d.w.homeScreen.recent.entries[0]) }},
		{"contacts", func(d *desk) { d.w.homeScreen.tabs.Choose(tabContacts) }},
		{"keypad", func(d *desk) { d.w.homeScreen.tabs.Choose(tabKeypad); d.typeText("123") }},
		{"search", func(d *desk) { d.typeText("a") }},
		{"search-address", func(d *desk) { d.typeText("carol@") }},
		{"search-nobody", func(d *desk) { d.typeText("xyz") }},
		{"details", func(d *desk) { d.w.openDetails(d.w.homeScreen.recent.entries[2].ID) }},
		{"details-missed", func(d *desk) { d.w.openDetails(d.w.homeScreen.recent.entries[0].ID) }},
		{"contact", func(d *desk) { d.w.openContact(d.w.homeScreen.contacts.contacts[1]) }},
		{"contact-edit", func(d *desk) { d.w.openContactEditor(d.w.homeScreen.contacts.contacts[1]) }},
		{"preview", func(d *desk) { d.w.openPreview() }},
	}
	for _, tt := range tests {
		for prefix, size := range map[string]fyne.Size{"home-": windowSize, "small-home-": small} {
			t.Run(prefix+tt.name, func(t *testing.T) {
				d := newDesk(t, options{filled: true, account: uitest.Alice, size: size})
				d.showState("home")
				tt.open(d)
				d.resize(size)
				test.AssertRendersToMarkup(t, prefix+tt.name+".xml", d.w.win.Canvas())
			})
		}
	}
}

// A few images, looked at by a person: shapes and colours as they come out.
func TestPictures(t *testing.T) {
	for _, name := range []string{"home-full", "ring", "call"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, options{account: uitest.Alice, filled: name == "home-full"})
			d.showState(name)
			if name == "call" {
				d.fake.Push("call-1", engine.RemoteVideo, 1280, 720, uitest.Scene(0))
				d.fake.Push("call-1", engine.LocalVideo, 640, 480, uitest.Scene(0))
				d.until("pictures", func() bool { return d.w.callScreen.remote.HasPicture() && d.w.callScreen.self.HasPicture() })
			}
			d.resize(windowSize)
			test.AssertRendersToImage(t, name+".png", d.w.win.Canvas())
		})
	}
}

// No screen may need more room than the smallest window has.
func TestNothingPushesTheWindowOpen(t *testing.T) {
	for _, s := range uitest.States() {
		d := newDesk(t, options{demo: s.Demo, filled: s.Filled, account: uitest.Alice, size: small})
		d.showState(s.Name)
		if least := d.w.root.MinSize(); least.Width > small.Width || least.Height > small.Height {
			t.Errorf("%s needs %v", s.Name, least)
		}
		d.w.stop()
	}
}

func TestDarkAndLightDiffer(t *testing.T) {
	d := newDesk(t, options{account: uitest.Alice})
	d.showState("home")
	light := test.RenderToMarkup(d.w.win.Canvas())
	d.w.app.Settings().SetTheme(theme.New(theme.Dark))
	if test.RenderToMarkup(d.w.win.Canvas()) == light {
		t.Error("the window does not follow the theme")
	}
}
