package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flow puts objects side by side, each as wide as it must be, and goes on in
// another line where one is full. Lines begin at the left, lie in the middle, or
// end at the right.
func Flow(gap float32, align fyne.TextAlign, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap, align: align}, objects...)
}

type flow struct {
	gap   float32
	align fyne.TextAlign
	width float32 // that it was laid out in last; 0 before
}

// flowLine is what stands side by side.
type flowLine struct {
	objects       []fyne.CanvasObject
	width, height float32
}

func (f *flow) lines(objects []fyne.CanvasObject, width float32) []flowLine {
	var lines []flowLine
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		n := len(lines)
		if n == 0 || lines[n-1].width+f.gap+least.Width > width {
			lines = append(lines, flowLine{width: -f.gap})
			n++
		}
		line := &lines[n-1]
		line.objects = append(line.objects, o)
		line.width += f.gap + least.Width
		line.height = max(line.height, least.Height)
	}
	return lines
}

// natural is the width in which all fits into one line.
func (f *flow) natural(objects []fyne.CanvasObject) float32 {
	const wide = 1 << 20
	if lines := f.lines(objects, wide); len(lines) > 0 {
		return lines[0].width
	}
	return 0
}

func (f *flow) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := -f.gap
	for _, line := range f.lines(objects, width) {
		height += line.height + f.gap
	}
	return max(0, height)
}

func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	widest := float32(0)
	for _, o := range objects {
		if o.Visible() {
			widest = max(widest, o.MinSize().Width)
		}
	}
	width := f.width
	if width == 0 {
		width = f.natural(objects)
	}
	return fyne.NewSize(widest, f.heightFor(objects, max(width, widest)))
}

func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	y := float32(0)
	for _, line := range f.lines(objects, size.Width) {
		x := float32(0)
		switch f.align {
		case fyne.TextAlignCenter:
			x = float32(int((size.Width - line.width) / 2))
		case fyne.TextAlignTrailing:
			x = size.Width - line.width
		}
		for _, o := range line.objects {
			least := o.MinSize()
			o.Move(fyne.NewPos(max(0, x), y+(line.height-least.Height)/2))
			o.Resize(fyne.NewSize(min(least.Width, size.Width), least.Height))
			x += least.Width + f.gap
		}
		Mirror(size.Width, line.objects...)
		y += line.height + f.gap
	}
}

// naturalWidth is the width that o wants to have.
func naturalWidth(o fyne.CanvasObject) float32 {
	if c, is := o.(*fyne.Container); is {
		if f, is := c.Layout.(*flow); is {
			return f.natural(c.Objects)
		}
	}
	return o.MinSize().Width
}
