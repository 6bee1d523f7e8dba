package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tring/ui/theme"
)

// menuRenderer draws a Menu: a veil on the line that is lit, with a ring while
// it has the keyboard, then a check mark and the words of each line.
type menuRenderer struct {
	m       *Menu
	veil    *canvas.Rectangle
	checks  []*Icon
	words   []*Text
	objects []fyne.CanvasObject
}

func newMenuRenderer(m *Menu) *menuRenderer {
	r := &menuRenderer{m: m, veil: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

func (r *menuRenderer) Destroy()                     {}
func (r *menuRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *menuRenderer) MinSize() fyne.Size { return fyne.NewSize(160, r.m.top(len(r.m.items))) }

func (r *menuRenderer) Layout(size fyne.Size) {
	const mark = float32(18)
	left := theme.Gap2 + mark + theme.Gap2
	y := float32(0)
	for i, item := range r.m.items {
		height := heightOf(item)
		words := r.words[i].MinSize().Height
		x := left
		if item.Title {
			x = theme.Gap2
		}
		r.checks[i].Resize(fyne.NewSquareSize(mark))
		r.checks[i].Move(fyne.NewPos(theme.Gap2, y+(height-mark)/2))
		r.words[i].Resize(fyne.NewSize(max(0, size.Width-x-theme.Gap2), words))
		r.words[i].Move(fyne.NewPos(x, y+(height-words)/2))
		if i == r.m.lit {
			r.veil.Resize(fyne.NewSize(size.Width, height))
			r.veil.Move(fyne.NewPos(0, y))
		}
		Mirror(size.Width, r.checks[i], r.words[i])
		y += height
	}
}

func (r *menuRenderer) Refresh() {
	m := r.m
	if len(r.words) != len(m.items) {
		r.rebuild()
	}
	r.veil.Hidden = m.lit < 0
	r.veil.FillColor = theme.Color(m, theme.ColorStageButton)
	r.veil.CornerRadius = theme.Size(m, theme.SizeTipRadius)
	r.veil.StrokeWidth = 0
	if m.focused {
		r.veil.StrokeColor, r.veil.StrokeWidth = theme.Color(m, theme.ColorFocus), 2
	}
	for i, item := range m.items {
		r.checks[i].Hidden = !item.Checked
		w := r.words[i]
		w.Color, w.TextSize, w.Bold = theme.ColorStageText, theme.SizeBody, item.Checked
		if item.Title {
			w.Color, w.TextSize, w.Bold = theme.ColorStageMuted, theme.SizeCaption, true
		}
		w.text = item.Text
		w.Refresh()
	}
	if size := m.Size(); size.Width > 0 {
		r.Layout(size)
	}
	canvas.Refresh(m)
}

func (r *menuRenderer) rebuild() {
	r.checks, r.words = nil, nil
	r.objects = []fyne.CanvasObject{r.veil}
	for range r.m.items {
		check, words := NewIcon(theme.IconCheck, theme.ColorStageText, 18), NewText("").Cut()
		r.checks, r.words = append(r.checks, check), append(r.words, words)
		r.objects = append(r.objects, check, words)
	}
}
