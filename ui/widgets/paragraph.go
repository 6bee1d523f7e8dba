package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// guessedWidth is what a Paragraph assumes before it was laid out.
const guessedWidth = 320

// Paragraph is text that wraps. Its height follows from its width: Column and
// its friends ask HeightFor; elsewhere its minimal height is that of the width
// it was laid out with last.
type Paragraph struct {
	widget.BaseWidget

	Color    fyne.ThemeColorName
	TextSize fyne.ThemeSizeName
	Bold     bool
	Align    fyne.TextAlign
	MaxLines int // 0 for any number

	text  string
	wrap  *wrapper
	width float32
	kept  keptLines
}

// keptLines are the lines of a text in a width: MinSize is asked for at each
// repaint.
type keptLines struct {
	text     string
	width    float32
	maxLines int
	lines    []string
}

// NewParagraph is wrapped text.
func NewParagraph(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *Paragraph {
	p := &Paragraph{text: text, Color: color, TextSize: size, width: guessedWidth}
	p.ExtendBaseWidget(p)
	return p
}

// Center centres its lines and returns it.
func (p *Paragraph) Center() *Paragraph {
	p.Align = fyne.TextAlignCenter
	return p
}

// Text is what it says.
func (p *Paragraph) Text() string { return p.text }

// SetText changes what it says.
func (p *Paragraph) SetText(text string) {
	if p.text == text {
		return
	}
	p.text = text
	p.Refresh()
}

// SetColor changes its role.
func (p *Paragraph) SetColor(role fyne.ThemeColorName) {
	if p.Color == role {
		return
	}
	p.Color = role
	p.Refresh()
}

func (p *Paragraph) style() fyne.TextStyle { return fyne.TextStyle{Bold: p.Bold} }

func (p *Paragraph) lines(width float32) []string {
	if p.text == "" {
		return nil
	}
	size := theme.Size(p, p.TextSize)
	if p.wrap == nil || p.wrap.size != size || p.wrap.style != p.style() {
		p.wrap = newWrapper(size, p.style())
		p.kept = keptLines{}
	}
	if k := &p.kept; k.lines == nil || k.text != p.text || k.width != width || k.maxLines != p.MaxLines {
		*k = keptLines{p.text, width, p.MaxLines, p.wrap.lines(p.text, width, p.MaxLines)}
	}
	return p.kept.lines
}

func (p *Paragraph) lineHeight() float32 {
	return fyne.MeasureText("Mg", theme.Size(p, p.TextSize), p.style()).Height
}

// HeightFor is the height it needs in that width.
func (p *Paragraph) HeightFor(width float32) float32 {
	return float32(len(p.lines(width))) * p.lineHeight()
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	r := &paragraphRenderer{p: p}
	r.rebuild()
	return r
}

type paragraphRenderer struct {
	p       *Paragraph
	objects []fyne.CanvasObject
}

func (r *paragraphRenderer) Destroy()                     {}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *paragraphRenderer) MinSize() fyne.Size {
	return fyne.NewSize(24, r.p.HeightFor(r.p.width))
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	if size.Width > 0 && size.Width != r.p.width {
		r.p.width = size.Width
		r.rebuild()
	}
	height := r.p.lineHeight()
	for i, line := range r.objects {
		line.Move(fyne.NewPos(0, float32(i)*height))
		line.Resize(fyne.NewSize(size.Width, height))
	}
}

func (r *paragraphRenderer) rebuild() {
	lines := r.p.lines(r.p.width)
	r.objects = make([]fyne.CanvasObject, len(lines))
	for i, text := range lines {
		line := canvas.NewText(visual(text), theme.Color(r.p, r.p.Color))
		line.TextSize = theme.Size(r.p, r.p.TextSize)
		line.TextStyle = r.p.style()
		line.Alignment = align(r.p.Align)
		r.objects[i] = line
	}
}

func (r *paragraphRenderer) Refresh() {
	r.rebuild()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
