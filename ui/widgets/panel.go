package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Ground is a filled rectangle in a role's colour; with a radius, and with a
// hairline if Border names a role.
type Ground struct {
	widget.BaseWidget

	Fill   fyne.ThemeColorName
	Border fyne.ThemeColorName // "" for none
	Radius fyne.ThemeSizeName  // "" for square corners
}

// NewGround is a plain rectangle.
func NewGround(fill fyne.ThemeColorName) *Ground {
	g := &Ground{Fill: fill}
	g.ExtendBaseWidget(g)
	return g
}

// SetFill changes its role.
func (g *Ground) SetFill(fill fyne.ThemeColorName) {
	if g.Fill == fill {
		return
	}
	g.Fill = fill
	g.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	r := &groundRenderer{g: g, rect: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type groundRenderer struct {
	g    *Ground
	rect *canvas.Rectangle
}

func (r *groundRenderer) Destroy()                     {}
func (r *groundRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *groundRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *groundRenderer) Layout(size fyne.Size)        { r.rect.Resize(size) }

func (r *groundRenderer) Refresh() {
	r.rect.FillColor = theme.Color(r.g, r.g.Fill)
	r.rect.CornerRadius = 0
	if r.g.Radius != "" {
		r.rect.CornerRadius = theme.Size(r.g, r.g.Radius)
	}
	r.rect.StrokeWidth = 0
	if r.g.Border != "" {
		r.rect.StrokeColor = theme.Color(r.g, r.g.Border)
		r.rect.StrokeWidth = 1
	}
	r.rect.Refresh()
}

// Backed puts o on a ground.
func Backed(ground *Ground, o fyne.CanvasObject) *fyne.Container {
	return container.New(&backed{}, ground, o)
}

type backed struct{}

func (*backed) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[1], width)
}
func (*backed) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[1].MinSize() }
func (*backed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

// Card is o on a rounded surface with a hairline and padding.
func Card(o fyne.CanvasObject) *fyne.Container { return TintedCard(theme.ColorSurface, o) }

// TintedCard is a Card on another ground.
func TintedCard(fill fyne.ThemeColorName, o fyne.CanvasObject) *fyne.Container {
	ground := NewGround(fill)
	ground.Border, ground.Radius = theme.ColorOutline, theme.SizeCardRadius
	return Backed(ground, Pad(theme.Gap4, theme.Gap4, o))
}
