package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
)

func TestSignInForm(t *testing.T) {
	d := newDesk(t, options{})
	s := d.w.signInScreen
	d.wantScreen(screenSignIn)
	if d.w.win.Canvas().Focused() != s.server.entry {
		t.Error("the cursor is not in the first empty field")
	}
	test.Tap(s.submit)
	for _, f := range []field{s.server, s.client, s.user, s.password} {
		if !f.err.Visible() {
			t.Error("an empty field has no error")
		}
	}
	d.wantAsked()
	s.server.entry.SetText("calls.example.com")
	s.client.entry.SetText(" tring ")
	s.user.entry.SetText("alice@example.com")
	s.password.entry.SetText("pass word ")
	d.w.win.Canvas().Focus(s.password.entry)
	d.key(fyne.KeyReturn)
	actions := d.fake.Actions()
	want := engine.Account{Server: "https://calls.example.com", ClientID: "tring", User: "alice@example.com"}
	if len(actions) != 1 || actions[0].Account != want || actions[0].Secret.Password != "pass word " {
		t.Fatalf("asked for %v", actions)
	}
	if got := d.w.prefs.account(engine.Account{}); got != want {
		t.Errorf("remembered %+v", got)
	}
}

func TestSignInProblemsStandAtTheirField(t *testing.T) {
	tests := []struct {
		err   error
		field func(*signInScreen) field
	}{
		{engine.ErrWrongPassword, func(s *signInScreen) field { return s.password }},
		{engine.ErrWrongClient, func(s *signInScreen) field { return s.client }},
		{engine.ErrServerUnknown, func(s *signInScreen) field { return s.server }},
		{engine.ErrCertificateUnknown, func(s *signInScreen) field { return s.server }},
	}
	for _, tt := range tests {
		d := newDesk(t, options{account: uitest.Alice})
		d.show(engine.Snapshot{Registration: engine.RegistrationState{
			State: engine.SignInRequired, Problem: &engine.Problem{Cause: "It is so.", Next: "Do this.", Err: tt.err},
		}})
		f := tt.field(d.w.signInScreen)
		if !f.err.Visible() || f.err.Text() != "It is so. Do this." {
			t.Errorf("%v: the field says %q", tt.err, f.err.Text())
		}
		f.entry.SetText("changed")
		if f.err.Visible() {
			t.Errorf("%v: the error stays while the field is corrected", tt.err)
		}
		d.show(engine.Snapshot{Registration: engine.RegistrationState{State: engine.Registering, Account: uitest.Alice}})
		if !strings.Contains(d.w.signInScreen.status.Text(), "alice@example.com") || !d.w.signInScreen.cancel.Visible() {
			t.Error("nothing says that a sign-in is under way")
		}
		d.w.stop()
	}
}

func TestUnknownProblemIsShownToo(t *testing.T) {
	d := newDesk(t, options{account: uitest.Alice})
	d.show(engine.Snapshot{Registration: engine.RegistrationState{Problem: &engine.Problem{Cause: "The server failed.", Err: engine.ErrServerFailed}}})
	if g := d.w.signInScreen.general; !g.Visible() || g.Text() != "The server failed." {
		t.Errorf("the form says %q", g.Text())
	}
}

func TestSignInIsRestored(t *testing.T) {
	kept := engine.Secret{RefreshToken: "token"}
	tests := []struct {
		name   string
		o      options
		wanted bool
	}{
		{"from the keyring", options{account: uitest.Alice, stored: kept}, true},
		{"nothing kept", options{account: uitest.Alice}, false},
		{"not wanted", options{account: uitest.Alice, stored: kept, prefs: func(p prefs) { p.setKeep(false) }}, false},
		{"from the command line", options{account: uitest.Alice, secret: kept, prefs: func(p prefs) { p.setKeep(false) }}, true},
		{"no account known", options{stored: kept}, false},
		{"from the preferences", options{stored: kept, prefs: func(p prefs) { p.setAccount(uitest.Alice) }}, true},
		{"somebody else did", options{account: uitest.Alice, stored: kept, snapshot: &engine.Snapshot{
			Registration: engine.RegistrationState{State: engine.Registering},
		}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, tt.o)
			d.w.stop() // joins the keyring's worker
			actions := d.fake.Actions()
			if (len(actions) == 1) != tt.wanted {
				t.Fatalf("asked for %v", actions)
			}
			if tt.wanted && (actions[0].Secret != kept || actions[0].Account != uitest.Alice) {
				t.Errorf("signed in with %+v", actions[0].Account)
			}
		})
	}
}

func TestCredentialIsKept(t *testing.T) {
	event := engine.Event{Name: engine.EventCredential, Account: uitest.Alice, Secret: engine.Secret{RefreshToken: "new"}}
	d := newDesk(t, options{account: uitest.Alice})
	d.log(event)
	d.w.stop()
	if d.secrets.stored != event.Secret {
		t.Error("the renewed sign-in was not kept")
	}
	for _, line := range d.w.log.list.Lines() {
		if strings.Contains(line.Text, "new"+"") && strings.Contains(line.Text, "token") {
			t.Errorf("the log says %q", line.Text)
		}
	}

	d = newDesk(t, options{account: uitest.Alice, prefs: func(p prefs) { p.setKeep(false) }})
	d.log(event)
	d.w.stop()
	if (d.secrets.stored != engine.Secret{}) {
		t.Error("it was kept against the person's wish")
	}
}

func TestSignOutForgets(t *testing.T) {
	d := newDesk(t, options{account: uitest.Alice, stored: engine.Secret{RefreshToken: "token"}})
	d.showState("home")
	d.w.signOut()
	d.show(engine.Snapshot{})
	d.wantScreen(screenSignIn)
	d.w.stop()
	if d.secrets.deleted != 1 {
		t.Error("the keyring still holds the sign-in")
	}
	if got := d.w.signInScreen.user.entry.Text; got != "alice@example.com" {
		t.Errorf("the form forgot who it was: %q", got)
	}
}

func TestMissingKeyringIsExplained(t *testing.T) {
	d := newDesk(t, options{account: uitest.Alice, noVault: true})
	note := d.w.signInScreen.keepNote
	d.until("the note", note.Visible)
	if !strings.HasPrefix(note.Text(), "No keyring is running. ") {
		t.Errorf("it says %q", note.Text())
	}
}
