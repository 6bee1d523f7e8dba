package widgets

import (
	"image"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// surface draws the picture of a VideoView by itself, into the window that Fyne
// is drawing at that moment. It is as large as the view.
//
// Fyne draws a picture with blending, a test for transparency and rounded
// corners, and from a new texture each time. Where the processor draws (llvmpipe)
// that takes 4 ms more for 1280x720 than a texture that stays and a plain copy
// (BenchmarkE2EWindowCall in cmd/tring).
//
// Fyne has no hook for it, but it asks each widget for its objects while it draws
// a window, in the order in which they lie upon each other: what is below is
// drawn by then, and what is above comes after. That moment is known by two signs
// that come together then alone: the window's OpenGL context is current, and
// drawing is limited to the surface (IsClip of its renderer). Where either is
// missing, as in tests or with OpenGL ES, the view shows a canvas.Image.
//
// All of it belongs to the main goroutine.
type surface struct {
	widget.BaseWidget

	view  *VideoView
	plate plate
	fresh bool // the view's frame is not on the plate yet
}

// plate holds one picture where the window's driver draws from.
type plate interface {
	// usable reports whether it has been in a window in which it can be drawn.
	usable() bool
	// begin reports whether a window is being drawn, and no more of it than the
	// surface, so that load and draw may be called.
	begin() bool
	// load takes a picture, RGBA without gaps.
	load(pix []byte, width, height int)
	// draw covers width by height pixels of the window, x and y from its upper
	// left corner. False means that it never will.
	draw(x, y, width, height int) bool
	// drop gives the picture up.
	drop()
}

var (
	direct    bool // whether views may draw by themselves
	directLog *slog.Logger

	// painting: a surface is asked for its objects again, and others are, while it
	// looks for its place in the window.
	painting bool
)

// DrawDirectly lets views that are made from now on draw past Fyne where they
// can, and the log tell whether they do. It is for Fyne's OpenGL driver and no
// other, and until that ends. A window that outlives its views needs a Sweeper.
func DrawDirectly(log *slog.Logger) { direct, directLog = true, log }

// DrawNoMore must be called once Fyne's driver has ended: nothing can be asked of
// it then.
func DrawNoMore() { direct = false }

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
	if painting || v.shown == nil || !s.plate.begin() || v.image.Visible() {
		return
	}
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(v)
	if c == nil {
		return
	}
	painting = true
	corner := driver.AbsolutePositionForObject(v)
	painting = false
	if s.fresh {
		s.plate.load(v.shown.Pix, v.shown.Width, v.shown.Height)
	}
	size := v.image.Size()
	x, y := c.PixelCoordinateForPosition(corner.Add(v.image.Position()))
	width, height := c.PixelCoordinateForPosition(fyne.NewPos(size.Width, size.Height))
	drawn := s.plate.draw(x, y, width, height)
	if !s.fresh {
		return
	}
	if s.fresh = false; drawn {
		v.handBack()
	} else {
		v.pump.do(v.fallBack) // not while the window is drawn
	}
}

// loosen gives the box, to which drawing is limited, the edges of a picture that
// is larger by one: Fyne rounds the two in different ways.
func loosen(box, picture image.Rectangle) image.Rectangle {
	near := func(edge, other int) int {
		if edge-other == 1 || other-edge == 1 {
			return other
		}
		return edge
	}
	return box.Union(image.Rect(
		near(box.Min.X, picture.Min.X), near(box.Min.Y, picture.Min.Y),
		near(box.Max.X, picture.Max.X), near(box.Max.Y, picture.Max.Y),
	))
}

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	return clipRenderer{widget.NewSimpleRenderer(newHook(s.paint))}
}

// clipRenderer makes Fyne limit drawing to its widget.
type clipRenderer struct{ fyne.WidgetRenderer }

// IsClip tells Fyne.
func (clipRenderer) IsClip() {}

// hook is called whenever Fyne walks past it.
type hook struct {
	widget.BaseWidget

	passed func()
}

func newHook(passed func()) *hook {
	h := &hook{passed: passed}
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer implements fyne.Widget.
func (h *hook) CreateRenderer() fyne.WidgetRenderer { return hookRenderer{h} }

type hookRenderer struct{ h *hook }

func (hookRenderer) Destroy()           {}
func (hookRenderer) Layout(fyne.Size)   {}
func (hookRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (hookRenderer) Refresh()           {}

func (r hookRenderer) Objects() []fyne.CanvasObject {
	r.h.passed()
	return nil
}

// NewSweeper is to be in each window for as long as that is there, and takes no
// room: it deletes what views that drew by themselves have left in it. It is nil
// where none does.
func NewSweeper() fyne.CanvasObject {
	if !direct {
		return nil
	}
	return newHook(sweep)
}
