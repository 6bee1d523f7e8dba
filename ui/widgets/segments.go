package widgets

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Segments is a bar of a few words of which one is chosen. It takes the focus
// as one thing; then Left and Right choose.
type Segments struct {
	widget.BaseWidget

	OnChanged func(chosen int)
	OnKey     func(*fyne.KeyEvent) // keys that it has no use for
	OnRune    func(rune)

	words   []string
	badges  []int
	chosen  int
	hovered int // -1 for none
	focused bool
}

var (
	_ fyne.Focusable    = (*Segments)(nil)
	_ fyne.Tappable     = (*Segments)(nil)
	_ desktop.Hoverable = (*Segments)(nil)
)

// NewSegments is a bar with the first word chosen.
func NewSegments(changed func(int), words ...string) *Segments {
	s := &Segments{OnChanged: changed, words: words, badges: make([]int, len(words)), hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

// Chosen is the index of what is chosen.
func (s *Segments) Chosen() int { return s.chosen }

// Choose chooses a word and tells OnChanged if that is a change.
func (s *Segments) Choose(i int) {
	if i < 0 || i >= len(s.words) || i == s.chosen {
		return
	}
	s.chosen = i
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(i)
	}
}

// SetBadge puts a number beside a word; 0 takes it away.
func (s *Segments) SetBadge(i, n int) {
	if s.badges[i] == n {
		return
	}
	s.badges[i] = n
	s.Refresh()
}

func (s *Segments) at(p fyne.Position) int {
	x := p.X
	if rightToLeft {
		x = s.Size().Width - x
	}
	widths := s.widths(s.Size().Width)
	for i, w := range widths {
		if x < w {
			return i
		}
		x -= w
	}
	return len(widths) - 1
}

// widths are those of the words in a bar of that width: all the same, or where
// one would be cut, as wide as each needs to be, with the same room to spare.
func (s *Segments) widths(width float32) []float32 {
	needs := make([]float32, len(s.words))
	sum, same := float32(0), width/float32(len(s.words))
	fits := true
	for i, word := range s.words {
		needs[i] = fyne.MeasureText(word, theme.Size(s, theme.SizeBody), fyne.TextStyle{Bold: true}).Width + 2*theme.Gap2 + s.badgeRoom(i)
		sum += needs[i]
		fits = fits && needs[i] <= same
	}
	for i := range needs {
		switch {
		case fits:
			needs[i] = same
		case sum <= width:
			needs[i] += (width - sum) / float32(len(needs))
		default:
			needs[i] *= width / sum
		}
	}
	return needs
}

// badgeRoom is how much of a word's room its number takes.
func (s *Segments) badgeRoom(i int) float32 {
	if s.badges[i] == 0 {
		return 0
	}
	return s.badgeWidth(i) + theme.Gap2
}

func (s *Segments) badgeWidth(i int) float32 {
	number := fyne.MeasureText(badgeText(s.badges[i]), theme.Size(s, theme.SizeCaption), fyne.TextStyle{Bold: true}).Width
	return max(badgeHeight, number+theme.Gap2+2)
}

func badgeText(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}

// Tapped implements fyne.Tappable.
func (s *Segments) Tapped(e *fyne.PointEvent) { s.Choose(s.at(e.Position)) }

// Cursor implements desktop.Cursorable.
func (s *Segments) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (s *Segments) MouseIn(e *desktop.MouseEvent) { s.hover(s.at(e.Position)) }

// MouseMoved implements desktop.Hoverable.
func (s *Segments) MouseMoved(e *desktop.MouseEvent) { s.hover(s.at(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (s *Segments) MouseOut() { s.hover(-1) }

// forward is how many words Right goes on.
func forward() int {
	if rightToLeft {
		return -1
	}
	return 1
}

func (s *Segments) hover(i int) {
	if s.hovered != i {
		s.hovered = i
		s.Refresh()
	}
}

// FocusGained implements fyne.Focusable.
func (s *Segments) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *Segments) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *Segments) TypedRune(r rune) {
	if s.OnRune != nil {
		s.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Segments) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyLeft:
		s.Choose(s.chosen - forward())
	case fyne.KeyRight:
		s.Choose(s.chosen + forward())
	default:
		if s.OnKey != nil {
			s.OnKey(k)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentsRenderer{
		s: s, ground: canvas.NewRectangle(nil), pill: canvas.NewRectangle(nil),
		veil: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent),
	}
	r.objects = []fyne.CanvasObject{r.ground, r.pill, r.veil}
	for range s.words {
		part := segmentParts{canvas.NewText("", nil), canvas.NewRectangle(nil), canvas.NewText("", nil)}
		r.parts = append(r.parts, part)
		r.objects = append(r.objects, part.word, part.badge, part.number)
	}
	r.objects = append(r.objects, r.ring)
	r.Refresh()
	return r
}

// segmentParts are a word and the number beside it.
type segmentParts struct {
	word   *canvas.Text
	badge  *canvas.Rectangle
	number *canvas.Text
}

type segmentsRenderer struct {
	s                        *Segments
	ground, pill, veil, ring *canvas.Rectangle
	parts                    []segmentParts
	objects                  []fyne.CanvasObject
}

const (
	segmentInset = 3
	badgeHeight  = 20
)

func (r *segmentsRenderer) Destroy()                     {}
func (r *segmentsRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *segmentsRenderer) MinSize() fyne.Size {
	return fyne.NewSize(80*float32(len(r.parts)), theme.Touch)
}

func (r *segmentsRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ring.Resize(size)
	x := float32(0)
	for i, width := range r.s.widths(size.Width) {
		inner := fyne.NewSize(width-2*segmentInset, size.Height-2*segmentInset)
		if i == r.s.chosen {
			r.pill.Resize(inner)
			r.pill.Move(fyne.NewPos(x+segmentInset, segmentInset))
		}
		if i == max(0, r.s.hovered) {
			r.veil.Resize(inner)
			r.veil.Move(fyne.NewPos(x+segmentInset, segmentInset))
		}
		r.place(i, x, fyne.NewSize(width, size.Height))
		x += width
	}
	Mirror(size.Width, r.objects...)
}

// place puts a word and its number into the middle of their room.
func (r *segmentsRenderer) place(i int, x float32, room fyne.Size) {
	p := r.parts[i]
	badge, taken := r.s.badgeWidth(i), r.s.badgeRoom(i)
	p.word.Text = visual(cutTo(r.s.words[i], room.Width-2*theme.Gap2-taken, p.word.TextSize, p.word.TextStyle))
	word, number := p.word.MinSize(), p.number.MinSize()
	x += (room.Width - word.Width - taken) / 2
	p.word.Resize(word)
	p.word.Move(fyne.NewPos(x, (room.Height-word.Height)/2))
	x += word.Width + theme.Gap2
	p.badge.Resize(fyne.NewSize(badge, badgeHeight))
	p.badge.Move(fyne.NewPos(x, (room.Height-badgeHeight)/2))
	p.number.Resize(fyne.NewSize(badge, number.Height))
	p.number.Move(fyne.NewPos(x, (room.Height-number.Height)/2))
}

func (r *segmentsRenderer) Refresh() {
	s := r.s
	radius := theme.Size(s, theme.SizeRadius)
	r.ground.FillColor, r.ground.CornerRadius = theme.Color(s, theme.ColorTrack), radius
	r.pill.FillColor, r.pill.CornerRadius = theme.Color(s, theme.ColorChosen), radius-segmentInset
	r.pill.StrokeColor, r.pill.StrokeWidth = theme.Color(s, theme.ColorOutline), 1
	r.veil.FillColor, r.veil.CornerRadius = color.Transparent, radius-segmentInset
	if s.hovered >= 0 && s.hovered != s.chosen {
		r.veil.FillColor = theme.Color(s, theme.ColorHover)
	}
	r.ring.CornerRadius, r.ring.StrokeWidth = radius, 0
	if s.focused {
		r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(s, theme.ColorFocus), 3
	}
	for i, p := range r.parts {
		ink := theme.ColorMuted
		if i == s.chosen {
			ink = theme.ColorText
		}
		p.word.Color, p.word.TextSize = theme.Color(s, ink), theme.Size(s, theme.SizeBody)
		p.word.TextStyle = fyne.TextStyle{Bold: true}
		p.badge.FillColor, p.badge.CornerRadius = theme.Color(s, theme.ColorReject), badgeHeight/2
		p.number.Color, p.number.TextSize = theme.Color(s, theme.ColorOnAction), theme.Size(s, theme.SizeCaption)
		p.number.TextStyle, p.number.Alignment = fyne.TextStyle{Bold: true}, fyne.TextAlignCenter
		p.number.Text = badgeText(s.badges[i])
		p.badge.Hidden, p.number.Hidden = s.badges[i] == 0, s.badges[i] == 0
	}
	if size := s.Size(); size.Width > 0 {
		r.Layout(size)
	}
	canvas.Refresh(s)
}
