package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Grip is an invisible handle over something that can be dragged about, clicked
// and double-clicked.
type Grip struct {
	widget.BaseWidget

	OnDrag      func(dx, dy float32) // since the last time
	OnDrop      func()
	OnDoubleTap func()
	OnTap       func()                 // comes late where there is an OnDoubleTap
	OnSecond    func(at fyne.Position) // the other button of the mouse; at is absolute
	OnMove      func()                 // the pointer came or moved

	tips *Tips
	tip  Tip
}

var (
	_ fyne.Draggable         = (*Grip)(nil)
	_ fyne.DoubleTappable    = (*Grip)(nil)
	_ fyne.SecondaryTappable = (*Grip)(nil)
	_ fyne.Tappable          = (*Grip)(nil)
	_ desktop.Hoverable      = (*Grip)(nil)
	_ desktop.Cursorable     = (*Grip)(nil)
)

// NewGrip is a handle that does nothing yet.
func NewGrip() *Grip {
	g := &Grip{}
	g.ExtendBaseWidget(g)
	return g
}

// Dragged implements fyne.Draggable.
func (g *Grip) Dragged(e *fyne.DragEvent) {
	g.tips.leave(g)
	if g.OnDrag != nil {
		g.OnDrag(e.Dragged.DX, e.Dragged.DY)
	}
}

// DragEnd implements fyne.Draggable.
func (g *Grip) DragEnd() {
	if g.OnDrop != nil {
		g.OnDrop()
	}
}

// DoubleTapped implements fyne.DoubleTappable.
func (g *Grip) DoubleTapped(*fyne.PointEvent) {
	g.tips.leave(g)
	if g.OnDoubleTap != nil {
		g.OnDoubleTap()
	}
}

// Tapped implements fyne.Tappable.
func (g *Grip) Tapped(*fyne.PointEvent) {
	g.tips.leave(g)
	if g.OnTap != nil {
		g.OnTap()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (g *Grip) TappedSecondary(e *fyne.PointEvent) {
	g.tips.leave(g)
	if g.OnSecond != nil {
		g.OnSecond(e.AbsolutePosition)
	}
}

// Explain has tips say what the handle is for, as of a Button.
func (g *Grip) Explain(tips *Tips, name, keys string) {
	g.tips, g.tip = tips, Tip{name, keys}
	tips.change(g, g.tip)
}

// MouseIn implements desktop.Hoverable.
func (g *Grip) MouseIn(e *desktop.MouseEvent) {
	g.moved()
	g.tips.rest(g, g.tip, pointerAt(e))
}

// MouseMoved implements desktop.Hoverable.
func (g *Grip) MouseMoved(e *desktop.MouseEvent) {
	g.moved()
	g.tips.move(g, pointerAt(e))
}

// MouseOut implements desktop.Hoverable.
func (g *Grip) MouseOut() { g.tips.leave(g) }

// Hide implements fyne.CanvasObject.
func (g *Grip) Hide() {
	g.tips.leave(g)
	g.BaseWidget.Hide()
}

func (g *Grip) moved() {
	if g.OnMove != nil {
		g.OnMove()
	}
}

// Cursor implements desktop.Cursorable.
func (g *Grip) Cursor() desktop.Cursor {
	if g.OnDrag == nil && g.OnTap == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer implements fyne.Widget.
func (g *Grip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
