package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tring/engine"
)

// A link fills the field and waits to be called from there, by its own address
// whoever else it looks like.
func TestLinkFillsTheField(t *testing.T) {
	d := atHome(t, options{filled: true})
	d.w.startedAgain("sip:bob:pw@Example.com;transport=tcp")
	if got := d.w.homeScreen.number.Text; got != "bob@example.com" {
		t.Errorf("the field has %q", got)
	}
	d.wantAsked() // it is not called by itself
	d.w.startedAgain("kandy:bo")
	if address, _ := d.w.homeScreen.target(); address != "bo" {
		t.Errorf("Enter would call %q", address)
	}
	d.w.startedAgain("tel:+49-(170)%20123-4567;ext=3")
	if got := d.w.homeScreen.number.Text; got != "+491701234567" {
		t.Errorf("the field has %q", got)
	}
	d.w.startedAgain("")
	if got := d.w.homeScreen.number.Text; got != "+491701234567" {
		t.Errorf("a start without a link changes the field to %q", got)
	}
	d.wantAsked()
	d.key(fyne.KeyReturn)
	if got := d.asked(); len(got) != 1 || !strings.Contains(got[0], "+491701234567") {
		t.Errorf("Enter asks for %q", got)
	}
}

func TestLinkWaitsForTheSignIn(t *testing.T) {
	d := newDesk(t, options{})
	d.w.openLink("sip:carol@example.com")
	d.wantSaid("carol@example.com waits until you are signed in.")
	d.showState("home")
	if got := d.w.homeScreen.number.Text; got != "carol@example.com" {
		t.Errorf("the field has %q", got)
	}
}

func TestLinkWaitsForTheEndOfTheCall(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.w.openLink("sip:dora@example.com")
	d.w.openLink("tel:112")
	d.wantSaid("112 waits until this call is over.")
	d.wantScreen(screenCall)
	d.change(func(s *engine.Snapshot) { s.Calls = nil })
	d.wantScreen(screenHome)
	if got := d.w.homeScreen.number.Text; got != "112" {
		t.Errorf("the field has %q", got)
	}
	d.wantAsked()
}

func TestBadLinkIsSaid(t *testing.T) {
	d := atHome(t, options{})
	for link, want := range map[string]string{
		"sip:example.com": "This link names nobody to call. It should look like sip:bob@example.com.",
		"tel:bob":         "There is no telephone number in this link. It should look like tel:+491701234567.",
		"sip:a@b_/":       "What follows the @ in this link is not the name of a server.",
		"sip:a%00@b":      "This link cannot be read: it has characters that no address has. Copy it once more, or type the address.",
		"mailto:a@b":      "Tring opens links that begin with sip:, tel: or kandy:.",
		"sip:" + strings.Repeat("a", 2000) + "@b": "This link is too long to be an address.",
	} {
		d.w.openLink(link)
		d.wantSaid(want)
	}
	if got := d.w.homeScreen.number.Text; got != "" {
		t.Errorf("the field has %q", got)
	}
}

// Starting again brings the window back, whatever became of it.
func TestStartedAgain(t *testing.T) {
	starts := make(chan string)
	d := atHome(t, options{starts: starts})
	d.w.hide()
	starts <- "tel:123"
	d.until("the link", func() bool { return d.w.homeScreen.number.Text == "123" })
	if d.w.hidden {
		t.Error("the window is still hidden")
	}
}

// A window that was never opened ends when asked to.
func TestQuitBeforeTheWindowIsOpened(t *testing.T) {
	d, tray := withTray(t)
	d.w.hidden, d.w.opened = true, false
	tray.press(t, "Quit")
	if d.w.presenter.ctx.Err() == nil {
		t.Error("the program goes on")
	}
}

// The screen with a call's end gives way to a link, and to Escape.
func TestEndGivesWay(t *testing.T) {
	d := atHome(t, options{})
	for _, leave := range []func(){
		func() { d.w.openLink("tel:112") },
		func() { d.key(fyne.KeyEscape) },
	} {
		d.showState("call")
		d.change(func(s *engine.Snapshot) {
			s.Calls[0].State, s.Calls[0].EndedAt = engine.Ended, d.now
			s.Calls[0].End.Reason = engine.ReasonHungUpThere
		})
		d.wantScreen(screenEnd)
		leave()
		d.wantScreen(screenHome)
		d.change(func(s *engine.Snapshot) { s.Calls = nil })
	}
	if got := d.w.homeScreen.number.Text; got != "112" {
		t.Errorf("the field has %q", got)
	}
}
