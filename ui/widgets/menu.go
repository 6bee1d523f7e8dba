package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// MenuItem is a line of a Menu.
type MenuItem struct {
	Title   bool // heads what follows, and cannot be chosen
	Checked bool // it is what is used
	Text    string
	Value   string // what OnChosen is told; a value stands once in a menu
}

// The heights of its lines.
const (
	menuLine  = float32(40)
	menuTitle = float32(30)
)

// Menu is a list of a few lines on the dark stage. It takes the focus as one
// thing: then Up, Down, Home and End go through it, Enter and Space choose. Unlike
// Fyne's own it stays where it is put, and its lines may change while it is open.
type Menu struct {
	widget.BaseWidget

	OnChosen func(value string)
	OnLit    func(top, bottom float32) // another line is lit: it may be out of sight
	OnKey    func(*fyne.KeyEvent)      // keys that it has no use for
	OnRune   func(rune)

	items   []MenuItem
	lit     int // -1 for none
	focused bool
}

var (
	_ fyne.Focusable     = (*Menu)(nil)
	_ fyne.Tappable      = (*Menu)(nil)
	_ desktop.Hoverable  = (*Menu)(nil)
	_ desktop.Cursorable = (*Menu)(nil)
)

// NewMenu is an empty menu.
func NewMenu() *Menu {
	m := &Menu{lit: -1}
	m.ExtendBaseWidget(m)
	return m
}

// Items are its lines.
func (m *Menu) Items() []MenuItem { return m.items }

// SetItems changes its lines; what is lit stays so if it is still there.
func (m *Menu) SetItems(items []MenuItem) {
	if slices.Equal(items, m.items) {
		return
	}
	value := ""
	if m.lit >= 0 {
		value = m.items[m.lit].Value
	}
	m.items = items
	m.lit = slices.IndexFunc(items, func(i MenuItem) bool { return !i.Title && i.Value == value && value != "" })
	m.Refresh()
}

// LightChecked lights what is used, or the first line: it is where the keyboard
// begins.
func (m *Menu) LightChecked() {
	m.lit = slices.IndexFunc(m.items, func(i MenuItem) bool { return i.Checked })
	if m.lit < 0 {
		m.step(1)
	}
	m.Refresh()
}

// step moves on to the next line that can be chosen.
func (m *Menu) step(by int) {
	for i := m.lit + by; i >= 0 && i < len(m.items); i += by {
		if !m.items[i].Title {
			m.light(i)
			return
		}
	}
}

func (m *Menu) light(i int) {
	if m.lit == i {
		return
	}
	m.lit = i
	m.Refresh()
	if i >= 0 && m.OnLit != nil {
		top := m.top(i)
		m.OnLit(top, top+menuLine)
	}
}

func (m *Menu) choose(i int) {
	if i >= 0 && i < len(m.items) && !m.items[i].Title && m.OnChosen != nil {
		m.OnChosen(m.items[i].Value)
	}
}

func heightOf(item MenuItem) float32 {
	if item.Title {
		return menuTitle
	}
	return menuLine
}

// top is where a line begins; that of their number is where the last one ends.
func (m *Menu) top(line int) float32 {
	y := float32(0)
	for _, item := range m.items[:line] {
		y += heightOf(item)
	}
	return y
}

// at is the line at a height; -1 for none that can be chosen.
func (m *Menu) at(y float32) int {
	top := float32(0)
	for i, item := range m.items {
		if top += heightOf(item); y < top {
			if item.Title {
				return -1
			}
			return i
		}
	}
	return -1
}

// Tapped implements fyne.Tappable.
func (m *Menu) Tapped(e *fyne.PointEvent) { m.choose(m.at(e.Position.Y)) }

// Cursor implements desktop.Cursorable.
func (m *Menu) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (m *Menu) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable. It scrolls nothing: what lies under
// the pointer would go away from it.
func (m *Menu) MouseMoved(e *desktop.MouseEvent) {
	if i := m.at(e.Position.Y); i != m.lit && i >= 0 {
		m.lit = i
		m.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (m *Menu) MouseOut() {
	if !m.focused {
		m.light(-1)
	}
}

// FocusGained implements fyne.Focusable.
func (m *Menu) FocusGained() { m.focused = true; m.Refresh() }

// FocusLost implements fyne.Focusable.
func (m *Menu) FocusLost() { m.focused = false; m.Refresh() }

// TypedRune implements fyne.Focusable.
func (m *Menu) TypedRune(r rune) {
	if r != ' ' && m.OnRune != nil {
		m.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (m *Menu) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyDown:
		m.step(1)
	case fyne.KeyUp:
		m.step(-1)
	case fyne.KeyHome:
		m.lit = -1
		m.step(1)
	case fyne.KeyEnd:
		m.lit = len(m.items)
		m.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.choose(m.lit)
	default:
		if m.OnKey != nil {
			m.OnKey(k)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer { return newMenuRenderer(m) }
