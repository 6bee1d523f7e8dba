package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
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
	quality  *fyne.Container
	qIcon    *widgets.Icon
	qWord    *widgets.Text
	reason   *widgets.Paragraph
	again    *widgets.Button
	details  *widgets.Button
}

func newEndScreen(w *window) *endScreen {
	s := &endScreen{w: w}
	s.avatar = widgets.NewAvatar(96)
	s.headline = widgets.NewParagraph("", theme.ColorStageText, theme.SizeHeading).Center()
	s.headline.Bold = true
	s.who = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeSubheading).Center()
	s.next = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeBody).Center()
	s.again = widgets.NewButton(widgets.Positive, theme.IconPhone, lang.L("Call again"), s.callAgain)
	s.details = widgets.NewButton(widgets.Stage, theme.IconInfo, lang.L("Details"), s.openDetails)
	s.qIcon = widgets.NewIcon(theme.IconCheckCircle, theme.ColorStageText, 20)
	s.qWord = widgets.Styled("", theme.ColorStageText, theme.SizeSubheading)
	s.quality = widgets.Row(theme.Gap2, layout.NewSpacer(), s.qIcon, s.qWord, layout.NewSpacer())
	s.reason = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeBody).Center()
	closeNow := widgets.NewButton(widgets.Stage, theme.IconClose, lang.L("Close"), s.close)
	for _, b := range []*widgets.Button{s.again, s.details, closeNow} {
		b.Height = 52
		b.Width = 132
		w.wire(b)
	}
	column := widgets.Column(theme.Gap3, s.avatar, gap(1, theme.Gap2), s.headline, s.who, s.next, s.quality, s.reason, gap(1, theme.Gap4),
		widgets.Flow(theme.Gap3, fyne.TextAlignCenter, s.again, s.details, closeNow))
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
	word, icon := lang.L("Call again"), theme.IconPhone
	if c.Direction == engine.Incoming {
		word = lang.L("Call back")
	}
	if c.OfferedVideo {
		icon = theme.IconVideo
	}
	s.again.Set(widgets.Positive, icon, word)
	s.again.SetEnabled(callBlocked(s.w.view.snapshot.Registration, c.RemoteAddress) == "")
	s.showQuality()
	if home := s.w.homeScreen; c.End.Reason == engine.ReasonUnknownUser && home.number.Text == "" {
		home.setAddress(c.RemoteAddress) // to be corrected
	}
	s.root.Refresh()
}

// showQuality says how good the call was, once that is written down.
func (s *endScreen) showQuality() {
	e, written := s.w.recorder.entry(s.call.ID)
	v := quality(e)
	s.qWord.SetText(v.words)
	s.qIcon.Set(v.icon, theme.ColorStageText)
	s.reason.SetText(v.reason)
	setVisible(s.quality, v.words != "")
	setVisible(s.reason, v.reason != "")
	setVisible(s.details, written && !e.Ended.IsZero())
}

// openDetails goes home and shows the call's receipt there.
func (s *endScreen) openDetails() {
	e, written := s.w.recorder.entry(s.call.ID)
	if !written {
		return
	}
	s.close()
	if s.w.scene.screen == screenHome {
		s.w.openDetails(e.ID)
	}
}

func (s *endScreen) callAgain() {
	s.w.call(s.call.RemoteAddress, s.call.OfferedVideo)
}

func (s *endScreen) close() {
	s.w.view.ended = nil
	s.w.redraw()
	s.w.homeScreen.recent.notice()
}
