package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/desktop"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// pipWindow is the picture of a video call in a small window above others,
// while the main window is minimised.
type pipWindow struct {
	w      *window
	win    fyne.Window // nil while it is not shown
	closed bool        // its cross was pressed: not again until the main window was there

	view   *widgets.VideoView
	link   videoLink
	avatar *widgets.Avatar
	words  *widgets.Text // in place of a picture
	person *fyne.Container
	body   *fyne.Container

	mic, camera, end, back *widgets.Button
	tips                   *widgets.Tips
}

// pipSize is 16:9 and the bar below it.
var pipSize = fyne.NewSize(368, 207+pipBar)

const pipBar = float32(60)

// followMinimised learns when the main window is minimised, and when it is back.
func (w *window) followMinimised() {
	native, is := w.win.(driver.NativeWindow)
	if !is {
		return
	}
	native.RunNative(func(context any) {
		w.windows.Follow(context, func(on bool) {
			w.presenter.post(func() { w.setMinimised(on) })
		})
	})
}

func (w *window) setMinimised(on bool) {
	w.minimised = on
	w.redraw()
	w.alerts.update()
}

// update shows the call in front, or nothing. It is a part of redraw.
func (p *pipWindow) update(s scene) {
	w := p.w
	if !w.minimised {
		p.closed = false
	}
	c := s.call
	video := s.screen == screenCall && (c.RemoteVideo || c.SendingVideo)
	if !video || !w.minimised || p.closed {
		p.close()
		return
	}
	fresh := p.win == nil
	if fresh {
		p.build()
	}
	p.show(c)
	if fresh {
		p.win = w.openFloat(container.NewStack(p.body, p.tips.Layer), floatWish{
			title: windowTitle(s), size: pipSize, corner: desktop.BottomRight, closed: p.dismiss,
		})
		canvas := p.win.Canvas()
		canvas.SetOnTypedKey(w.typedKey)
		canvas.SetOnTypedRune(w.typedRune)
		w.bindTalk(canvas)
	}
	on := c.RemoteVideo && !held(c)
	p.link.set(w.cfg.Engine, on, c.ID, engine.RemoteVideo)
}

func (p *pipWindow) build() {
	w := p.w
	p.view = widgets.NewVideoView(w.pump, false, 0)
	p.view.Margin = theme.ColorStage
	p.view.OnShape = func(int, int) { w.redraw() }
	p.link = videoLink{view: p.view}
	p.avatar = widgets.NewAvatar(64)
	p.words = widgets.Styled("", theme.ColorStageText, theme.SizeBody).Center().Cut()
	p.person = widgets.Column(theme.Gap2, p.avatar, p.words)
	button := func(kind widgets.Kind, icon theme.IconName, do func()) *widgets.Button {
		b := widgets.NewButton(kind, icon, "", do)
		b.Width = 64
		w.wire(b)
		return b
	}
	p.tips = widgets.NewTips(w.later)
	p.mic = button(widgets.Stage, theme.IconMic, w.toggleMute)
	p.camera = button(widgets.Stage, theme.IconVideo, w.toggleVideo)
	p.back = button(widgets.Stage, theme.IconFullscreen, w.raise)
	p.end = button(widgets.Negative, theme.IconPhoneDown, w.hangUp)
	bar := widgets.Row(theme.Gap2, p.mic, p.camera, p.back, widgets.Grow(gap(1, 1)), p.end)
	p.back.Explain(p.tips, lang.L("Back to the large window"), "")
	p.end.Explain(p.tips, lang.L("End the call"), "")
	grip := widgets.NewGrip()
	grip.OnDoubleTap = w.raise
	p.body = container.New(&pipLayout{}, widgets.NewGround(theme.ColorStage), p.view, p.person, grip, widgets.Pad(theme.Gap2, theme.Gap3, bar))
}

// show says what is on and off. Where there is no picture, it says so.
func (p *pipWindow) show(c engine.Call) {
	p.avatar.Set(c.RemoteName, c.RemoteAddress)
	words := callName(c)
	if state, _ := callState(c, 0); state != "" {
		words = state
	}
	p.words.SetText(words)
	setVisible(p.person, !c.RemoteVideo || held(c) || !p.view.HasPicture())
	if c.Muted {
		p.mic.Set(widgets.StageOff, theme.IconMicOff, "")
		p.mic.Explain(p.tips, lang.L("Turn the microphone on"), "M")
	} else {
		p.mic.Set(widgets.Stage, theme.IconMic, "")
		p.mic.Explain(p.tips, lang.L("Turn the microphone off"), "M")
	}
	if c.SendingVideo && !c.ScreenShared {
		p.camera.Set(widgets.Stage, theme.IconVideo, "")
		p.camera.Explain(p.tips, lang.L("Turn the camera off"), "V")
	} else {
		p.camera.Set(widgets.StageOff, theme.IconVideoOff, "")
		p.camera.Explain(p.tips, lang.L("Turn the camera on"), "V")
	}
	p.back.Set(widgets.Stage, theme.IconFullscreen, lang.L("Back"))
	p.body.Refresh()
}

// dismiss hides it until the main window was there again. The call goes on.
func (p *pipWindow) dismiss() {
	p.closed = true
	p.close()
}

// close takes it away.
func (p *pipWindow) close() {
	if p.win == nil {
		return
	}
	p.w.endTalk()
	p.tips.Clear()
	p.link.drop()
	p.w.pump.Remove(p.view)
	p.win.Close()
	p.win = nil
}

// pipLayout puts the buttons below the picture.
type pipLayout struct{}

func (*pipLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(304, 171+pipBar) }

func (*pipLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	ground, view, person, grip, bar := objects[0], objects[1], objects[2], objects[3], objects[4]
	picture := fyne.NewSize(size.Width, size.Height-pipBar)
	place(ground, 0, 0, size.Width, size.Height)
	place(view, 0, 0, picture.Width, picture.Height)
	place(grip, 0, 0, picture.Width, picture.Height)
	height := widgets.HeightFor(person, picture.Width)
	place(person, 0, (picture.Height-height)/2, picture.Width, height)
	place(bar, 0, picture.Height, size.Width, pipBar)
}
