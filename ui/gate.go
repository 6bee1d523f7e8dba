package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// gate is an invisible thing that can have the keyboard. A sheet begins and
// ends with one, so that Tab goes round in the sheet: what lies under it is
// still there for Fyne.
type gate struct {
	widget.BaseWidget

	w      *window
	beyond func() // the keyboard got here by Tab and is to go elsewhere; nil to keep it
}

var _ fyne.Focusable = (*gate)(nil)

func newGate(w *window, beyond func()) *gate {
	g := &gate{w: w, beyond: beyond}
	g.ExtendBaseWidget(g)
	return g
}

// FocusGained implements fyne.Focusable.
func (g *gate) FocusGained() {
	if g.beyond != nil {
		g.beyond()
	}
}

// FocusLost implements fyne.Focusable.
func (g *gate) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (g *gate) TypedRune(r rune) { g.w.typedRune(r) }

// TypedKey implements fyne.Focusable.
func (g *gate) TypedKey(k *fyne.KeyEvent) { g.w.typedKey(k) }

// CreateRenderer implements fyne.Widget.
func (g *gate) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
