package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// ringScreen is an incoming call, large, with nothing else going on.
type ringScreen struct {
	w    *window
	root *fyne.Container

	call     engine.Call
	avatar   *widgets.Avatar
	name     *widgets.Paragraph
	address  *widgets.Paragraph
	kindIcon *widgets.Icon
	kind     *widgets.Text
	video    *widgets.Button
	voice    *widgets.Button
	reject   *widgets.Button
	silence  *widgets.Button
	ignore   *widgets.Button
	more     *widgets.Button
}

func newRingScreen(w *window) *ringScreen {
	s := &ringScreen{w: w}
	s.avatar = widgets.NewAvatar(132)
	s.name = widgets.NewParagraph("", theme.ColorStageText, theme.SizeDisplay).Center()
	s.name.Bold, s.name.MaxLines = true, 3
	s.address = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeSubheading).Center()
	s.address.MaxLines = 2
	s.kindIcon = widgets.NewIcon(theme.IconVideo, theme.ColorStageText, 22)
	s.kind = widgets.Styled("", theme.ColorStageText, theme.SizeSubheading)
	s.video = widgets.NewButton(widgets.Positive, theme.IconVideo, lang.L("Answer with video"), func() { w.answer(s.call.ID, true) })
	s.voice = widgets.NewButton(widgets.Stage, theme.IconPhone, lang.L("Answer voice only"), func() { w.answer(s.call.ID, false) })
	s.reject = widgets.NewButton(widgets.Negative, theme.IconPhoneDown, lang.L("Reject"), func() { w.reject(s.call.ID) })
	s.ignore = widgets.NewButton(widgets.Stage, theme.IconClose, lang.L("Ignore here"), func() { w.ignore(s.call.ID) })
	s.more = widgets.NewButton(widgets.Stage, theme.IconMore, lang.L("More"), func() { w.ringMore(s.call) })
	s.silence = widgets.NewButton(widgets.Stage, theme.IconQuiet, lang.L("Silence"), func() { w.silence(s.call.ID) })
	for _, b := range []*widgets.Button{s.video, s.voice, s.reject, s.silence, s.ignore, s.more} {
		b.Height = 56
		w.wire(b)
	}
	s.video.Explain(w.tips, lang.L("They see and hear you"), chord("A"))
	s.voice.Explain(w.tips, lang.L("They hear you; you see them"), chord("S"))
	s.reject.Explain(w.tips, lang.L("Stops ringing on all your devices"), chord("D"))
	s.silence.Explain(w.tips, lang.L("Stops the sound; you can still answer"), "")
	s.ignore.Explain(w.tips, lang.L("Stops ringing here; your other devices go on"), "")
	s.more.Explain(w.tips, lang.L("What else can be done"), "")
	s.silence.Height, s.ignore.Height, s.more.Height = theme.Touch, theme.Touch, theme.Touch

	buttons := container.New(&ringButtons{}, s.video, s.voice, s.reject)
	words := widgets.Column(theme.Gap3,
		layout.NewSpacer(),
		s.avatar, gap(1, theme.Gap2), s.name, s.address,
		widgets.Row(theme.Gap2, layout.NewSpacer(), s.kindIcon, s.kind, layout.NewSpacer()),
		layout.NewSpacer(),
		buttons,
		widgets.Row(0, layout.NewSpacer(), s.silence, gap(theme.Gap3, 1), s.ignore, gap(theme.Gap3, 1), s.more, layout.NewSpacer()),
	)
	s.root = container.New(&ringLayout{s.avatar}, widgets.NewGround(theme.ColorStage),
		widgets.Narrow(720, false, widgets.Pad(theme.Gap4, theme.Gap6, words)))
	s.root.Hide()
	return s
}

// show says who calls. answering is set once a button was pressed and the
// answer is on its way.
func (s *ringScreen) show(c engine.Call, answering, silenced bool) {
	s.call = c
	s.avatar.Set(c.RemoteName, c.RemoteAddress)
	s.name.SetText(callName(c))
	s.address.SetText(callAddress(c))
	setVisible(s.address, callAddress(c) != "")
	icon, kind := theme.IconPhone, callKind(c.OfferedVideo)
	if c.OfferedVideo {
		icon = theme.IconVideo
	}
	if answering {
		kind = lang.L("Connecting…")
	}
	s.kindIcon.Set(icon, theme.ColorStageText)
	s.kind.SetText(kind)
	setVisible(s.video, c.OfferedVideo)
	if c.OfferedVideo {
		s.voice.Set(widgets.Stage, theme.IconPhone, lang.L("Answer voice only"))
	} else {
		s.voice.Set(widgets.Positive, theme.IconPhone, lang.L("Answer"))
	}
	for _, b := range []*widgets.Button{s.video, s.voice, s.ignore, s.more} {
		b.SetEnabled(!answering)
	}
	word := lang.L("Silence")
	if silenced {
		word = lang.L("Silenced")
	}
	s.silence.Set(widgets.Stage, theme.IconQuiet, word)
	s.silence.SetEnabled(!answering && !silenced)
	s.root.Refresh()
}

// ringLayout fills the window and makes the avatar smaller in a low one.
type ringLayout struct{ avatar *widgets.Avatar }

func (*ringLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 200) }

func (l *ringLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.avatar.SetSide(max(64, min(132, size.Height*0.2-32)))
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// ringButtons puts the answering buttons together and the last one, Reject,
// apart, so that none is hit for another. In a narrow window they are stacked.
type ringButtons struct{}

const (
	ringApart   = 48  // between answering and rejecting
	ringStacked = 620 // below this width the buttons are stacked
	ringHeight  = 56
)

func (ringButtons) shown(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var shown []fyne.CanvasObject
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

func (l ringButtons) stackedHeight(n int) float32 {
	return float32(n)*ringHeight + float32(n-2)*theme.Gap3 + theme.Gap6
}

// MinSize leaves room for the stack, whichever way it is laid out: the window
// has it.
func (l ringButtons) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, l.stackedHeight(len(l.shown(objects))))
}

func (l ringButtons) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	shown := l.shown(objects)
	if size.Width < ringStacked {
		y := float32(0)
		for i, o := range shown {
			if i == len(shown)-1 {
				y += theme.Gap6 - theme.Gap3
			}
			o.Move(fyne.NewPos(0, y))
			o.Resize(fyne.NewSize(size.Width, ringHeight))
			y += ringHeight + theme.Gap3
		}
		return
	}
	total := float32(ringApart - theme.Gap3)
	for _, o := range shown {
		total += o.MinSize().Width + theme.Gap3
	}
	x := (size.Width - total + theme.Gap3) / 2
	for i, o := range shown {
		if i == len(shown)-1 {
			x += ringApart - theme.Gap3
		}
		o.Move(fyne.NewPos(x, size.Height-ringHeight))
		o.Resize(fyne.NewSize(o.MinSize().Width, ringHeight))
		x += o.MinSize().Width + theme.Gap3
	}
	widgets.Mirror(size.Width, shown...)
}
