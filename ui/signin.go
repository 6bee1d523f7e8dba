package ui

import (
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// signInScreen is the form that is shown while nobody is signed in. It is also
// where a sign-in that goes on by itself is watched.
type signInScreen struct {
	w    *window
	root *fyne.Container

	server, client, user, password field
	keep                           *widget.Check
	keepNote                       *widgets.Paragraph
	general                        *widgets.Paragraph
	submit, cancel                 *widgets.Button
	status                         *widgets.Paragraph

	shown *engine.Problem // the problem that the fields show
	local bool            // errors in the fields are our own
	vault bool            // there is a keyring
}

// field is a labelled entry with room for an error under it.
type field struct {
	entry *widgets.Entry
	err   *widgets.Paragraph
	box   *fyne.Container
}

func (w *window) newField(label string, entry *widgets.Entry, submit func()) field {
	f := field{entry: entry, err: widgets.NewParagraph("", theme.ColorBad, theme.SizeCaption)}
	f.err.Hide()
	entry.OnSubmitted = func(string) { submit() }
	entry.OnChanged = func(string) { f.fail("") }
	w.wireEntry(entry)
	f.box = widgets.Column(theme.Gap1, widgets.Styled(label, theme.ColorMuted, theme.SizeCaption), entry, f.err)
	return f
}

// fail shows text under the field; "" takes it away.
func (f field) fail(text string) {
	f.err.SetText(text)
	setVisible(f.err, text != "")
	f.box.Refresh()
}

func newSignInScreen(w *window) *signInScreen {
	s := &signInScreen{w: w, vault: true}
	s.server = w.newField(lang.L("Server"), widgets.NewEntry("https://calls.example.com"), s.try)
	s.client = w.newField(lang.L("Client ID"), widgets.NewEntry(lang.L("from your server’s administrator")), s.try)
	s.user = w.newField(lang.L("E-mail"), widgets.NewEntry("you@example.com"), s.try)
	s.password = w.newField(lang.L("Password"), widgets.NewPasswordEntry(""), s.try)
	s.keep = widget.NewCheck(lang.L("Keep me signed in"), func(on bool) {
		if s.vault { // without a keyring the wish is kept for a time when there is one
			w.prefs.setKeep(on)
		}
	})
	s.keep.SetChecked(w.prefs.keep())
	s.keepNote = widgets.NewParagraph("", theme.ColorMuted, theme.SizeCaption)
	s.keepNote.Hide()
	s.general = widgets.NewParagraph("", theme.ColorBad, theme.SizeBody)
	s.general.Hide()
	s.status = widgets.NewParagraph("", theme.ColorMuted, theme.SizeBody)
	s.status.Hide()
	s.submit = widgets.NewButton(widgets.Primary, "", lang.L("Sign in"), s.try)
	s.cancel = widgets.NewButton(widgets.Neutral, "", lang.L("Cancel"), func() { w.tell(w.cfg.Engine.SignOut()) })
	s.cancel.Hide()
	w.wire(s.submit)
	w.wire(s.cancel)

	picture := canvas.NewImageFromResource(theme.AppIcon())
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSquareSize(60))
	busy := widgets.Row(theme.Gap3, widgets.Grow(s.status), s.cancel)
	form := widgets.Column(theme.Gap2, s.server.box, s.client.box, s.user.box, s.password.box,
		widgets.Column(0, s.keep, s.keepNote), s.general, s.submit, busy)
	all := widgets.Column(theme.Gap1, picture,
		widgets.Styled("Tring", theme.ColorText, theme.SizeHeading).Strong().Center(),
		widgets.NewParagraph(lang.L("Sign in to make and receive video calls."), theme.ColorMuted, theme.SizeBody).Center(),
		gap(1, theme.Gap1), widgets.Card(form))
	s.root = container.NewStack(container.NewVScroll(
		widgets.Narrow(420, true, widgets.Pad(theme.Gap4, theme.Gap4, all))))
	return s
}

// fill puts an account into the form and the cursor where something is
// missing.
func (s *signInScreen) fill(a engine.Account) {
	s.server.entry.SetText(a.Server)
	s.client.entry.SetText(a.ClientID)
	s.user.entry.SetText(a.User)
	s.password.entry.SetText("")
	for _, f := range []field{s.server, s.client, s.user, s.password} {
		if f.entry.Text == "" {
			s.w.win.Canvas().Focus(f.entry)
			return
		}
	}
}

