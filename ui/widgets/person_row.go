package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// maxRowActions is how many buttons a row has at most.
const maxRowActions = 3

// Person is what a row of a PeopleList shows.
type Person struct {
	Name    string
	Address string         // for the avatar's colour
	Icon    theme.IconName // in place of the avatar; "" for the avatar

	Line      string // below the name
	LineIcon  theme.IconName
	LineColor fyne.ThemeColorName // "" for theme.ColorMuted
	Side      string              // at the right, in small print
	Strong    bool                // there is news
	Star      bool
	Actions   [maxRowActions]theme.IconName // buttons at the right; "" for none
}

// personHeight is the height of a row.
const (
	personHeight = float32(60)
	personFace   = float32(40)
)

// personRow is one row of a PeopleList. Its buttons are for the pointer; the
// list has keys for all of them.
type personRow struct {
	widget.BaseWidget

	list     *PeopleList
	index    int
	person   Person
	selected bool
	hovered  bool
}

var (
	_ fyne.Tappable          = (*personRow)(nil)
	_ fyne.SecondaryTappable = (*personRow)(nil)
	_ desktop.Hoverable      = (*personRow)(nil)
)

func newPersonRow(list *PeopleList) *personRow {
	r := &personRow{list: list, index: -1}
	r.ExtendBaseWidget(r)
	return r
}

func (r *personRow) set(index int, p Person, selected bool) {
	if r.index == index && r.person == p && r.selected == selected {
		return
	}
	if r.index != index {
		r.hovered = false
	}
	r.index, r.person, r.selected = index, p, selected
	r.Refresh()
}

func (r *personRow) Tapped(*fyne.PointEvent) { r.list.tapped(r.index) }

func (r *personRow) TappedSecondary(e *fyne.PointEvent) { r.list.menu(r.index, e.AbsolutePosition) }

func (r *personRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }
func (r *personRow) MouseMoved(*desktop.MouseEvent) {
	if r.list.OnHover != nil {
		r.list.OnHover()
	}
}
func (r *personRow) MouseOut() { r.hovered = false; r.Refresh() }

func (r *personRow) CreateRenderer() fyne.WidgetRenderer {
	d := &personRowRenderer{
		r: r, ground: canvas.NewRectangle(color.Transparent),
		face: NewAvatar(personFace), icon: NewIcon("", theme.ColorPrimaryText, 22),
		name: Styled("", theme.ColorText, theme.SizeBody).Cut(), star: NewIcon(theme.IconStarOn, theme.ColorBusy, 14),
		lineIcon: NewIcon("", theme.ColorMuted, 16), line: Styled("", theme.ColorMuted, theme.SizeCaption).Cut(),
		side: Styled("", theme.ColorMuted, theme.SizeCaption),
	}
	d.objects = []fyne.CanvasObject{d.ground, d.face, d.icon, d.name, d.star, d.lineIcon, d.line, d.side}
	for i := range d.actions {
		d.actions[i] = newRowAction(r, i)
		d.objects = append(d.objects, d.actions[i])
	}
	d.Refresh()
	return d
}

type personRowRenderer struct {
	r          *personRow
	ground     *canvas.Rectangle
	face       *Avatar
	icon       *Icon
	name       *Text
	star       *Icon
	lineIcon   *Icon
	line, side *Text
	actions    [maxRowActions]*rowAction
	objects    []fyne.CanvasObject
}

func (d *personRowRenderer) Destroy()                     {}
func (d *personRowRenderer) Objects() []fyne.CanvasObject { return d.objects }
func (d *personRowRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, personHeight) }

func (d *personRowRenderer) Layout(size fyne.Size) {
	put := func(o fyne.CanvasObject, x, y, width, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(0, width), height))
	}
	put(d.ground, 0, 1, size.Width, size.Height-2)
	top := (size.Height - personFace) / 2
	put(d.face, theme.Gap2, top, personFace, personFace)
	put(d.icon, theme.Gap2, top, personFace, personFace)
	right := size.Width - theme.Gap1
	last := len(d.actions) - 1
	for last >= 0 && d.r.person.Actions[last] == "" {
		last--
	}
	for i := last; i >= 0; i-- { // one that is missing keeps its place: the columns stay straight
		right -= theme.Touch
		put(d.actions[i], right, (size.Height-theme.Touch)/2, theme.Touch, theme.Touch)
	}
	left := theme.Gap2 + personFace + theme.Gap3
	room := right - theme.Gap2 - left
	name, line := d.name.MinSize().Height, d.line.MinSize().Height
	y := (size.Height - name - line - 2) / 2
	if d.r.person.Line == "" {
		y = (size.Height - name) / 2
	}
	sideWidth := float32(0)
	if d.side.Text() != "" {
		sideWidth = min(d.side.FullWidth(), room/2)
		put(d.side, left+room-sideWidth, y+(name-line)/2, sideWidth, line)
		sideWidth += theme.Gap2
	}
	nameRoom := room - sideWidth
	if d.r.person.Star {
		nameRoom -= 14 + theme.Gap1
	}
	nameWidth := min(d.name.FullWidth()+1, nameRoom)
	put(d.name, left, y, nameWidth, name)
	put(d.star, left+nameWidth+theme.Gap1, y+(name-14)/2, 14, 14)
	y += name + 2
	if d.r.person.LineIcon != "" {
		put(d.lineIcon, left, y+(line-16)/2, 16, 16)
		left, room = left+16+theme.Gap1, room-16-theme.Gap1
	}
	put(d.line, left, y, room, line)
	Mirror(size.Width, d.objects...)
}

