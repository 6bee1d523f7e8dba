package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Text is one line in a role's colour. With Ellipsis it may get less room than
// it needs and then ends in "…"; without, its minimal width is all of it.
type Text struct {
	widget.BaseWidget

	Color    fyne.ThemeColorName
	TextSize fyne.ThemeSizeName
	Bold     bool
	Mono     bool
	Ellipsis bool
	Align    fyne.TextAlign

	text string
}

// NewText is a line of body text in the normal text colour.
func NewText(text string) *Text {
	t := &Text{text: text, Color: theme.ColorText, TextSize: theme.SizeBody}
	t.ExtendBaseWidget(t)
	return t
}

// Styled is NewText with a colour and a size.
func Styled(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *Text {
	t := NewText(text)
	t.Color, t.TextSize = color, size
	return t
}

// Strong makes it bold and returns it.
func (t *Text) Strong() *Text {
	t.Bold = true
	return t
}

// Cut lets it end in an ellipsis and returns it.
func (t *Text) Cut() *Text {
	t.Ellipsis = true
	return t
}

// Center centres it in its room and returns it.
func (t *Text) Center() *Text {
	t.Align = fyne.TextAlignCenter
	return t
}

// Text is what it says in full.
func (t *Text) Text() string { return t.text }

// SetText changes what it says.
func (t *Text) SetText(text string) {
	if t.text == text {
		return
	}
	t.text = text
	t.Refresh()
}

// SetColor changes its role.
func (t *Text) SetColor(role fyne.ThemeColorName) {
	if t.Color == role {
		return
	}
	t.Color = role
	t.Refresh()
}

// FullWidth is the width in which nothing is cut.
func (t *Text) FullWidth() float32 {
	return fyne.MeasureText(t.text, theme.Size(t, t.TextSize), t.style()).Width
}

func (t *Text) style() fyne.TextStyle { return fyne.TextStyle{Bold: t.Bold, Monospace: t.Mono} }

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, line: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type textRenderer struct {
	t        *Text
	line     *canvas.Text
	measured wordSize
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }

func (r *textRenderer) Layout(size fyne.Size) {
	r.fit(size.Width)
	r.line.Resize(size)
}

// fit cuts the line to width.
func (r *textRenderer) fit(width float32) {
	text := r.t.text
	if r.t.Ellipsis {
		text = cutTo(text, width, r.line.TextSize, r.t.style())
	}
	if text = visual(text); r.line.Text != text {
		r.line.Text = text
		r.line.Refresh()
	}
}

func (r *textRenderer) MinSize() fyne.Size {
	size := r.measured.of(r.t.text, r.line.TextSize, r.t.style())
	if r.t.Ellipsis {
		size.Width = min(size.Width, 24)
	}
	return size
}

func (r *textRenderer) Refresh() {
	r.line.Color = theme.Color(r.t, r.t.Color)
	r.line.TextSize = theme.Size(r.t, r.t.TextSize)
	r.line.TextStyle = r.t.style()
	r.line.Alignment = align(r.t.Align)
	r.line.Text = visual(r.t.text)
	if width := r.t.Size().Width; width > 0 {
		r.fit(width)
	}
	r.line.Refresh()
}

// cutTo is text, or as much of it with an ellipsis as fits into width.
func cutTo(text string, width, size float32, style fyne.TextStyle) string {
	// Layout may round the width down by less than a unit.
	if fyne.MeasureText(text, size, style).Width <= width+0.5 {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high { // the largest prefix that fits
		middle := (low + high + 1) / 2
		if fyne.MeasureText(string(runes[:middle])+"…", size, style).Width <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return strings.TrimRight(string(runes[:low]), " ") + "…"
}
