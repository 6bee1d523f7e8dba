package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Select is a list to choose from that leaves Escape and F1 to OnKey.
type Select struct {
	widget.Select

	OnKey func(*fyne.KeyEvent)
}

// NewSelect is a list of options with one of them chosen. changed is told of
// choices made from then on.
func NewSelect(options []string, chosen string, changed func(string)) *Select {
	s := &Select{}
	s.Options = options
	s.Alignment = align(fyne.TextAlignLeading)
	s.ExtendBaseWidget(s)
	s.SetSelected(chosen)
	s.OnChanged = changed
	return s
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		if s.OnKey != nil {
			s.OnKey(k)
		}
	default:
		s.Select.TypedKey(k)
	}
}
