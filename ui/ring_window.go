package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// ringWindow is a small window of its own for a call that rings while nobody
// looks at the main one. It stands above others and never has the keyboard:
// who types elsewhere types on.
type ringWindow struct {
	w    *window
	win  fyne.Window // nil while nothing is shown
	call engine.Call
	body *fyne.Container

	avatar        *widgets.Avatar
	name, address *widgets.Text
	kindIcon      *widgets.Icon
	kind          *widgets.Text
	hint          *widgets.Paragraph // what becomes of the call that goes on
	view          *widgets.VideoView
	link          videoLink
	mirror        *fyne.Container // the own picture and its caption
	video, voice  *widgets.Button
	look          *widgets.Button
	decline       *widgets.Button
	silence       *widgets.Button
	tips          *widgets.Tips
}

const (
	ringWindowWidth   = 372
	ringPreviewHeight = 190
)

func newRingWindow(w *window) *ringWindow { return &ringWindow{w: w} }

// update shows the first of the calls that ring, or none.
func (r *ringWindow) update(rings []engine.Call) {
	if len(rings) == 0 {
		r.close()
		return
	}
	c := rings[0]
	if r.win != nil && r.call.ID != c.ID {
		r.close()
	}
	fresh := r.win == nil
	if fresh {
		r.build()
	}
	r.show(c)
	size := fyne.NewSize(ringWindowWidth, widgets.HeightFor(r.body, ringWindowWidth))
	if fresh {
		r.win = r.w.openFloat(container.New(&fillLayout{}, r.body, r.tips.Layer), floatWish{
			title: lang.L("{{.Name}} is calling", map[string]any{"Name": callName(c)}),
			size:  size, corner: desktop.TopRight, bare: true, closed: func() { r.w.silence(c.ID) },
		})
	} else if r.win.Canvas().Size() != size {
		r.win.Resize(size)
	}
	r.link.set(r.w.cfg.Engine, r.wantsPicture(), "", engine.LocalVideo)
}

func (r *ringWindow) build() {
	r.avatar = widgets.NewAvatar(56)
	r.name = widgets.Styled("", theme.ColorText, theme.SizeSubheading).Strong().Cut()
	r.address = widgets.Styled("", theme.ColorMuted, theme.SizeBody).Cut()
	r.kindIcon = widgets.NewIcon(theme.IconVideo, theme.ColorPrimaryText, 18)
	r.kind = widgets.Styled("", theme.ColorPrimaryText, theme.SizeBody)
	r.hint = widgets.NewParagraph("", theme.ColorMuted, theme.SizeBody)
	r.view = widgets.NewVideoView(r.w.pump, true, 0)
	r.view.Margin = theme.ColorStage
	r.link = videoLink{view: r.view}
	caption := widgets.Styled(lang.L("Only you see this picture"), theme.ColorMuted, theme.SizeCaption).Center()
	r.mirror = widgets.Column(theme.Gap1, container.New(&ringPreviewLayout{}, r.view), caption)

	r.video = widgets.NewButton(widgets.Positive, theme.IconVideo, lang.L("Answer with video"), func() { r.answer(true) })
	r.voice = widgets.NewButton(widgets.Neutral, theme.IconPhone, "", func() { r.answer(false) })
	r.decline = widgets.NewButton(widgets.Negative, theme.IconPhoneDown, lang.L("Decline"), func() { r.w.reject(r.call.ID); r.w.alerts.update() })
	r.silence = widgets.NewButton(widgets.Plain, theme.IconQuiet, "", func() { r.w.silence(r.call.ID); r.w.alerts.update() })
	r.look = widgets.NewButton(widgets.Plain, theme.IconEye, "", r.togglePicture)
	// Without keys: this window never has the keyboard.
	r.tips = widgets.NewTips(r.w.later)
	r.video.Explain(r.tips, lang.L("They see and hear you"), "")
	r.decline.Explain(r.tips, lang.L("Stops ringing on all your devices"), "")
	r.silence.Explain(r.tips, lang.L("Stops the sound; you can still answer"), "")
	r.look.Explain(r.tips, lang.L("Nobody but you sees this picture"), "")
	answers := widgets.Column(theme.Gap2, r.video, r.voice)
	others := widgets.Row(theme.Gap2, widgets.Grow(r.decline), r.silence)
	head := widgets.Row(theme.Gap3, r.avatar, widgets.Grow(widgets.Column(2, r.name, r.address,
		widgets.Row(theme.Gap2, r.kindIcon, widgets.Grow(r.kind)))))
	ground := widgets.NewGround(theme.ColorSurface)
	ground.Border = theme.ColorOutline
	r.body = widgets.Backed(ground, widgets.Pad(theme.Gap4, theme.Gap4,
		widgets.Column(theme.Gap3, head, r.hint, r.mirror, r.look, answers, others)))
}

