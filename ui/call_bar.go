package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// callBar is the row of buttons under a call, always in the same order, with
// End apart at the right.
type callBar struct {
	w      *window
	root   *fyne.Container
	ground *widgets.Ground

	mic, camera, share, keypad, hold, more, end *widgets.Button
	micMenu, cameraMenu                         *widgets.Button // ▾ beside them
}

func newCallBar(w *window) *callBar {
	b := &callBar{w: w, ground: widgets.NewGround(theme.ColorStage)}
	button := func(kind widgets.Kind, icon theme.IconName, text string, tapped func()) *widgets.Button {
		made := widgets.NewButton(kind, icon, text, tapped)
		made.Stacked = true
		w.wire(made)
		return made
	}
	b.mic = button(widgets.Stage, theme.IconMic, lang.X("button.mic", "Mic"), w.toggleMute)
	b.camera = button(widgets.Stage, theme.IconVideo, lang.L("Camera"), w.toggleVideo)
	b.camera.Short = lang.L("Cam off")
	b.share = button(widgets.Stage, theme.IconShare, lang.X("button.share", "Share"), w.toggleShare)
	b.keypad = button(widgets.Stage, theme.IconKeypad, lang.X("button.keypad", "Keypad"), func() { w.callScreen.toggleKeypad() })
	b.hold = button(widgets.Stage, theme.IconPause, lang.X("button.hold", "Hold"), w.toggleHold)
	b.more = button(widgets.Stage, theme.IconMore, lang.L("More"), w.openMore)
	b.end = button(widgets.Negative, theme.IconPhoneDown, lang.X("button.end", "End"), w.hangUp)
	menu := func(beside *widgets.Button, name, key string) *widgets.Button {
		made := widgets.NewButton(widgets.Stage, theme.IconDown, "", nil)
		w.explain(made, name, key)
		made.OnTapped = func() { w.callScreen.devices.toggle(made) }
		for _, o := range []*widgets.Button{beside, made} {
			o.OnSecond = made.OnTapped
			o.OnKey = func(k *fyne.KeyEvent) {
				if k.Name == fyne.KeyDown {
					made.OnTapped()
					return
				}
				w.typedKey(k)
			}
		}
		return made
	}
	b.micMenu, b.cameraMenu = menu(b.mic, lang.L("Choose microphone and speaker"), "A"), menu(b.camera, lang.L("Choose the camera"), "C")
	row := container.New(&barLayout{menus: []fyne.CanvasObject{b.micMenu, b.cameraMenu}}, b.buttonObjects()...)
	b.root = widgets.Backed(b.ground, row)
	return b
}

func (b *callBar) buttons() []*widgets.Button {
	return []*widgets.Button{b.mic, b.micMenu, b.camera, b.cameraMenu, b.share, b.keypad, b.hold, b.more, b.end}
}

func (b *callBar) buttonObjects() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, o := range b.buttons() {
		objects = append(objects, o)
	}
	return objects
}

// hovered reports whether the pointer is on one of the buttons.
func (b *callBar) hovered() bool {
	for _, o := range b.buttons() {
		if o.Hovered() {
			return true
		}
	}
	return false
}

// show makes the buttons say how the call is. What is off is slashed, red and
// says so in words.
func (b *callBar) show(c engine.Call, outgoing, keypadOpen bool) {
	if b.w.talking != "" && b.w.talking == c.ID {
		b.mic.Set(widgets.StageOn, theme.IconMic, lang.X("button.talking", "Heard"))
	} else if c.Muted {
		b.mic.Set(widgets.StageOff, theme.IconMicOff, lang.X("button.muted", "Muted"))
	} else {
		b.mic.Set(widgets.Stage, theme.IconMic, lang.X("button.mic", "Mic"))
	}
	if c.SendingVideo && !c.ScreenShared {
		b.camera.Set(widgets.Stage, theme.IconVideo, lang.L("Camera"))
	} else {
		b.camera.Set(widgets.StageOff, theme.IconVideoOff, lang.L("Camera off"))
	}
	if c.ScreenShared {
		b.share.Set(widgets.StageOn, theme.IconShare, lang.X("button.sharing", "Sharing"))
	} else {
		b.share.Set(widgets.Stage, theme.IconShare, lang.X("button.share", "Share"))
	}
	if c.LocalHold {
		b.hold.Set(widgets.StageOn, theme.IconPlay, lang.X("button.resume", "Resume"))
	} else {
		b.hold.Set(widgets.Stage, theme.IconPause, lang.X("button.hold", "Hold"))
	}
	kind := widgets.Stage
	if keypadOpen {
		kind = widgets.StageOn
	}
	b.keypad.Set(kind, theme.IconKeypad, lang.X("button.keypad", "Keypad"))
	for _, o := range []*widgets.Button{b.micMenu, b.cameraMenu} {
		kind := widgets.Stage
		if b.w.callScreen != nil && b.w.callScreen.devices.of == o {
			kind = widgets.StageOn
		}
		o.Set(kind, theme.IconDown, "")
	}
	word := lang.X("button.end", "End")
	if outgoing {
		word = lang.L("Cancel")
	}
	b.end.Set(widgets.Negative, theme.IconPhoneDown, word)
	for _, o := range []*widgets.Button{b.share, b.keypad, b.hold, b.more} {
		setVisible(o, !outgoing)
	}
	b.explain(c, outgoing)
}

// barLayout centres the buttons in equal widths, the last one apart. Menus are
// narrow and close to the button before them.
type barLayout struct{ menus []fyne.CanvasObject }

const (
	barButtonMax = 84
	barApart     = 28 // between the last button and the others
	barMenu      = 28 // width of a menu's button
	barNear      = 2  // between it and the button that it belongs to
)

func (*barLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, barHeight) }

func (l *barLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var shown []fyne.CanvasObject
	menus := 0
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
			if slices.Contains(l.menus, o) {
				menus++
			}
		}
	}
	n := float32(len(shown) - menus)
	gap, apart, menu := theme.Gap2, float32(barApart), float32(barMenu)
	if size.Width < 620 { // seven buttons in the least window
		gap, apart, menu = 5, 12, 22
	}
	fixed := gap*(n-2) + apart + float32(menus)*(menu+barNear)
	width := float32(int(min(barButtonMax, (size.Width-2*theme.Gap2-fixed)/n)))
	x := float32(int((size.Width - width*n - fixed) / 2))
	for i, o := range shown {
		w := width
		switch {
		case slices.Contains(l.menus, o):
			x += barNear - gap
			w = menu
		case i == len(shown)-1:
			x += apart - gap
		}
		place(o, x, theme.Gap3, w, size.Height-theme.Gap3-theme.Gap3)
		x += w + gap
	}
	widgets.Mirror(size.Width, shown...)
}
