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

// corner is where the small picture is.
type corner int

// The corners, in the order in which they are kept in the preferences.
const (
	bottomRight corner = iota
	bottomLeft
	topLeft
	topRight
	corners // how many there are
)

func (c corner) left() bool { return c == bottomLeft || c == topLeft }
func (c corner) top() bool  { return c == topLeft || c == topRight }

// callLayout places the parts of a callScreen. The picture ends above the bar,
// so that nothing of it is covered by buttons, unless the bar comes and goes:
// then it lies over the picture, which keeps its place.
type callLayout struct {
	s         *callScreen
	outgoing  bool
	over      bool    // the bar lies over the picture
	selfShape float32 // width over height of the small picture; 0 before the first one
	corner    corner
	dragged   fyne.Delta // how far from its corner it is being dragged
}

// MinSize is small: the window decides.
func (*callLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 200) }

func (l *callLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s := l.s
	if s == nil {
		return
	}
	s.sensor.Resize(size)
	area := fyne.NewSize(size.Width, size.Height-barHeight)
	picture := area
	if l.over {
		picture = size
	}
	s.remote.Resize(picture)
	s.dim.Resize(picture)
	if s.remote.Visible() { // its margins are the ground
		place(s.ground, 0, picture.Height, size.Width, size.Height-picture.Height)
	} else {
		place(s.ground, 0, 0, size.Width, size.Height)
	}
	place(s.bar.root, 0, area.Height, size.Width, barHeight)
	if l.outgoing {
		l.placeOutgoing(area)
	} else {
		l.placeAnswered(area)
	}
	l.placeBadge(size)
	l.placeNumbers(area)
	l.placeKeypad(area)
	l.placeDevices(area)
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

// placeAnswered puts the small picture into its corner.
func (l *callLayout) placeAnswered(area fyne.Size) {
	s := l.s
	width := min(area.Width-2*theme.Gap4, 560)
	height := widgets.HeightFor(s.person, width)
	place(s.person, (area.Width-width)/2, (area.Height-height)/2, width, height)

	corner := s.corner.MinSize()
	place(s.corner, area.Width-corner.Width-theme.Gap3, theme.Gap3, corner.Width, corner.Height)
	info := min(s.infoWidth(), max(420, area.Width*0.45), area.Width-corner.Width-3*theme.Gap3)
	place(s.info, theme.Gap3, theme.Gap3, info, widgets.HeightFor(s.info, info))
	place(s.infoGrip, theme.Gap3, theme.Gap3, info, s.info.Size().Height)
	widgets.Mirror(area.Width, s.corner, s.info, s.infoGrip)

	self := l.selfSize(max(128, min(260, area.Width*0.24)), area.Height*0.36)
	at := l.cornerPosition(area, self).AddXY(l.dragged.DX, l.dragged.DY)
	at.X = max(0, min(at.X, area.Width-self.Width))
	at.Y = max(0, min(at.Y, area.Height-self.Height))
	l.placeSelf(at.X, at.Y, self)
	mark := s.selfMark.MinSize()
	at = l.cornerPosition(area, mark)
	place(s.selfMark, at.X, at.Y, mark.Width, mark.Height)
}

// cornerPosition is where something of that size lies in the chosen corner,
// below what stands at the top.
func (l *callLayout) cornerPosition(area, size fyne.Size) fyne.Position {
	at := fyne.NewPos(area.Width-size.Width-selfMargin, area.Height-size.Height-selfMargin)
	if l.corner.left() {
		at.X = selfMargin
	}
	if l.corner.top() {
		at.Y = 2*theme.Gap3 + max(l.s.corner.MinSize().Height, l.s.info.Size().Height)
	}
	return at
}

// nearest is the corner that the small picture is closest to.
func (l *callLayout) nearest(area fyne.Size) corner {
	centre := l.s.self.Position().AddXY(l.s.self.Size().Width/2, l.s.self.Size().Height/2)
	left, top := centre.X < area.Width/2, centre.Y < (area.Height-barHeight)/2
	switch {
	case left && top:
		return topLeft
	case left:
		return bottomLeft
	case top:
		return topRight
	default:
		return bottomRight
	}
}

// selfSize is the largest picture of its shape in that room.
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

// placeSelf puts the small picture on whole units, with a thin frame around it.
func (l *callLayout) placeSelf(x, y float32, size fyne.Size) {
	x, y = float32(int(x)), float32(int(y))
	place(l.s.selfGround, x-2, y-2, size.Width+4, size.Height+4)
	place(l.s.self, x, y, size.Width, size.Height)
	place(l.s.grip, x, y, size.Width, size.Height)
}

func (l *callLayout) placeKeypad(area fyne.Size) {
	pad := l.s.keypad.root
	least := pad.MinSize()
	width := min(max(least.Width, 280), area.Width-2*theme.Gap3)
	place(pad, (area.Width-width)/2, max(0, area.Height-least.Height-theme.Gap2), width, min(least.Height, area.Height))
}

// placeNumbers puts the panel of numbers below what stands at the top.
func (l *callLayout) placeNumbers(area fyne.Size) {
	n := l.s.numbers
	top := 2*theme.Gap3 + l.s.info.Size().Height
	width := min(numbersWidth, area.Width-2*theme.Gap3)
	x := theme.Gap3
	if l.corner == topLeft && l.s.self.Visible() { // of which it would hide all
		x = area.Width - width - theme.Gap3
		top = max(top, 2*theme.Gap3+l.s.corner.MinSize().Height)
	}
	place(n.root, x, top, width, max(0, min(n.height(), area.Height-top-theme.Gap2)))
	if x == theme.Gap3 {
		widgets.Mirror(area.Width, n.root)
	}
}

// placeDevices puts the open menu of devices above its button.
func (l *callLayout) placeDevices(area fyne.Size) {
	d := l.s.devices
	d.away.Resize(area)
	if !d.isOpen() {
		return
	}
	width := min(devicesWidth, area.Width-2*theme.Gap3)
	height := min(d.layout.height(width), area.Height-2*theme.Gap2)
	x := max(theme.Gap3, min(d.of.Position().X-theme.Gap6, area.Width-width-theme.Gap3))
	place(d.root, x, area.Height-height-theme.Gap2, width, height)
}

// devicesWidth is that of a menu of devices.
const devicesWidth = float32(320)

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}