// try checks the form and starts a sign-in.
func (s *signInScreen) try() {
	if s.submit.Disabled() {
		return
	}
	s.clearErrors()
	s.local = true
	server, problem := tidyServer(s.server.entry.Text)
	client, user := strings.TrimSpace(s.client.entry.Text), strings.TrimSpace(s.user.entry.Text)
	s.server.fail(problem)
	s.client.fail(missing(client, lang.L("Enter the client ID that your server’s administrator gave you.")))
	s.user.fail(missing(user, lang.L("Enter the e-mail address of your account.")))
	s.password.fail(missing(s.password.entry.Text, lang.L("Enter your password.")))
	if problem != "" || client == "" || user == "" || s.password.entry.Text == "" {
		return
	}
	s.local = false
	s.server.entry.SetText(server)
	caFile := s.w.account.CAFile
	s.w.signIn(engine.Account{Server: server, ClientID: client, User: user, CAFile: caFile}, s.password.entry.Text)
}

func missing(text, problem string) string {
	if text == "" {
		return problem
	}
	return ""
}

func (s *signInScreen) clearErrors() {
	for _, f := range []field{s.server, s.client, s.user, s.password} {
		f.fail("")
	}
	s.general.SetText("")
	s.general.Hide()
}

// fail shows a problem at the field that it belongs to.
func (s *signInScreen) fail(err error) {
	s.clearErrors()
	text := errorText(err)
	is := func(targets ...error) bool {
		for _, t := range targets {
			if errors.Is(err, t) {
				return true
			}
		}
		return false
	}
	switch {
	case is(engine.ErrWrongPassword):
		s.password.fail(text)
	case is(engine.ErrWrongClient):
		s.client.fail(text)
	case is(engine.ErrServerUnknown, engine.ErrServerUnreachable, engine.ErrServerNotKandy,
		engine.ErrCertificateExpired, engine.ErrCertificateName, engine.ErrCertificateUnknown):
		s.server.fail(text)
	case is(engine.ErrBadAddress):
		s.user.fail(text)
	default:
		s.general.SetText(text)
		s.general.Show()
	}
	s.root.Refresh()
}

// show makes the form say how the sign-in goes.
func (s *signInScreen) show(r engine.RegistrationState, now time.Time) {
	busy := r.State == engine.Registering || r.State == engine.Reconnecting
	for _, f := range []field{s.server, s.client, s.user, s.password} {
		setEnabled(f.entry, !busy)
	}
	setEnabled(s.keep, !busy && s.vault)
	s.submit.SetEnabled(!busy)
	setVisible(s.submit, !busy)
	setVisible(s.cancel, busy)
	s.showStatus(r, now)
	if r.Problem == nil && !s.local && s.shown != nil {
		s.clearErrors()
		s.shown = nil
	}
	if r.Problem != nil && !sameProblem(r.Problem, s.shown) {
		s.shown, s.local = r.Problem, false
		s.fail(r.Problem)
	}
	s.root.Refresh()
}

// tick lets the seconds to the next try go on.
func (s *signInScreen) tick(now time.Time) { s.showStatus(s.w.view.snapshot.Registration, now) }

func (s *signInScreen) showStatus(r engine.RegistrationState, now time.Time) {
	text := ""
	switch r.State {
	case engine.Registering:
		text = lang.L("Signing in as {{.User}}…", with{"User": r.Account.User})
	case engine.Reconnecting:
		text = registrationStatus(r, now).words + "."
	}
	s.status.SetText(text)
	setVisible(s.status, text != "")
}

func sameProblem(a, b *engine.Problem) bool {
	return a == b || a != nil && b != nil && a.Error() == b.Error()
}

func setEnabled(o fyne.Disableable, on bool) {
	switch {
	case on && o.Disabled():
		o.Enable()
	case !on && !o.Disabled():
		o.Disable()
	}
}

// checkKeyring asks, off the main goroutine, whether sign-ins can be kept.
func (w *window) checkKeyring() {
	w.presenter.inBackground(func() {
		available, why := w.cfg.Secrets.Available()
		w.presenter.post(func() { w.signInScreen.showKeyring(available, why) })
	})
}

// showKeyring offers to keep the sign-in only where that can be done.
func (s *signInScreen) showKeyring(available bool, why string) {
	s.vault = available
	s.keep.SetChecked(available && s.w.prefs.keep())
	setEnabled(s.keep, available && !s.submit.Disabled()) // it may answer during a sign-in
	if !available {
		s.keepNote.SetText(join(translate(why), lang.L("You will have to sign in again at the next start.")))
	}
	setVisible(s.keepNote, !available)
	s.root.Refresh()
}
