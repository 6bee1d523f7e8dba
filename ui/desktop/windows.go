package desktop

import "image"

// Float says how a small window stands beside the main one: above others, and
// without taking the keyboard when it comes.
type Float struct {
	Corner Corner
	Size   image.Point // of the window, in pixels
	Margin int         // from the edges of the screen, in pixels
	// Areas are the parts of each screen that no panel covers. The window stands
	// on the one with the pointer.
	Areas []image.Rectangle
	// Bare windows have no frame and never get the keyboard.
	Bare bool
}

// Corner is where on the screen a window stands.
type Corner int

// The corners in use.
const (
	TopRight Corner = iota
	BottomRight
)

// at is where the window's upper left corner belongs, for a pointer there;
// false where no screen is known.
func (f Float) at(pointer image.Point) (image.Point, bool) {
	if len(f.Areas) == 0 {
		return image.Point{}, false
	}
	area := f.Areas[0]
	for _, a := range f.Areas {
		if pointer.In(a) {
			area = a
		}
	}
	at := image.Pt(area.Max.X-f.Margin-f.Size.X, area.Min.Y+f.Margin)
	if f.Corner == BottomRight {
		at.Y = area.Max.Y - f.Margin - f.Size.Y
	}
	return image.Pt(max(at.X, area.Min.X), max(at.Y, area.Min.Y)), true
}

// Windows is what a system lets a program do with windows of its own, besides
// opening them. native is what fyne.io/fyne/v2/driver.NativeWindow tells.
// Where a system knows no such thing, nothing happens.
type Windows interface {
	// Prepare is told of a window that was made and is not on the screen yet.
	Prepare(native any, f Float)
	// Follow tells when a window is minimised and when it is back, on any
	// goroutine, until Close. It is for one window alone.
	Follow(native any, minimised func(bool))
	// Front brings a window to the front and gives it the keyboard, because
	// somebody asked for it right now.
	Front(native any)
	// SpaceHeld reports whether the space bar is down, whichever program has the
	// keyboard; known is false where that cannot be asked.
	SpaceHeld() (held, known bool)
	// Close ends and joins what was started. It can be called more than once.
	Close()
}

// NoWindows leaves windows as they are.
type NoWindows struct{}

// Prepare implements Windows.
func (NoWindows) Prepare(any, Float) {}

// Follow implements Windows.
func (NoWindows) Follow(any, func(bool)) {}

// Front implements Windows.
func (NoWindows) Front(any) {}

// SpaceHeld implements Windows.
func (NoWindows) SpaceHeld() (held, known bool) { return false, false }

// Close implements Windows.
func (NoWindows) Close() {}
