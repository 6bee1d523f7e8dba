package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// PeopleList is a list of rows, of which only those in sight exist: thousands
// scroll as easily as ten. It takes the focus as one thing. Then Up, Down, Page
// Up, Page Down, Home and End choose a row; Enter, the Menu key or Space, and
// Delete act on it.
type PeopleList struct {
	widget.BaseWidget

	OnTapped func(row int)                           // the pointer
	OnEnter  func(row int)                           // Enter
	OnMenu   func(row int, at fyne.Position)         // the Menu key, Space, or the other button of the mouse; at is absolute
	OnAction func(row, action int, at fyne.Position) // a button of a row; at is its lower edge, absolute
	Tips     *Tips                                   // say what the buttons of a row do; nil for none
	Actions  [maxRowActions]Tip                      // what they do
	OnDelete func(row int)
	OnHover  func()               // the pointer moves over the rows
	OnLeave  func()               // Up on the first row
	OnChosen func()               // another row is chosen, or none
	OnKey    func(*fyne.KeyEvent) // keys that it has no use for
	OnRune   func(rune)

	// Driven is set where something else has the keyboard and moves the choice.
	Driven bool

	length   int
	row      func(int) Person
	selected int // -1 for none
	focused  bool
	scroll   *container.Scroll
	content  *fyne.Container
	rows     []*personRow // those in sight, from the first on
}

var _ fyne.Focusable = (*PeopleList)(nil)

// NewPeopleList is an empty list; row says what a row shows.
func NewPeopleList(row func(int) Person) *PeopleList {
	l := &PeopleList{row: row, selected: -1}
	l.content = container.New(&peopleLayout{l})
	l.scroll = container.NewVScroll(l.content)
	l.scroll.OnScrolled = func(fyne.Position) { l.place() }
	l.ExtendBaseWidget(l)
	return l
}

// SetLength says how many rows there are, and that any may have changed.
func (l *PeopleList) SetLength(n int) {
	l.length = n
	l.selected = min(l.selected, n-1)
	if l.scroll.Offset.Y > l.farthest() {
		l.scroll.Offset.Y = l.farthest()
	}
	l.scroll.Refresh()
	l.place()
}

// Length is how many rows there are.
func (l *PeopleList) Length() int { return l.length }

// Focused reports whether it has the keyboard.
func (l *PeopleList) Focused() bool { return l.focused }

// Selected is the chosen row; -1 if none is.
func (l *PeopleList) Selected() int { return l.selected }

// Select chooses a row and brings it in sight; -1 chooses none.
func (l *PeopleList) Select(row int) {
	row = max(-1, min(row, l.length-1))
	changed := row != l.selected
	l.selected = row
	l.show(row)
	l.place()
	if changed && l.OnChosen != nil {
		l.OnChosen()
	}
}

// ScrollToTop shows the first row.
func (l *PeopleList) ScrollToTop() { l.scroll.ScrollToTop(); l.place() }

func (l *PeopleList) farthest() float32 {
	return max(0, float32(l.length)*personHeight-l.scroll.Size().Height)
}

// show scrolls as far as it takes to see a row.
func (l *PeopleList) show(row int) {
	if row < 0 {
		return
	}
	top := float32(row) * personHeight
	offset := l.scroll.Offset.Y
	switch height := l.scroll.Size().Height; {
	case top < offset:
		offset = top
	case top+personHeight > offset+height:
		offset = top + personHeight - height
	}
	if offset != l.scroll.Offset.Y {
		l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, offset)))
	}
}

// place gives the rows in sight their places and words.
func (l *PeopleList) place() {
	size := l.scroll.Size()
	if size.Height <= 0 {
		return
	}
	want := min(l.length, int(size.Height/personHeight)+2)
	grown := false
	for len(l.rows) < want {
		r := newPersonRow(l)
		l.rows = append(l.rows, r)
		l.content.Objects = append(l.content.Objects, r)
		grown = true
	}
	first := max(0, min(int(l.scroll.Offset.Y/personHeight), l.length-want))
	for i, r := range l.rows {
		if i >= want {
			r.Hide()
			continue
		}
		index := first + i
		r.Resize(fyne.NewSize(l.content.Size().Width, personHeight))
		r.Move(fyne.NewPos(0, float32(index)*personHeight))
		r.set(index, l.row(index), index == l.selected)
		r.Show()
	}
	if grown {
		l.content.Refresh()
	}
}

