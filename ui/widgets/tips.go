package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"tring/ui/theme"
)

const (
	tipPatience = 600 * time.Millisecond // of the pointer on a control before it is named
	tipShown    = 8 * time.Second        // Fyne does not tell when the pointer leaves the window
	tipWidth    = float32(300)           // at most
	tipPointer  = float32(26)            // room for the pointer, which hangs down from its place
)

// Tips names the controls of one window: what one does, and its key, beside it
// and over everything, once the pointer or the keyboard rests on it. At rest it
// is hidden and costs nothing. It belongs to the main goroutine.
type Tips struct {
	Layer *fyne.Container // to lie over all of the window

	later  func(time.Duration, func()) (stop func())
	layout *tipLayout
	name   *Paragraph
	keys   *Text
	chip   *fyne.Container

	of      fyne.CanvasObject // what is named, or soon will be; nil at rest
	tip     Tip
	pointer fyne.Position // when it came to rest; zero if the keyboard did
	stop    func()        // of what waits
}

// Tip is what is said of a control.
type Tip struct {
	Name string // what it does, in a few words; "" for no tip
	Keys string // what does the same, e.g. "M"; may be empty
}

// NewTips is a layer at rest. later runs a function on the main goroutine after
// a while, unless it is stopped before.
func NewTips(later func(time.Duration, func()) (stop func())) *Tips {
	t := &Tips{later: later, layout: &tipLayout{}}
	t.name = NewParagraph("", theme.ColorStageText, theme.SizeBody)
	t.keys = Styled("", theme.ColorStageText, theme.SizeCaption).Strong()
	box := NewGround(theme.ColorStageButton)
	box.Radius = theme.SizeTipRadius
	t.chip = Backed(box, Pad(2, 6, t.keys))
	ground := NewGround(theme.ColorNote)
	ground.Border, ground.Radius = theme.ColorStageButton, theme.SizeTipRadius
	t.layout.words = Row(theme.Gap2, Grow(t.name), t.chip)
	t.layout.card = Backed(ground, Pad(6, 10, t.layout.words))
	t.Layer = container.New(t.layout, t.layout.card)
	t.Layer.Hide()
	return t
}

// rest is told that the pointer, or with a zero position the keyboard, came to
// o.
func (t *Tips) rest(o fyne.CanvasObject, tip Tip, pointer fyne.Position) {
	if t == nil || tip.Name == "" || t.of == o {
		return
	}
	t.Clear()
	t.of, t.tip, t.pointer = o, tip, pointer
	t.stop = t.later(tipPatience, func() {
		if t.of == o {
			t.show()
		}
	})
}

// move is told that the pointer moved on o.
func (t *Tips) move(o fyne.CanvasObject, pointer fyne.Position) {
	if t != nil && t.of == o {
		t.pointer = pointer
	}
}

// change is told that o does something else now.
func (t *Tips) change(o fyne.CanvasObject, tip Tip) {
	if t == nil || t.of != o || t.tip == tip {
		return
	}
	t.tip = tip
	if t.Layer.Visible() {
		t.fill()
	}
}

// leave is told that o was pressed, is hidden, or has neither pointer nor
// keyboard any more.
func (t *Tips) leave(o fyne.CanvasObject) {
	if t != nil && t.of == o {
		t.Clear()
	}
}

// pointerAt is where the pointer is in the window.
func pointerAt(e *desktop.MouseEvent) fyne.Position {
	if e == nil { // of tests
		return fyne.Position{}
	}
	return e.AbsolutePosition
}

// Clear takes the tip away, and the one that waits.
func (t *Tips) Clear() {
	if t.of == nil {
		return
	}
	t.stop()
	t.of, t.stop = nil, nil
	t.Layer.Hide()
}

func (t *Tips) show() {
	t.stop = t.later(tipShown, t.Clear)
	t.fill()
}

func (t *Tips) fill() {
	t.name.SetText(t.tip.Name)
	t.keys.SetText(t.tip.Keys)
	t.chip.Hidden = t.tip.Keys == ""
	width := fyne.MeasureText(t.tip.Name, theme.Size(t.name, t.name.TextSize), t.name.style()).Width + 1
	if !t.chip.Hidden {
		width += theme.Gap2 + t.chip.MinSize().Width
	}
	t.layout.width = width + 20
	t.layout.at = fyne.CurrentApp().Driver().AbsolutePositionForObject(t.of)
	t.layout.size = t.of.Size()
	t.layout.pointer = t.pointer.Y
	t.Layer.Show()
	t.Layer.Refresh()
}

// tipLayout puts the card under the control, clear of the pointer, or above it
// where there is no room; never over the window's edge.
type tipLayout struct {
	card, words *fyne.Container
	width       float32 // in which nothing wraps
	at          fyne.Position
	size        fyne.Size // of the control
	pointer     float32   // its y
}

// MinSize is nothing: a tip never pushes the window open.
func (*tipLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l *tipLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const margin, gap = theme.Gap2, float32(6)
	width := min(l.width, tipWidth, size.Width-2*margin)
	height := HeightFor(l.card, width)
	x := max(margin, min(l.at.X+(l.size.Width-width)/2, size.Width-margin-width))
	y := max(l.at.Y+l.size.Height+gap, l.pointer+tipPointer)
	if y+height > size.Height-margin {
		y = max(margin, l.at.Y-gap-height)
	}
	l.card.Move(fyne.NewPos(float32(int(x)), float32(int(y))))
	l.card.Resize(fyne.NewSize(width, height))
}
