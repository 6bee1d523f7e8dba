package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// preview is what the camera sees, outside of calls. The camera is open as
// long as the preview is shown.
type preview struct {
	w    *window
	root *fyne.Container
	view *widgets.VideoView
	link videoLink
	none *widgets.Paragraph // in place of a picture
}

func newPreview(w *window) *preview {
	p := &preview{w: w, view: widgets.NewVideoView(w.pump, true, 0)}
	p.view.Margin = theme.ColorStage
	p.view.OnShape = func(int, int) { p.update(w.view.snapshot) }
	p.link = videoLink{view: p.view}
	p.none = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeBody).Center()
	p.root = container.New(&previewLayout{}, p.view, p.none)
	return p
}

func (p *preview) start() { p.update(p.w.view.snapshot) }

// stop closes the camera, unless a call uses it, and forgets the view.
func (p *preview) stop() {
	p.link.drop()
	p.w.pump.Remove(p.view)
}

// update shows the camera that is chosen. It says why there is no picture, as far as that is known.
func (p *preview) update(s engine.Snapshot) {
	on := s.Chosen.Camera != engine.DeviceNone
	p.link.set(p.w.cfg.Engine, on, "", engine.LocalVideo)
	text := ""
	switch {
	case !on:
		text = lang.L("No camera is chosen. Others see no picture of you.")
	case !p.view.HasPicture():
		text = lang.L("The picture of your camera appears here.")
	}
	p.none.SetText(text)
	setVisible(p.none, text != "")
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
}

// previewLayout gives the picture all and puts the words in the middle.
type previewLayout struct{}

const previewHeight = 180

func (*previewLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, previewHeight)
}

func (*previewLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	view, words := objects[0], objects[1]
	place(view, 0, 0, size.Width, size.Height)
	width := size.Width - 2*theme.Gap4
	height := widgets.HeightFor(words, width)
	place(words, theme.Gap4, (size.Height-height)/2, width, height)
}

// openPreview shows how others will see one, with the choice of the camera.
func (w *window) openPreview() {
	look, camera := newPreview(w), w.newDeviceSelect(engine.Camera)
	settings := widgets.NewButton(widgets.Plain, theme.IconSettings, lang.L("All settings"), w.openSettings)
	check := widgets.NewButton(widgets.Plain, theme.IconStats, lang.L("Check before a call"), w.openCheck)
	w.wire(settings)
	w.wire(check)
	w.sheet.open(lang.L("How you look"), 480, widgets.Column(theme.Gap3, look.root,
		settingRow(lang.L("Camera"), theme.IconVideo, camera.list), container.NewGridWithColumns(2, check, settings)), nil)
	look.start()
	w.sheet.onClose = look.stop
	w.sheet.onUpdate = func(s engine.Snapshot) {
		camera.update(s)
		look.update(s)
	}
}
