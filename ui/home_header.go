package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// header is who one is and how the connection is doing.
func (s *homeScreen) header() fyne.CanvasObject {
	w := s.w
	s.avatar = widgets.NewAvatar(42)
	s.name = widgets.Styled("", theme.ColorText, theme.SizeSubheading).Strong().Cut()
	s.address = widgets.Styled("", theme.ColorMuted, theme.SizeBody).Cut()
	s.statusIcon = widgets.NewIcon(theme.IconOffline, theme.ColorMuted, 16)
	s.statusWords = widgets.Styled("", theme.ColorMuted, theme.SizeBody).Strong()
	look := widgets.NewButton(widgets.Plain, theme.IconEye, "", w.openPreview)
	log := widgets.NewButton(widgets.Plain, theme.IconLog, "", w.toggleLog)
	settings := widgets.NewButton(widgets.Plain, theme.IconSettings, "", w.openSettings)
	s.menu = widgets.NewButton(widgets.Plain, theme.IconMenu, "", s.openMenu)
	w.explain(look, lang.L("How you look"), "")
	w.explain(log, lang.L("Show or hide the log"), "")
	w.explain(settings, lang.L("Settings"), control(","))
	w.explain(s.menu, lang.L("Check before a call, do not disturb, sign out"), "")
	s.who = widgets.Column(0, s.name, widgets.Row(theme.Gap1, s.statusIcon, s.statusWords, widgets.Grow(s.address)))
	bar := widgets.Row(0, s.avatar, widgets.Grow(widgets.Pad(0, theme.Gap3, s.who)), look, log, settings, s.menu)
	return widgets.Backed(widgets.NewGround(theme.ColorSurface), widgets.Pad(theme.Gap2, theme.Gap3, bar))
}

// demoCard invites to call somebody who is always there.
func (s *homeScreen) demoCard() fyne.CanvasObject {
	s.echoNote = widgets.NewParagraph("", theme.ColorMuted, theme.SizeBody)
	s.echo = widgets.NewButton(widgets.Primary, theme.IconVideo, lang.L("Call the echo contact"), s.callEcho)
	s.w.wire(s.echo)
	title := widgets.NewParagraph(lang.L("Try a call"), theme.ColorText, theme.SizeSubheading)
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
	text := lang.L("It answers at once, and you will see and hear yourself.")
	if !has[engine.Camera] {
		text += " " + lang.L("There is no camera here, so a test pattern is sent.")
	}
	switch {
	case !has[engine.Microphone] && !has[engine.Speaker]:
		text += " " + lang.L("There is no sound device here, so the call goes without sound.")
	case !has[engine.Microphone]:
		text += " " + lang.L("There is no microphone here, so silence is sent.")
	case !has[engine.Speaker]:
		text += " " + lang.L("There is no speaker here, so nothing will be heard.")
	}
	return text
}

// tick lets the seconds to the next try go on.
func (s *homeScreen) tick(now time.Time) {
	st := registrationStatus(s.registration, now)
	if s.quiet && s.registration.State == engine.Registered {
		st = status{theme.IconQuiet, theme.ColorBusy, lang.L("Do not disturb")}
	}
	width := s.statusWords.FullWidth()
	s.statusIcon.Set(st.icon, st.color)
	s.statusWords.SetText(st.words)
	s.statusWords.SetColor(st.color)
	if s.statusWords.FullWidth() != width {
		s.who.Refresh()
	}
}

func (s *homeScreen) openMenu() {
	quiet := fyne.NewMenuItem(lang.L("Do not disturb"), s.w.toggleQuiet)
	quiet.Checked = s.w.view.snapshot.Sound.DoNotDisturb
	menu := fyne.NewMenu("", quiet, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Check before a call"), s.w.openCheck),
		fyne.NewMenuItem(lang.L("Settings"), s.w.openSettings),
		fyne.NewMenuItem(lang.L("Keyboard"), s.w.openHelp),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Sign out"), s.w.signOut),
		fyne.NewMenuItem(lang.L("Quit"), s.w.quit),
	)
	pop := widget.NewPopUpMenu(menu, s.w.win.Canvas())
	at := fyne.NewPos(s.menu.Size().Width-pop.MinSize().Width, s.menu.Size().Height)
	if widgets.RightToLeft() {
		at.X = 0
	}
	pop.ShowAtRelativePosition(at, s.menu)
}
