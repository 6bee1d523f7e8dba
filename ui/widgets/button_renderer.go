package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tring/ui/theme"
)

// buttonRenderer draws a Button: ground, a veil while hovered or pressed, a
// ring while focused, then icon and word.
type buttonRenderer struct {
	b      *Button
	ground *canvas.Rectangle
	veil   *canvas.Rectangle
	ring   *canvas.Rectangle
	icon   *Icon
	label  *canvas.Text

	measured wordSize // MinSize is asked for at each repaint
}

// wordSize is the size of a word, with all that it depends on.
type wordSize struct {
	text  string
	size  float32
	style fyne.TextStyle
	is    fyne.Size
}

func (m *wordSize) of(text string, size float32, style fyne.TextStyle) fyne.Size {
	if m.is.Height == 0 || m.text != text || m.size != size || m.style != style {
		*m = wordSize{text, size, style, fyne.MeasureText(text, size, style)}
	}
	return m.is
}

func (r *buttonRenderer) Destroy() {}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.veil, r.icon, r.label, r.ring}
}

func (r *buttonRenderer) iconSide() float32 {
	if r.b.icon == "" {
		return 0
	}
	if r.b.Stacked {
		return 24
	}
	return 20
}

func (r *buttonRenderer) labelSize() fyne.Size {
	if r.b.text == "" {
		return fyne.Size{}
	}
	return r.measured.of(r.b.text, r.label.TextSize, r.label.TextStyle)
}

// content is the room of icon and word together, without padding.
func (r *buttonRenderer) content() fyne.Size {
	icon, label := r.iconSide(), r.labelSize()
	if r.b.Stacked {
		return fyne.NewSize(max(icon, label.Width), icon+label.Height+2)
	}
	gap := float32(0)
	if icon > 0 && label.Width > 0 {
		gap = theme.Gap2
	}
	return fyne.NewSize(icon+gap+label.Width, max(icon, label.Height))
}

func (r *buttonRenderer) padding() float32 {
	switch {
	case r.b.Stacked:
		return theme.Gap2
	case r.b.text == "":
		return theme.Gap3
	default:
		return theme.Gap4
	}
}

func (r *buttonRenderer) MinSize() fyne.Size {
	content := r.content()
	height := max(r.b.Height, theme.Touch)
	if r.b.Stacked {
		height = max(height, content.Height+2*theme.Gap2)
	}
	return fyne.NewSize(max(r.b.Width, content.Width+2*r.padding()), max(height, content.Height+theme.Gap2))
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	for _, o := range []*canvas.Rectangle{r.ground, r.veil, r.ring} {
		o.Resize(size)
	}
	room := size.Width - theme.Gap1 - r.sideIcon()
	fitting := r.fitting(room)
	r.label.Text = visual(fitting)
	icon, label := r.iconSide(), r.labelSize()
	if fitting != r.b.text {
		label.Width = fyne.MeasureText(r.label.Text, r.label.TextSize, r.label.TextStyle).Width
	}
	content := r.content()
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.label.Resize(label)
	if r.b.Stacked {
		top := (size.Height - content.Height) / 2
		r.icon.Move(fyne.NewPos((size.Width-icon)/2, top))
		r.label.Move(fyne.NewPos((size.Width-label.Width)/2, top+icon+2))
		return
	}
	left := max(theme.Gap1, (size.Width-content.Width)/2)
	if r.b.Leading {
		left = r.padding()
	}
	r.icon.Move(fyne.NewPos(left, (size.Height-icon)/2))
	if icon > 0 {
		left += icon + theme.Gap2
	}
	r.label.Move(fyne.NewPos(left, (size.Height-label.Height)/2))
	Mirror(size.Width, r.icon, r.label)
}

// fitting is the word, the short one, or what fits of it.
func (r *buttonRenderer) fitting(room float32) string {
	if r.b.text == "" {
		return ""
	}
	if r.b.Short != "" && r.labelSize().Width > room+0.5 {
		return r.b.Short
	}
	return cutTo(r.b.text, room, r.label.TextSize, r.label.TextStyle)
}

// sideIcon is the width that the icon takes from the word.
func (r *buttonRenderer) sideIcon() float32 {
	if r.b.Stacked || r.b.icon == "" {
		return 0
	}
	return r.iconSide() + theme.Gap2
}

func (r *buttonRenderer) Refresh() {
	b := r.b
	drawn := looks[b.Kind]
	ground, ink := drawn.ground, drawn.ink
	if b.disabled {
		ink = theme.ColorDisabled
		if ground != "" {
			ground = theme.ColorDisabledBG
		}
	}
	radius := theme.Size(b, theme.SizeRadius)
	r.fill(r.ground, ground, radius)
	switch {
	case b.disabled:
		r.fill(r.veil, "", radius)
	case b.pressed:
		r.fill(r.veil, theme.ColorPressed, radius)
	case b.hovered:
		r.fill(r.veil, theme.ColorHover, radius)
	default:
		r.fill(r.veil, "", radius)
	}
	r.fill(r.ring, "", radius)
	r.ring.StrokeWidth = 0
	if b.focused {
		r.ring.StrokeColor = theme.Color(b, theme.ColorFocus)
		r.ring.StrokeWidth = 3
	}

	r.label.Color = theme.Color(b, ink)
	r.label.TextSize = theme.Size(b, theme.SizeBody)
	r.label.TextStyle = fyne.TextStyle{Bold: true}
	if b.Stacked {
		r.label.TextSize = theme.Size(b, theme.SizeCaption)
		r.label.TextStyle = fyne.TextStyle{}
	}
	r.label.Text = visual(b.text)
	r.icon.side = r.iconSide()
	r.icon.Set(b.icon, ink)
	r.icon.Hidden = b.icon == ""
	r.icon.Refresh()
	if size := b.Size(); size.Width > 0 {
		r.Layout(size)
	}
	canvas.Refresh(b)
}

func (r *buttonRenderer) fill(rect *canvas.Rectangle, role fyne.ThemeColorName, radius float32) {
	rect.FillColor = color.Transparent
	if role != "" {
		rect.FillColor = theme.Color(r.b, role)
	}
	rect.CornerRadius = radius
}