// show says who calls and what can be done.
func (r *ringWindow) show(c engine.Call) {
	r.call = c
	r.avatar.Set(c.RemoteName, c.RemoteAddress)
	r.name.SetText(callName(c))
	r.address.SetText(callAddress(c))
	setVisible(r.address, callAddress(c) != "")
	icon, kind := theme.IconPhone, widgets.Positive
	word := lang.L("Answer")
	if c.OfferedVideo {
		icon, kind, word = theme.IconVideo, widgets.Neutral, lang.L("Answer voice only")
	}
	r.kindIcon.Set(icon, theme.ColorPrimaryText)
	r.kind.SetText(callKind(c.OfferedVideo))
	setVisible(r.video, c.OfferedVideo)
	r.voice.Set(kind, theme.IconPhone, word)
	hint := ""
	if front, is := r.w.frontCall(); is && front.State.Established() && !front.LocalHold {
		hint = lang.L("Your call with {{.Name}} is put on hold when you answer.", map[string]any{"Name": firstName(front)})
	}
	r.hint.SetText(hint)
	setVisible(r.hint, hint != "")
	setVisible(r.mirror, r.wantsPicture())
	setVisible(r.look, c.OfferedVideo)
	if r.wantsPicture() {
		r.look.Set(widgets.Plain, theme.IconEyeOff, lang.L("Hide my picture"))
	} else {
		r.look.Set(widgets.Plain, theme.IconEye, lang.L("See yourself first"))
	}
	silenced := r.w.view.silenced[c.ID]
	quiet := lang.L("Silence")
	if silenced {
		quiet = lang.L("Silenced")
	}
	r.silence.Set(widgets.Plain, theme.IconQuiet, quiet)
	r.silence.SetEnabled(!silenced)
	r.body.Refresh()
}

// wantsPicture: the camera is only opened for who asked for it, once.
func (r *ringWindow) wantsPicture() bool { return r.call.OfferedVideo && r.w.prefs.ringPicture() }

func (r *ringWindow) togglePicture() {
	r.w.prefs.setRingPicture(!r.w.prefs.ringPicture())
	r.w.alerts.update()
}

func (r *ringWindow) answer(video bool) {
	r.w.answer(r.call.ID, video)
	r.w.raise()
	r.w.alerts.update()
}

// close takes the window away.
func (r *ringWindow) close() {
	if r.win == nil {
		return
	}
	r.tips.Clear()
	r.link.drop()
	r.w.pump.Remove(r.view)
	r.win.Close()
	r.win = nil
}

// ringPreviewLayout gives the own picture its height.
type ringPreviewLayout struct{}

func (*ringPreviewLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, ringPreviewHeight)
}

func (*ringPreviewLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}

// fillLayout gives its objects all of a window, whose size is set from outside.
type fillLayout struct{}

func (*fillLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 60) }

func (*fillLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, 0, 0, size.Width, size.Height)
	}
}
