package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// The shape of a Tile.
const (
	tileWidth   = 190 // at least
	tilePicture = 112
)

// Tile is a picture with a name under it, to be chosen by a click, Space or
// Enter.
type Tile struct {
	widget.BaseWidget

	OnTapped func()
	OnKey    func(*fyne.KeyEvent) // keys that it has no use for
	OnRune   func(rune)

	name, detail     string
	picture          *image.RGBA
	hovered, focused bool
}

var (
	_ fyne.Focusable    = (*Tile)(nil)
	_ fyne.Tappable     = (*Tile)(nil)
	_ desktop.Hoverable = (*Tile)(nil)
)

// NewTile is a tile; a nil picture leaves the place empty.
func NewTile(name, detail string, picture *image.RGBA, tapped func()) *Tile {
	t := &Tile{name: name, detail: detail, picture: picture, OnTapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// Name is what stands under the picture.
func (t *Tile) Name() string { return t.name }

// Tapped implements fyne.Tappable.
func (t *Tile) Tapped(*fyne.PointEvent) {
	if t.OnTapped != nil {
		t.OnTapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (t *Tile) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *Tile) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *Tile) MouseOut() { t.hovered = false; t.Refresh() }

// Cursor implements desktop.Cursorable.
func (t *Tile) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained implements fyne.Focusable.
func (t *Tile) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost implements fyne.Focusable.
func (t *Tile) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune implements fyne.Focusable.
func (t *Tile) TypedRune(r rune) {
	if r != ' ' && t.OnRune != nil {
		t.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tile) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.Tapped(nil)
	default:
		if t.OnKey != nil {
			t.OnKey(e)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	r := &tileRenderer{
		t: t, ground: canvas.NewRectangle(color.Transparent), well: canvas.NewRectangle(color.Transparent),
		name:   Styled(t.name, theme.ColorText, theme.SizeBody).Center().Cut(),
		detail: Styled(t.detail, theme.ColorMuted, theme.SizeCaption).Center().Cut(),
	}
	r.objects = []fyne.CanvasObject{r.ground, r.well}
	if t.picture != nil && !t.picture.Rect.Empty() {
		r.picture = canvas.NewImageFromImage(t.picture)
		r.picture.FillMode = canvas.ImageFillContain
		r.objects = append(r.objects, r.picture)
	}
	r.objects = append(r.objects, r.name, r.detail)
	r.Refresh()
	return r
}

type tileRenderer struct {
	t            *Tile
	ground, well *canvas.Rectangle
	picture      *canvas.Image
	name, detail *Text
	objects      []fyne.CanvasObject
}

func (r *tileRenderer) Destroy()                     {}
func (r *tileRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *tileRenderer) MinSize() fyne.Size {
	return fyne.NewSize(tileWidth, tilePicture+r.name.MinSize().Height+r.detail.MinSize().Height+3*theme.Gap2)
}

func (r *tileRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	inner := size.Width - 2*theme.Gap2
	put := func(o fyne.CanvasObject, y, height float32) {
		o.Move(fyne.NewPos(theme.Gap2, y))
		o.Resize(fyne.NewSize(inner, height))
	}
	put(r.well, theme.Gap2, tilePicture)
	if r.picture != nil {
		put(r.picture, theme.Gap2, tilePicture)
	}
	name := r.name.MinSize().Height
	put(r.name, tilePicture+2*theme.Gap2, name)
	put(r.detail, tilePicture+2*theme.Gap2+name, r.detail.MinSize().Height)
}

func (r *tileRenderer) Refresh() {
	radius := theme.Size(r.t, theme.SizeRadius)
	r.ground.FillColor, r.ground.CornerRadius, r.ground.StrokeWidth = theme.Color(r.t, theme.ColorNeutral), radius, 0
	switch {
	case r.t.focused:
		r.ground.StrokeColor, r.ground.StrokeWidth = theme.Color(r.t, theme.ColorFocus), 3
	case r.t.hovered:
		r.ground.StrokeColor, r.ground.StrokeWidth = theme.Color(r.t, theme.ColorPrimary), 2
	}
	r.well.FillColor = theme.Color(r.t, theme.ColorStage)
	r.Layout(r.t.Size().Max(r.MinSize()))
	canvas.Refresh(r.t)
}

// Tiles lays objects of one size out in as many columns as fit.
func Tiles(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&tiles{gap: gap, width: guessedWidth}, objects...)
}

type tiles struct{ gap, width float32 }

func (l *tiles) columns(objects []fyne.CanvasObject, width float32) int {
	if len(objects) == 0 {
		return 1
	}
	return max(1, int((width+l.gap)/(objects[0].MinSize().Width+l.gap)))
}

func (l *tiles) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if len(objects) == 0 {
		return 0
	}
	rows := float32((len(objects) + l.columns(objects, width) - 1) / l.columns(objects, width))
	return rows*(objects[0].MinSize().Height+l.gap) - l.gap
}

func (l *tiles) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	if len(objects) > 0 {
		width = objects[0].MinSize().Width
	}
	return fyne.NewSize(width, l.heightFor(objects, max(l.width, width)))
}

func (l *tiles) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	columns := l.columns(objects, size.Width)
	width := (size.Width - l.gap*float32(columns-1)) / float32(columns)
	for i, o := range objects {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(float32(i%columns)*(width+l.gap), float32(i/columns)*(height+l.gap)))
		o.Resize(fyne.NewSize(width, height))
	}
	Mirror(size.Width, objects...)
}