func (d *personRowRenderer) Refresh() {
	r, p := d.r, d.r.person
	d.ground.FillColor, d.ground.CornerRadius, d.ground.StrokeWidth = color.Transparent, theme.Size(r, theme.SizeRadius), 0
	switch {
	case r.selected:
		d.ground.FillColor = theme.Color(r, theme.ColorPrimarySoft)
		if r.list.ringed() {
			d.ground.StrokeColor, d.ground.StrokeWidth = theme.Color(r, theme.ColorFocus), 2
		}
	case r.hovered:
		d.ground.FillColor = theme.Color(r, theme.ColorHover)
	}
	d.face.Hidden, d.icon.Hidden = p.Icon != "", p.Icon == ""
	if p.Name == p.Address { // initials of an address leave the domain out
		d.face.Set("", p.Address)
	} else {
		d.face.Set(p.Name, p.Address)
	}
	d.icon.Set(p.Icon, theme.ColorPrimaryText)
	d.name.Bold = p.Strong
	d.name.SetText(p.Name)
	d.name.Refresh()
	ink := p.LineColor
	if ink == "" {
		ink = theme.ColorMuted
	}
	d.lineIcon.Set(p.LineIcon, ink)
	d.lineIcon.Hidden = p.LineIcon == ""
	d.line.SetColor(ink)
	d.line.SetText(p.Line)
	d.side.SetText(p.Side)
	d.star.Hidden = !p.Star
	for i, a := range d.actions {
		a.set(p.Actions[i])
	}
	d.Layout(r.Size())
	canvas.Refresh(r)
}

// rowAction is a button of a row.
type rowAction struct {
	widget.BaseWidget

	row     *personRow
	index   int
	name    theme.IconName
	hovered bool
}

var (
	_ fyne.Tappable     = (*rowAction)(nil)
	_ desktop.Hoverable = (*rowAction)(nil)
)

func newRowAction(row *personRow, index int) *rowAction {
	a := &rowAction{row: row, index: index}
	a.ExtendBaseWidget(a)
	a.Hide()
	return a
}

func (a *rowAction) set(name theme.IconName) {
	a.Hidden = name == ""
	if a.name != name {
		a.name = name
		a.Refresh()
	}
}

func (a *rowAction) Tapped(*fyne.PointEvent) {
	a.row.list.Tips.leave(a)
	a.row.list.action(a.row.index, a.index, a)
}

// MouseIn keeps the row lit: the pointer is still on it.
func (a *rowAction) MouseIn(e *desktop.MouseEvent) {
	a.row.list.Tips.rest(a, a.row.list.Actions[a.index], pointerAt(e))
	a.hovered, a.row.hovered = true, true
	a.row.Refresh()
	a.Refresh()
}

func (a *rowAction) MouseMoved(e *desktop.MouseEvent) { a.row.list.Tips.move(a, pointerAt(e)) }

func (a *rowAction) MouseOut() {
	a.row.list.Tips.leave(a)
	a.hovered, a.row.hovered = false, false
	a.row.Refresh()
	a.Refresh()
}

func (a *rowAction) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (a *rowAction) CreateRenderer() fyne.WidgetRenderer {
	r := &rowActionRenderer{a: a, veil: canvas.NewRectangle(color.Transparent), icon: NewIcon("", theme.ColorText, 20)}
	r.Refresh()
	return r
}

type rowActionRenderer struct {
	a    *rowAction
	veil *canvas.Rectangle
	icon *Icon
}

func (r *rowActionRenderer) Destroy()                     {}
func (r *rowActionRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.veil, r.icon} }
func (r *rowActionRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(theme.Touch) }

func (r *rowActionRenderer) Layout(size fyne.Size) {
	r.veil.Resize(size.SubtractWidthHeight(4, 4))
	r.veil.Move(fyne.NewPos(2, 2))
	r.icon.Resize(size)
}

func (r *rowActionRenderer) Refresh() {
	r.veil.FillColor, r.veil.CornerRadius = color.Transparent, theme.Size(r.a, theme.SizeRadius)
	if r.a.hovered {
		r.veil.FillColor = theme.Color(r.a, theme.ColorPressed)
	}
	r.icon.Set(r.a.name, theme.ColorPrimaryText)
	r.Layout(r.a.Size())
	canvas.Refresh(r.a)
}
