package ui

import (
	"fyne.io/fyne/v2"

	"tring/ui/theme"
	"tring/ui/widgets"
)

const (
	barHeight    = float32(84)
	selfMargin   = theme.Gap4
	defaultShape = float32(16) / 9
)

// callLayout places the parts of a callScreen. The picture ends above the bar,
// so that nothing of it is ever covered by buttons.
type callLayout struct {
	s         *callScreen
	outgoing  bool
	selfShape float32 // width over height of the self-view; 0 before the first picture
}

// MinSize is small: the window decides.
func (*callLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 200) }

func (l *callLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	s := l.s
	if s == nil {
		return
	}
	objects[0].Resize(size) // the ground
	area := fyne.NewSize(size.Width, size.Height-barHeight)
	s.remote.Resize(area)
	s.dim.Resize(area)
	place(s.bar.root, 0, area.Height, size.Width, barHeight)
	if l.outgoing {
		l.placeOutgoing(area)
	} else {
		l.placeAnswered(area)
	}
	l.placeKeypad(area)
}

// placeOutgoing puts the person above and our own picture, large, below.
func (l *callLayout) placeOutgoing(area fyne.Size) {
	s := l.s
	width := min(area.Width-2*theme.Gap4, 640)
	height := widgets.HeightFor(s.person, width)
	if !s.self.Visible() {
		place(s.person, (area.Width-width)/2, (area.Height-height)/2, width, height)
		return
	}
	room := fyne.NewSize(area.Width-2*selfMargin, area.Height-height-3*theme.Gap6)
	self := l.selfSize(room.Width, room.Height)
	top := max(theme.Gap4, (area.Height-height-theme.Gap6-self.Height)/2)
	place(s.person, (area.Width-width)/2, top, width, height)
	l.placeSelf((area.Width-self.Width)/2, top+height+theme.Gap6, self)
}

// placeAnswered puts our own picture into the bottom right corner.
func (l *callLayout) placeAnswered(area fyne.Size) {
	s := l.s
	width := min(area.Width-2*theme.Gap4, 560)
	height := widgets.HeightFor(s.person, width)
	place(s.person, (area.Width-width)/2, (area.Height-height)/2, width, height)

	room := max(128, min(260, area.Width*0.24))
	self := l.selfSize(room, area.Height*0.36)
	l.placeSelf(area.Width-self.Width-selfMargin, area.Height-self.Height-selfMargin, self)

	corner := s.corner.MinSize()
	place(s.corner, area.Width-corner.Width-theme.Gap3, theme.Gap3, corner.Width, corner.Height)
	info := min(s.infoWidth(), max(420, area.Width*0.45), area.Width-corner.Width-3*theme.Gap3)
	place(s.info, theme.Gap3, theme.Gap3, info, widgets.HeightFor(s.info, info))
}

// selfSize is the largest self-view of its shape in that room.
func (l *callLayout) selfSize(width, height float32) fyne.Size {
	shape := l.selfShape
	if shape <= 0 {
		shape = defaultShape
	}
	if width/shape > height {
		width = height * shape
	}
	return fyne.NewSize(float32(int(width)), float32(int(width/shape)))
}

// placeSelf puts the self-view on whole units, with a thin frame around it.
func (l *callLayout) placeSelf(x, y float32, size fyne.Size) {
	x, y = float32(int(x)), float32(int(y))
	place(l.s.selfGround, x-2, y-2, size.Width+4, size.Height+4)
	place(l.s.self, x, y, size.Width, size.Height)
}

func (l *callLayout) placeKeypad(area fyne.Size) {
	pad := l.s.keypad.root
	least := pad.MinSize()
	width := min(max(least.Width, 280), area.Width-2*theme.Gap3)
	place(pad, (area.Width-width)/2, max(0, area.Height-least.Height-theme.Gap2), width, min(least.Height, area.Height))
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}
