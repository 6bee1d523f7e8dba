package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// surface draws the picture of a VideoView by itself, into the window that Fyne
// is drawing at that moment.
//
// Fyne draws a picture with blending, a test for transparency and rounded
// corners, and from a new texture each time: 6.5 ms for 1280x720 where the
// processor draws (llvmpipe), as against 2 with a texture that stays and a plain
// copy. BenchmarkE2EWindowCall in cmd/tring measures a call with either.
//
// Fyne has no hook for it, but it asks each widget for its objects while it draws
// a window, in the order in which they lie upon each other: what is below is
// drawn by then, and what is above comes after. That moment is known by two signs
// that come together then alone: the window's OpenGL context is current, and
// drawing is limited to the view (IsClip of its renderer). Where either is
// missing, as in tests or with OpenGL ES, the view shows a canvas.Image.
//
// All of it belongs to the main goroutine.
type surface struct {
	widget.BaseWidget

	view  *VideoView
	plate plate
	fresh bool // the view's frame is not on the plate yet
	busy  bool // paint is under way, in which it is asked for its objects again
}

// plate holds one picture where the window's driver draws from.
type plate interface {
	// usable reports whether it has been in a window in which it can be drawn.
	usable() bool
	// begin reports whether a window is being drawn, and no more of it than the
	// view, so that load and draw may be called.
	begin() bool
	// load takes a picture, RGBA without gaps.
	load(pix []byte, width, height int)
	// draw covers width by height pixels of the window, x and y from its upper
	// left corner.
	draw(x, y, width, height int)
	// drop gives the picture up.
	drop()
}

// direct is whether new views may draw by themselves: see DrawDirectly.
var direct bool

// DrawDirectly lets views that are made from now on draw past Fyne where they
// can. It is for Fyne's OpenGL driver and no other.
func DrawDirectly() { direct = true }

// newSurface gives nil where there is no plate.
func newSurface(v *VideoView, p plate) *surface {
	if p == nil {
		return nil
	}
	s := &surface{view: v, plate: p}
	s.ExtendBaseWidget(s)
	return s
}

// update takes the view's new picture. False means that it cannot, so that the
// picture must be shown otherwise.
func (s *surface) update() bool {
	if !s.plate.usable() {
		return false
	}
	s.fresh = true
	canvas.Refresh(s)
	return true
}

// clear forgets the picture.
func (s *surface) clear() {
	s.fresh = false
	s.plate.drop()
}

// paint is called again and again, sometimes while the window is drawn.
func (s *surface) paint() {
	v := s.view
	if s.busy || v.shown == nil || !s.plate.begin() || v.image.Visible() {
		return
	}
	s.busy = true
	defer func() { s.busy = false }()
	if s.fresh {
		s.fresh = false
		s.plate.load(v.shown.Pix, v.shown.Width, v.shown.Height)
		v.handBack()
	}
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(v)
	if c == nil {
		return
	}
	size := v.image.Size()
	x, y := c.PixelCoordinateForPosition(driver.AbsolutePositionForObject(v).Add(v.image.Position()))
	width, height := c.PixelCoordinateForPosition(fyne.NewPos(size.Width, size.Height))
	s.plate.draw(x, y, width, height)
}

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer { return surfaceRenderer{s} }

type surfaceRenderer struct{ s *surface }

func (r surfaceRenderer) Destroy()                     {}
func (r surfaceRenderer) Layout(fyne.Size)             {}
func (r surfaceRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r surfaceRenderer) Refresh()                     {}
func (r surfaceRenderer) Objects() []fyne.CanvasObject { r.s.paint(); return nil }
