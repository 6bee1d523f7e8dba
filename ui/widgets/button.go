package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Kind says what a Button looks like.
type Kind int

// The kinds.
const (
	Neutral  Kind = iota // a quiet ground
	Plain                // no ground until the pointer is there
	Primary              // the one main action of a screen
	Positive             // answers a call
	Negative             // rejects or ends a call
	Stage                // on the dark stage
	StageOff             // on the stage: this control is off, e.g. the microphone is muted
	StageOn              // on the stage: this control is active, e.g. hold
)

type look struct{ ground, ink fyne.ThemeColorName }

var looks = map[Kind]look{
	Neutral:  {theme.ColorNeutral, theme.ColorText},
	Plain:    {"", theme.ColorText},
	Primary:  {theme.ColorPrimary, theme.ColorOnPrimary},
	Positive: {theme.ColorAnswer, theme.ColorOnAction},
	Negative: {theme.ColorReject, theme.ColorOnAction},
	Stage:    {theme.ColorStageButton, theme.ColorStageText},
	StageOff: {theme.ColorStageOff, theme.ColorStageOffText},
	StageOn:  {theme.ColorStageText, theme.ColorStage},
}

// Button is an icon, a word, or both, at least theme.Touch high. Space and
// Enter press it; any other key that it gets is handed on to OnKey.
type Button struct {
	widget.BaseWidget

	Kind    Kind
	Stacked bool    // the icon above the word, in small print
	Width   float32 // least width; 0 for as wide as its content
	Height  float32 // least height; 0 for theme.Touch
	Leading bool    // content at the left instead of in the middle
	Short   string  // in place of the word where that does not fit; "" to cut it

	OnTapped func()
	OnSecond func() // the other button of the mouse; nil for nothing
	OnHover  func() // the pointer came
	OnKey    func(*fyne.KeyEvent)
	OnRune   func(rune)

	text                       string
	icon                       theme.IconName
	disabled, hovered, focused bool
	pressed                    bool
	tips                       *Tips
	tip                        Tip
}

var (
	_ fyne.Focusable         = (*Button)(nil)
	_ fyne.Tappable          = (*Button)(nil)
	_ fyne.SecondaryTappable = (*Button)(nil)
	_ fyne.Disableable       = (*Button)(nil)
	_ desktop.Hoverable      = (*Button)(nil)
	_ desktop.Mouseable      = (*Button)(nil)
)

// NewButton is a button; icon or text may be empty.
func NewButton(kind Kind, icon theme.IconName, text string, tapped func()) *Button {
	b := &Button{Kind: kind, icon: icon, text: text, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// Hovered reports whether the pointer is on it.
func (b *Button) Hovered() bool { return b.hovered }

// Explain has tips say what the button does, and the key that does the same.
// It may be said again when that changes. The button is returned.
func (b *Button) Explain(tips *Tips, name, keys string) *Button {
	b.tips, b.tip = tips, Tip{name, keys}
	tips.change(b, b.tip)
	return b
}

// Tip is what tips say of it.
func (b *Button) Tip() Tip { return b.tip }

// Text is its word.
func (b *Button) Text() string { return b.text }

// Set changes its looks in one go.
func (b *Button) Set(kind Kind, icon theme.IconName, text string) {
	if b.Kind == kind && b.icon == icon && b.text == text {
		return
	}
	b.Kind, b.icon, b.text = kind, icon, text
	b.Refresh()
}

// Enable implements fyne.Disableable.
func (b *Button) Enable() { b.SetEnabled(true) }

// Disable implements fyne.Disableable.
func (b *Button) Disable() { b.SetEnabled(false) }

// SetEnabled enables or disables it.
func (b *Button) SetEnabled(on bool) {
	if b.disabled != on {
		return
	}
	b.disabled = !on
	b.Refresh()
}

// Disabled implements fyne.Disableable.
func (b *Button) Disabled() bool { return b.disabled }

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.disabled || b.OnTapped == nil {
		return
	}
	b.OnTapped()
}

// TappedSecondary implements fyne.SecondaryTappable.
func (b *Button) TappedSecondary(*fyne.PointEvent) {
	if b.OnSecond != nil {
		b.OnSecond()
	}
}

// Cursor implements desktop.Cursorable.
func (b *Button) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	b.tips.rest(b, b.tip, pointerAt(e))
	if b.OnHover != nil {
		b.OnHover()
	}
}

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(e *desktop.MouseEvent) { b.tips.move(b, pointerAt(e)) }

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.hovered, b.pressed = false, false
	b.Refresh()
	b.tips.leave(b)
}

// MouseDown implements desktop.Mouseable.
func (b *Button) MouseDown(*desktop.MouseEvent) {
	b.pressed = true
	b.Refresh()
	b.tips.leave(b)
}

// MouseUp implements desktop.Mouseable.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.pressed = false; b.Refresh() }

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.focused = true
	b.Refresh()
	b.tips.rest(b, b.tip, fyne.Position{})
}

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() {
	b.focused = false
	b.Refresh()
	b.tips.leave(b)
}

// Hide implements fyne.CanvasObject.
func (b *Button) Hide() {
	b.tips.leave(b)
	b.BaseWidget.Hide()
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(r rune) {
	if r != ' ' && b.OnRune != nil {
		b.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	b.tips.leave(b)
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		if b.OnKey != nil {
			b.OnKey(e)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		b:      b,
		ground: canvas.NewRectangle(color.Transparent),
		veil:   canvas.NewRectangle(color.Transparent),
		ring:   canvas.NewRectangle(color.Transparent),
		icon:   NewIcon(b.icon, theme.ColorText, 20),
		label:  canvas.NewText("", nil),
	}
	r.Refresh()
	return r
}
