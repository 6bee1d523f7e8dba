package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// heightForer is what has a height that depends on its width.
type heightForer interface{ HeightFor(width float32) float32 }

// layoutHeightForer is the same for a container's layout.
type layoutHeightForer interface {
	heightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor is the height that o needs in that width.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case heightForer:
		return o.HeightFor(width)
	case *fyne.Container:
		if l, ok := o.Layout.(layoutHeightForer); ok {
			return l.heightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

// Column stacks objects with gap between them, each as wide as the column.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&column{gap: gap, width: guessedWidth}, objects...)
}

type column struct{ gap, width float32 }

func (c *column) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height, first := float32(0), true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if !first {
			height += c.gap
		}
		first = false
		height += HeightFor(o, width)
	}
	return height
}

func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, c.heightFor(objects, max(c.width, width)))
}

// Layout gives what is left over to spacers and Grow objects.
func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	growing := 0
	for _, o := range objects {
		if o.Visible() && grows(o) {
			growing++
		}
	}
	extra := max(0, size.Height-c.heightFor(objects, size.Width))
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		height := HeightFor(o, size.Width)
		if grows(o) {
			height += extra / float32(growing)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height + c.gap
	}
}

// Row puts objects side by side with gap between them, centred vertically.
// Grow objects and spacers share what is left over.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap}, objects...)
}

type row struct{ gap float32 }

func (r *row) widths(objects []fyne.CanvasObject, width float32) []float32 {
	widths := make([]float32, len(objects))
	used, growing, shown := float32(0), 0, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		widths[i] = o.MinSize().Width
		used += widths[i]
		if grows(o) {
			growing++
		}
	}
	extra := max(0, width-used-r.gap*float32(max(0, shown-1)))
	for i, o := range objects {
		if growing > 0 && o.Visible() && grows(o) {
			widths[i] += extra / float32(growing)
		}
	}
	return widths
}

func (r *row) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := float32(0)
	for i, w := range r.widths(objects, width) {
		if objects[i].Visible() {
			height = max(height, HeightFor(objects[i], w))
		}
	}
	return height
}

func (r *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size, shown := fyne.Size{}, 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		size.Width += least.Width
		size.Height = max(size.Height, least.Height)
		shown++
	}
	size.Width += r.gap * float32(max(0, shown-1))
	return size
}

func (r *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range r.widths(objects, size.Width) {
		o := objects[i]
		if !o.Visible() {
			continue
		}
		height := HeightFor(o, w)
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(w, height))
		x += w + r.gap
	}
	Mirror(size.Width, objects...)
}

// Grow makes o take what is left over in a Row or a Column.
func Grow(o fyne.CanvasObject) *fyne.Container { return container.New(&grow{}, o) }

type grow struct{}

func (*grow) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], width)
}
func (*grow) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }
func (*grow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

func grows(o fyne.CanvasObject) bool {
	switch o := o.(type) {
	case layout.SpacerObject:
		return true
	case *fyne.Container:
		_, is := o.Layout.(*grow)
		return is
	}
	return false
}

// Pad puts room around o: horizontal on the sides, vertical above and below.
func Pad(vertical, horizontal float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&pad{vertical, horizontal}, o)
}

type pad struct{ vertical, horizontal float32 }

func (p *pad) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], width-2*p.horizontal) + 2*p.vertical
}

func (p *pad) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(2*p.horizontal, 2*p.vertical)
}

func (p *pad) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(p.horizontal, p.vertical))
	objects[0].Resize(size.SubtractWidthHeight(2*p.horizontal, 2*p.vertical))
}

// Narrow centres o: never wider than maxWidth, and, if middle, in the middle
// of the height as well. It is what keeps a form readable in a wide window.
func Narrow(maxWidth float32, middle bool, o fyne.CanvasObject) *fyne.Container {
	return container.New(&narrow{maxWidth, middle}, o)
}

type narrow struct {
	maxWidth float32
	middle   bool
}

func (n *narrow) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], min(width, n.maxWidth))
}

func (n *narrow) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (n *narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	o := objects[0]
	width := min(size.Width, n.maxWidth)
	height := HeightFor(o, width)
	y := float32(0)
	if n.middle {
		y = max(0, (size.Height-height)/2)
	} else {
		height = max(height, size.Height)
	}
	o.Move(fyne.NewPos((size.Width-width)/2, y))
	o.Resize(fyne.NewSize(width, height))
}

// Fold puts a and b side by side where both fit, a taking what is left over,
// and b under a where not.
func Fold(gap float32, a, b fyne.CanvasObject) *fyne.Container {
	return container.New(&fold{gap: gap, width: guessedWidth}, a, b)
}

// foldRoom is what a wants besides b before b goes under it.
const foldRoom = 200

type fold struct{ gap, width float32 }

func (f *fold) beside(objects []fyne.CanvasObject, width float32) bool {
	return width >= naturalWidth(objects[1])+f.gap+max(foldRoom, objects[0].MinSize().Width)
}

func (f *fold) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	b := min(naturalWidth(objects[1]), width)
	height := HeightFor(objects[1], b)
	if f.beside(objects, width) {
		return max(HeightFor(objects[0], width-b-f.gap), height)
	}
	return HeightFor(objects[0], width) + f.gap + height
}

func (f *fold) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := max(objects[0].MinSize().Width, objects[1].MinSize().Width)
	return fyne.NewSize(width, f.heightFor(objects, max(f.width, width)))
}

func (f *fold) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	a, b := objects[0], objects[1]
	least := fyne.NewSize(min(naturalWidth(b), size.Width), 0)
	least.Height = HeightFor(b, least.Width)
	if f.beside(objects, size.Width) {
		room := size.Width - least.Width - f.gap
		height := HeightFor(a, room)
		a.Move(fyne.NewPos(0, (size.Height-height)/2))
		a.Resize(fyne.NewSize(room, height))
		b.Move(fyne.NewPos(room+f.gap, (size.Height-least.Height)/2))
		b.Resize(least)
		Mirror(size.Width, a, b)
		return
	}
	height := HeightFor(a, size.Width)
	a.Move(fyne.NewPos(0, 0))
	a.Resize(fyne.NewSize(size.Width, height))
	b.Move(fyne.NewPos(size.Width-least.Width, height+f.gap))
	b.Resize(least)
	Mirror(size.Width, b)
}
