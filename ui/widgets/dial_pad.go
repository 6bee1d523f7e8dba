package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// dialKeys are the keys and the letters that ITU-T E.161 puts on them.
var dialKeys = [...]struct{ digit, letters string }{
	{"1", ""},
	{"2", "ABC"},
	{"3", "DEF"},
	{"4", "GHI"},
	{"5", "JKL"},
	{"6", "MNO"},
	{"7", "PQRS"},
	{"8", "TUV"},
	{"9", "WXYZ"},
	{"*", ""},
	{"0", "+"},
	{"#", ""},
}

const dialColumns = 3

// IsDialDigit reports whether r is on a dial pad.
func IsDialDigit(r rune) bool { return strings.ContainsRune("0123456789*#", r) }

// DialPad is 3 x 4 keys. It takes the focus as one thing, and then typed
// digits press its keys.
type DialPad struct {
	widget.BaseWidget

	OnDigit     func(digit string)
	OnBackspace func()
	OnKey       func(*fyne.KeyEvent) // keys that it has no use for
	OnRune      func(rune)

	onStage bool
	focused bool
	keys    []*dialKey
}

var _ fyne.Focusable = (*DialPad)(nil)

// NewDialPad is a pad; onStage draws it for the dark stage.
func NewDialPad(onStage bool, onDigit func(string)) *DialPad {
	p := &DialPad{OnDigit: onDigit, onStage: onStage}
	for _, k := range dialKeys {
		key := &dialKey{pad: p, digit: k.digit, letters: k.letters}
		key.ExtendBaseWidget(key)
		p.keys = append(p.keys, key)
	}
	p.ExtendBaseWidget(p)
	return p
}

func (p *DialPad) press(digit string) {
	if p.OnDigit != nil {
		p.OnDigit(digit)
	}
}

// FocusGained implements fyne.Focusable.
func (p *DialPad) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *DialPad) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune implements fyne.Focusable.
func (p *DialPad) TypedRune(r rune) {
	switch {
	case IsDialDigit(r):
		p.press(string(r))
	case p.OnRune != nil:
		p.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (p *DialPad) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyBackspace && p.OnBackspace != nil:
		p.OnBackspace()
	case p.OnKey != nil:
		p.OnKey(k)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *DialPad) CreateRenderer() fyne.WidgetRenderer {
	r := &dialPadRenderer{p: p, ring: canvas.NewRectangle(color.Transparent)}
	for _, k := range p.keys {
		r.objects = append(r.objects, k)
	}
	r.objects = append(r.objects, r.ring)
	r.Refresh()
	return r
}

type dialPadRenderer struct {
	p       *DialPad
	ring    *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *dialPadRenderer) Destroy()                     {}
func (r *dialPadRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *dialPadRenderer) MinSize() fyne.Size {
	key := r.p.keys[1].MinSize()
	rows := float32(len(dialKeys) / dialColumns)
	return fyne.NewSize(key.Width*dialColumns+theme.Gap2*(dialColumns-1), key.Height*rows+theme.Gap2*(rows-1))
}

func (r *dialPadRenderer) Layout(size fyne.Size) {
	rows := float32(len(dialKeys) / dialColumns)
	w := (size.Width - theme.Gap2*(dialColumns-1)) / dialColumns
	h := (size.Height - theme.Gap2*(rows-1)) / rows
	for i, k := range r.p.keys {
		k.Move(fyne.NewPos(float32(i%dialColumns)*(w+theme.Gap2), float32(i/dialColumns)*(h+theme.Gap2)))
		k.Resize(fyne.NewSize(w, h))
	}
	r.ring.Move(fyne.NewPos(-4, -4))
	r.ring.Resize(size.AddWidthHeight(8, 8))
}

func (r *dialPadRenderer) Refresh() {
	r.ring.StrokeWidth = 0
	r.ring.CornerRadius = theme.Size(r.p, theme.SizeCardRadius)
	if r.p.focused {
		r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(r.p, theme.ColorFocus), 2
	}
	for _, k := range r.p.keys {
		k.Refresh()
	}
	canvas.Refresh(r.p)
}

// dialKey is one key of a pad.
type dialKey struct {
	widget.BaseWidget

	pad              *DialPad
	digit, letters   string
	hovered, pressed bool
}

var (
	_ fyne.Tappable     = (*dialKey)(nil)
	_ desktop.Hoverable = (*dialKey)(nil)
	_ desktop.Mouseable = (*dialKey)(nil)
)

func (k *dialKey) Tapped(*fyne.PointEvent)        { k.pad.press(k.digit) }
func (k *dialKey) MouseIn(*desktop.MouseEvent)    { k.hovered = true; k.Refresh() }
func (k *dialKey) MouseMoved(*desktop.MouseEvent) {}
func (k *dialKey) MouseOut()                      { k.hovered, k.pressed = false, false; k.Refresh() }
func (k *dialKey) MouseDown(*desktop.MouseEvent)  { k.pressed = true; k.Refresh() }
func (k *dialKey) MouseUp(*desktop.MouseEvent)    { k.pressed = false; k.Refresh() }
func (k *dialKey) Cursor() desktop.Cursor         { return desktop.PointerCursor }
func (k *dialKey) CreateRenderer() fyne.WidgetRenderer {
	r := &dialKeyRenderer{
		k:       k,
		ground:  canvas.NewRectangle(color.Transparent),
		veil:    canvas.NewRectangle(color.Transparent),
		digit:   canvas.NewText(k.digit, nil),
		letters: canvas.NewText(k.letters, nil),
	}
	r.Refresh()
	return r
}

type dialKeyRenderer struct {
	k              *dialKey
	ground, veil   *canvas.Rectangle
	digit, letters *canvas.Text
}

func (r *dialKeyRenderer) Destroy()           {}
func (r *dialKeyRenderer) MinSize() fyne.Size { return fyne.NewSize(64, 45) }
func (r *dialKeyRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.veil, r.digit, r.letters}
}

func (r *dialKeyRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.veil.Resize(size)
	digit, letters := r.digit.MinSize().Height, r.letters.MinSize().Height
	together := digit
	if r.k.letters != "" {
		together += letters - 5 // the fonts have air between lines
	}
	top := (size.Height - together) / 2
	r.digit.Resize(fyne.NewSize(size.Width, digit))
	r.digit.Move(fyne.NewPos(0, top))
	r.letters.Resize(fyne.NewSize(size.Width, letters))
	r.letters.Move(fyne.NewPos(0, top+digit-5))
}

func (r *dialKeyRenderer) Refresh() {
	ground, ink, small := theme.ColorNeutral, theme.ColorText, theme.ColorMuted
	if r.k.pad.onStage {
		ground, ink, small = theme.ColorStageButton, theme.ColorStageText, theme.ColorStageMuted
	}
	radius := theme.Size(r.k, theme.SizeRadius)
	r.ground.FillColor, r.ground.CornerRadius = theme.Color(r.k, ground), radius
	r.veil.FillColor, r.veil.CornerRadius = color.Transparent, radius
	switch {
	case r.k.pressed:
		r.veil.FillColor = theme.Color(r.k, theme.ColorPressed)
	case r.k.hovered:
		r.veil.FillColor = theme.Color(r.k, theme.ColorHover)
	}
	r.digit.Color, r.digit.TextSize = theme.Color(r.k, ink), 20
	r.letters.Color, r.letters.TextSize = theme.Color(r.k, small), 10
	r.digit.Alignment, r.letters.Alignment = fyne.TextAlignCenter, fyne.TextAlignCenter
	r.Layout(r.k.Size().Max(r.MinSize()))
	canvas.Refresh(r.k)
}
