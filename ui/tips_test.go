package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/ui/uitest"
	"tring/ui/widgets"
)

// Whoever does not know an icon can ask what it does, everywhere.
func TestIconsHaveNames(t *testing.T) {
	named := func(t *testing.T, root fyne.CanvasObject) {
		t.Helper()
		for _, o := range test.LaidOutObjects(root) {
			if b, is := o.(*widgets.Button); is && b.Text() == "" && b.Tip().Name == "" {
				t.Errorf("a button at %v says not what it does", b.Position())
			}
		}
	}
	for _, s := range uitest.States() {
		d := newDesk(t, options{demo: s.Demo, filled: s.Filled, account: uitest.Alice})
		d.showState(s.Name)
		named(t, d.w.root)
		d.w.stop()
	}
	d := newDesk(t, options{filled: true, account: uitest.Alice})
	d.showState("home")
	for _, open := range []func(){
		func() { d.w.openContact(d.w.homeScreen.contacts.contacts[1]) },
		func() { d.w.openContactEditor(d.w.homeScreen.contacts.contacts[1]) },
		func() { d.w.homeScreen.tabs.Choose(tabContacts) },
		func() { d.w.homeScreen.tabs.Choose(tabKeypad); d.typeText("1") },
	} {
		open()
		named(t, d.w.root)
	}
}

func TestTipInTheCall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	mic := d.w.callScreen.bar.mic
	mic.MouseIn(nil)
	d.tick(time.Second)
	if !contains(d.markup(), "Turn the microphone off") {
		t.Error("nothing says what the microphone's button does")
	}
	d.key(fyne.KeyM)
	d.wantAsked("SetMuted call-1 true")
	if d.w.tips.Layer.Visible() {
		t.Error("a key does not take the tip away")
	}
	mic.MouseIn(nil)
	d.tick(time.Second)
	d.show(uitest.Registered())
	if d.w.tips.Layer.Visible() {
		t.Error("the tip outlives the screen")
	}
	d.tick(time.Minute)
}