func (l *PeopleList) ringed() bool { return l.focused }

func (l *PeopleList) tapped(row int) {
	if l.OnTapped != nil && row >= 0 && row < l.length {
		l.OnTapped(row)
	}
}

func (l *PeopleList) menu(row int, at fyne.Position) {
	if l.OnMenu != nil && row >= 0 && row < l.length {
		l.OnMenu(row, at)
	}
}

func (l *PeopleList) action(row, action int, from fyne.CanvasObject) {
	if l.OnAction == nil || row < 0 || row >= l.length {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(from)
	l.OnAction(row, action, at.AddXY(0, from.Size().Height))
}

// Step goes on by so many rows from the chosen one.
func (l *PeopleList) Step(by int) {
	switch {
	case l.length == 0:
	case l.selected < 0 && by > 0:
		l.Select(by - 1)
	default:
		l.Select(max(0, l.selected+by))
	}
}

// FocusGained implements fyne.Focusable.
func (l *PeopleList) FocusGained() {
	l.focused = true
	l.Refresh()
	if l.selected < 0 {
		l.Select(0)
	}
}

// FocusLost implements fyne.Focusable.
func (l *PeopleList) FocusLost() {
	l.focused = false
	l.Refresh()
	if !l.Driven {
		l.Select(-1)
	}
}

// TypedRune implements fyne.Focusable.
func (l *PeopleList) TypedRune(r rune) {
	if r != ' ' && l.OnRune != nil {
		l.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (l *PeopleList) TypedKey(k *fyne.KeyEvent) {
	page := max(1, int(l.scroll.Size().Height/personHeight)-1)
	switch k.Name {
	case fyne.KeyUp:
		if l.selected <= 0 && l.OnLeave != nil {
			l.OnLeave()
			return
		}
		l.Step(-1)
	case fyne.KeyDown:
		l.Step(1)
	case fyne.KeyPageUp:
		l.Step(-page)
	case fyne.KeyPageDown:
		l.Step(page)
	case fyne.KeyHome:
		l.Select(0)
	case fyne.KeyEnd:
		l.Select(l.length - 1)
	default:
		l.act(k)
	}
}

// act does what a key asks of the chosen row.
func (l *PeopleList) act(k *fyne.KeyEvent) {
	on := l.selected >= 0
	switch {
	case on && (k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter) && l.OnEnter != nil:
		l.OnEnter(l.selected)
	case on && (k.Name == fyne.KeySpace || k.Name == desktop.KeyMenu) && l.OnMenu != nil:
		l.OnMenu(l.selected, l.rowPlace())
	case on && k.Name == fyne.KeyDelete && l.OnDelete != nil:
		l.OnDelete(l.selected)
	case l.OnKey != nil:
		l.OnKey(k)
	}
}

// rowPlace is where a menu of the chosen row belongs.
func (l *PeopleList) rowPlace() fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
	return at.AddXY(theme.Gap2+personFace, float32(l.selected)*personHeight-l.scroll.Offset.Y+personHeight*3/4)
}

// CreateRenderer implements fyne.Widget.
func (l *PeopleList) CreateRenderer() fyne.WidgetRenderer {
	return &peopleListRenderer{l: l, ring: canvas.NewRectangle(color.Transparent)}
}

type peopleListRenderer struct {
	l    *PeopleList
	ring *canvas.Rectangle
}

func (r *peopleListRenderer) Destroy() {}
func (r *peopleListRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.scroll, r.ring}
}
func (r *peopleListRenderer) MinSize() fyne.Size { return fyne.NewSize(200, personHeight) }

func (r *peopleListRenderer) Layout(size fyne.Size) {
	r.l.scroll.Resize(size)
	r.ring.Resize(size)
	r.l.place()
}

func (r *peopleListRenderer) Refresh() {
	r.ring.CornerRadius, r.ring.StrokeWidth = theme.Size(r.l, theme.SizeRadius), 0
	if r.l.focused && r.l.length == 0 {
		r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(r.l, theme.ColorFocus), 2
	}
	for _, row := range r.l.rows {
		row.Refresh()
	}
	r.l.place()
	canvas.Refresh(r.l)
}

// peopleLayout makes the content as high as all rows together.
type peopleLayout struct{ l *PeopleList }

func (p *peopleLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, float32(p.l.length)*personHeight)
}

func (p *peopleLayout) Layout([]fyne.CanvasObject, fyne.Size) { p.l.place() }
