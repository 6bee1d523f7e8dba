package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// endScreen says for a few seconds how a call ended.
type endScreen struct {
	w    *window
	root *fyne.Container

	call     engine.Call
	avatar   *widgets.Avatar
	headline *widgets.Paragraph
	who      *widgets.Paragraph
	next     *widgets.Paragraph
	again    *widgets.Button
}

func newEndScreen(w *window) *endScreen {
	s := &endScreen{w: w}
	s.avatar = widgets.NewAvatar(96)
	s.headline = widgets.NewParagraph("", theme.ColorStageText, theme.SizeHeading).Center()
	s.headline.Bold = true
	s.who = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeSubheading).Center()
	s.next = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeBody).Center()
	s.again = widgets.NewButton(widgets.Positive, theme.IconPhone, "Call again", s.callAgain)
	closeNow := widgets.NewButton(widgets.Stage, theme.IconClose, "Close", s.close)
	for _, b := range []*widgets.Button{s.again, closeNow} {
		b.Height = 52
		b.Width = 150
		w.wire(b)
	}
	column := widgets.Column(theme.Gap3, s.avatar, gap(1, theme.Gap2), s.headline, s.who, s.next, gap(1, theme.Gap4),
		widgets.Row(theme.Gap4, layout.NewSpacer(), s.again, closeNow, layout.NewSpacer()))
	s.root = container.NewStack(widgets.NewGround(theme.ColorStage),
		widgets.Narrow(560, true, widgets.Pad(theme.Gap6, theme.Gap6, column)))
	s.root.Hide()
	return s
}

func (s *endScreen) show(c engine.Call) {
	s.call = c
	headline, next := endWords(c)
	s.avatar.Set(c.RemoteName, c.RemoteAddress)
	s.headline.SetText(headline)
	who := []string{callName(c)}
	if strings.Contains(headline, callName(c)) {
		who = nil
	}
	if length := callLength(c); length != "" {
		who = append(who, length)
	}
	s.who.SetText(strings.Join(who, " · "))
	s.next.SetText(next)
	setVisible(s.who, len(who) > 0)
	setVisible(s.next, next != "")
	word, icon := "Call again", theme.IconPhone
	if c.Direction == engine.Incoming {
		word = "Call back"
	}
	if c.OfferedVideo {
		icon = theme.IconVideo
	}
	s.again.Set(widgets.Positive, icon, word)
	s.again.SetEnabled(callBlocked(s.w.view.snapshot.Registration, c.RemoteAddress) == "")
	s.root.Refresh()
}

func (s *endScreen) callAgain() {
	s.w.homeScreen.setAddress(s.call.RemoteAddress)
	s.w.call(s.call.RemoteAddress, s.call.OfferedVideo)
}

func (s *endScreen) close() {
	s.w.view.ended = nil
	s.w.redraw()
}
