package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Icon is one of the theme's icons in a role's colour.
type Icon struct {
	widget.BaseWidget

	name  theme.IconName
	color fyne.ThemeColorName
	side  float32
}

// NewIcon is an icon in a square of the given side.
func NewIcon(name theme.IconName, color fyne.ThemeColorName, side float32) *Icon {
	i := &Icon{name: name, color: color, side: side}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes what it shows.
func (i *Icon) Set(name theme.IconName, color fyne.ThemeColorName) {
	if i.name == name && i.color == color {
		return
	}
	i.name, i.color = name, color
	i.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	r := &iconRenderer{i: i, image: canvas.NewImageFromResource(nil)}
	r.image.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type iconRenderer struct {
	i     *Icon
	image *canvas.Image
	scale float32 // of the canvas when the resource was made
}

func (r *iconRenderer) Destroy()                     {}
func (r *iconRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.image} }
func (r *iconRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(r.i.side) }

func (r *iconRenderer) Layout(size fyne.Size) {
	side := min(r.i.side, size.Width, size.Height)
	r.image.Resize(fyne.NewSquareSize(side))
	r.image.Move(fyne.NewPos((size.Width-side)/2, (size.Height-side)/2))
	if r.scale != canvasScale(r.i) {
		r.Refresh()
	}
}

func (r *iconRenderer) Refresh() {
	r.scale = canvasScale(r.i)
	r.image.Resource = theme.Icon(r.i.name, theme.Color(r.i, r.i.color), int(r.i.side*r.scale+0.5))
	r.image.Refresh()
}

// canvasScale is how many pixels a unit has where o is shown; 1 before it is.
func canvasScale(o fyne.CanvasObject) float32 {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return 1
	}
	return pixelsPerUnit(c)
}

// pixelsPerUnit counts the pixels of the texture, not of the desktop: on a
// Retina screen these differ.
func pixelsPerUnit(c fyne.Canvas) float32 {
	const far = 1000
	x, _ := c.PixelCoordinateForPosition(fyne.NewPos(far, 0))
	if x <= 0 {
		return 1
	}
	return float32(x) / far
}
