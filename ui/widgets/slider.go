package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Slider is a number between two, set by the pointer or by Left and Right. It
// leaves Escape and F1 to OnKey.
type Slider struct {
	widget.Slider

	OnKey func(*fyne.KeyEvent)
}

// NewSlider is a slider at value.
func NewSlider(least, most, step, value float64) *Slider {
	s := &Slider{}
	s.Min, s.Max, s.Step, s.Value = least, most, step, value
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		if s.OnKey != nil {
			s.OnKey(k)
		}
	default:
		s.Slider.TypedKey(k)
	}
}
