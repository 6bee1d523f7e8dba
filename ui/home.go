package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// homeScreen is where calls are begun.
type homeScreen struct {
	w    *window
	root *fyne.Container

	avatar             *widgets.Avatar
	name, address      *widgets.Text
	statusIcon         *widgets.Icon
	statusWords        *widgets.Text
	who                *fyne.Container
	menu               *widgets.Button
	number             *widgets.Entry
	pad                *widgets.DialPad
	video, voice, echo *widgets.Button
	reason             *widgets.Paragraph
	echoNote           *widgets.Paragraph

	registration engine.RegistrationState
}

func newHomeScreen(w *window) *homeScreen {
	s := &homeScreen{w: w}
	s.number = widgets.NewEntry("Name, address or number")
	s.number.OnChanged = func(string) { s.enable() }
	s.number.OnSubmitted = func(string) { w.call(s.number.Text, w.prefs.video()) }
	w.wireEntry(s.number)
	s.pad = widgets.NewDialPad(false, s.typeDigit)
	s.pad.OnBackspace = s.backspace
	s.pad.OnKey, s.pad.OnRune = w.typedKey, w.typedRune
	s.video = widgets.NewButton(widgets.Primary, theme.IconVideo, "Video call", func() { w.call(s.number.Text, true) })
	s.voice = widgets.NewButton(widgets.Neutral, theme.IconPhone, "Voice call", func() { w.call(s.number.Text, false) })
	s.video.Height, s.voice.Height = 48, 48
	s.reason = widgets.NewParagraph("", theme.ColorMuted, theme.SizeCaption).Center()
	erase := widgets.NewButton(widgets.Plain, theme.IconBackspace, "", s.backspace)
	for _, b := range []*widgets.Button{s.video, s.voice, erase} {
		w.wire(b)
	}

	column := widgets.Column(theme.Gap3)
	if w.cfg.Demo != nil {
		column.Add(s.demoCard())
	}
	column.Add(widgets.Row(theme.Gap1, widgets.Grow(s.number), erase))
	column.Add(s.pad)
	column.Add(container.NewGridWithColumns(2, s.voice, s.video))
	column.Add(s.reason)
	body := container.NewVScroll(widgets.Narrow(400, true, widgets.Pad(theme.Gap3, theme.Gap4, column)))
	s.root = widgets.Column(0, s.header(), widgets.Grow(body))
	s.root.Hide()
	return s
}

// header is who one is and how the connection is doing.
func (s *homeScreen) header() fyne.CanvasObject {
	w := s.w
	s.avatar = widgets.NewAvatar(42)
	s.name = widgets.Styled("", theme.ColorText, theme.SizeSubheading).Strong().Cut()
	s.address = widgets.Styled("", theme.ColorMuted, theme.SizeBody).Cut()
	s.statusIcon = widgets.NewIcon(theme.IconOffline, theme.ColorMuted, 16)
	s.statusWords = widgets.Styled("", theme.ColorMuted, theme.SizeBody).Strong()
	log := widgets.NewButton(widgets.Plain, theme.IconLog, "", w.toggleLog)
	settings := widgets.NewButton(widgets.Plain, theme.IconSettings, "", w.openSettings)
	help := widgets.NewButton(widgets.Plain, theme.IconHelp, "", w.openHelp)
	s.menu = widgets.NewButton(widgets.Plain, theme.IconMenu, "", s.openMenu)
	for _, b := range []*widgets.Button{log, settings, help, s.menu} {
		w.wire(b)
	}
	s.who = widgets.Column(0, s.name, widgets.Row(theme.Gap1, s.statusIcon, s.statusWords, widgets.Grow(s.address)))
	bar := widgets.Row(0, s.avatar, widgets.Grow(widgets.Pad(0, theme.Gap3, s.who)), log, settings, help, s.menu)
	return widgets.Backed(widgets.NewGround(theme.ColorSurface), widgets.Pad(theme.Gap2, theme.Gap3, bar))
}

// demoCard invites to call somebody who is always there.
func (s *homeScreen) demoCard() fyne.CanvasObject {
	s.echoNote = widgets.NewParagraph("", theme.ColorMuted, theme.SizeBody)
	s.echo = widgets.NewButton(widgets.Primary, theme.IconVideo, "Call the echo contact", s.callEcho)
	s.w.wire(s.echo)
	title := widgets.NewParagraph("Try a call", theme.ColorText, theme.SizeSubheading)
	title.Bold = true
	words := widgets.Column(2, title, s.echoNote)
	return widgets.TintedCard(theme.ColorPrimarySoft, widgets.Column(theme.Gap3,
		widgets.Row(theme.Gap3, widgets.NewIcon(theme.IconEcho, theme.ColorPrimaryText, 36), widgets.Grow(words)), s.echo))
}

