package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Entry is a one-line field that does not swallow the window's keys: a focused
// Fyne entry eats every shortcut and function key, so this one offers them to
// OnShortcut and OnKey first.
type Entry struct {
	widget.Entry

	OnShortcut func(*desktop.CustomShortcut) bool // true if it was used
	OnKey      func(*fyne.KeyEvent) bool          // for keys that one line of text does not need: Escape, F1, Up, …
}

// NewEntry is an empty field with a hint.
func NewEntry(hint string) *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(hint)
	e.Scroll = fyne.ScrollHorizontalOnly
	return e
}

// NewPasswordEntry is a field that hides what it holds, with Fyne's button to
// reveal it.
func NewPasswordEntry(hint string) *Entry {
	e := &Entry{}
	e.Password = true
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(hint)
	return e
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if custom, is := s.(*desktop.CustomShortcut); is && e.OnShortcut != nil && e.OnShortcut(custom) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF11, fyne.KeyUp, fyne.KeyDown:
		if e.OnKey != nil && e.OnKey(k) {
			return
		}
	}
	e.Entry.TypedKey(k)
}