func (s *homeScreen) callEcho() {
	contact := s.w.view.snapshot.DemoContact
	if contact == "" {
		contact = s.w.cfg.Demo.Contact
	}
	s.w.call(contact, true)
}

// echoWords says what calling the echo contact will be like here.
func echoWords(devices []engine.Device) string {
	has := map[engine.DeviceKind]bool{}
	for _, d := range devices {
		if d.ID != engine.DeviceTest && d.ID != engine.DeviceNone {
			has[d.Kind] = true
		}
	}
	text := "It answers at once, and you will see and hear yourself."
	if !has[engine.Camera] {
		text += " There is no camera here, so a test pattern is sent."
	}
	switch {
	case !has[engine.Microphone] && !has[engine.Speaker]:
		text += " There is no sound device here, so the call goes without sound."
	case !has[engine.Microphone]:
		text += " There is no microphone here, so silence is sent."
	case !has[engine.Speaker]:
		text += " There is no speaker here, so nothing will be heard."
	}
	return text
}

// show makes the screen say how things are.
func (s *homeScreen) show(snapshot engine.Snapshot, now time.Time) {
	r := snapshot.Registration
	s.registration = r
	address := r.Address
	if address == "" {
		address = r.Account.User
	}
	name := r.Name
	if name == "" {
		name = address
	}
	s.name.SetText(name)
	s.avatar.Set(r.Name, address)
	s.tick(now)
	s.address.SetText("")
	if name != address {
		s.address.SetText("· " + address)
	}
	if s.echoNote != nil {
		s.echoNote.SetText(echoWords(snapshot.Devices))
		s.echo.SetEnabled(r.State == engine.Registered)
	}
	s.enable()
	s.root.Refresh()
}

// tick lets the seconds to the next try go on.
func (s *homeScreen) tick(now time.Time) {
	st := registrationStatus(s.registration, now)
	width := s.statusWords.FullWidth()
	s.statusIcon.Set(st.icon, st.color)
	s.statusWords.SetText(st.words)
	s.statusWords.SetColor(st.color)
	if s.statusWords.FullWidth() != width {
		s.who.Refresh()
	}
}

// enable enables the call buttons, or says why they are not.
func (s *homeScreen) enable() {
	reason := callBlocked(s.registration, s.number.Text)
	s.video.SetEnabled(reason == "")
	s.voice.SetEnabled(reason == "")
	if reason == "" {
		reason = "Enter starts a voice call, Ctrl+Enter a video call."
		if s.w.prefs.video() {
			reason = "Enter starts a video call."
		}
	}
	s.reason.SetText(reason)
}

// focus puts the cursor into the field, where a call begins.
func (s *homeScreen) focus() { s.w.win.Canvas().Focus(s.number) }

func (s *homeScreen) typeDigit(digit string) {
	s.number.SetText(s.number.Text + digit)
	s.number.CursorColumn = len([]rune(s.number.Text))
	s.number.Refresh()
}

func (s *homeScreen) backspace() {
	runes := []rune(s.number.Text)
	if len(runes) > 0 {
		s.number.SetText(string(runes[:len(runes)-1]))
		s.number.CursorColumn = len(runes) - 1
		s.number.Refresh()
	}
}

// callWithVideo is what Ctrl+Enter does.
func (s *homeScreen) callWithVideo() { s.w.call(s.number.Text, true) }

// typedKey gets keys while nothing is focused.
func (s *homeScreen) typedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		s.w.call(s.number.Text, s.w.prefs.video())
	case fyne.KeyBackspace:
		s.backspace()
	}
}

func (s *homeScreen) openMenu() {
	menu := fyne.NewMenu("",
		fyne.NewMenuItem("Settings", s.w.openSettings),
		fyne.NewMenuItem("Keyboard", s.w.openHelp),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Sign out", s.w.signOut),
		fyne.NewMenuItem("Quit", s.w.quit),
	)
	pop := widget.NewPopUpMenu(menu, s.w.win.Canvas())
	pop.ShowAtRelativePosition(fyne.NewPos(s.menu.Size().Width-pop.MinSize().Width, s.menu.Size().Height), s.menu)
}

// setAddress fills the field, e.g. to call again.
func (s *homeScreen) setAddress(address string) { s.number.SetText(strings.TrimSpace(address)) }
