package widgets

import (
	"fyne.io/fyne/v2"

	"tring/ui/theme"
)

// Banner is a message across the window: what is wrong in bold, what to do
// about it, and buttons.
type Banner struct {
	*fyne.Container

	Icon  *Icon
	Cause *Paragraph
	Next  *Paragraph
	Cross *Button // nil without
}

// NewBanner is a warning, or an error if bad. onDismiss, unless nil, adds a
// cross at the right.
func NewBanner(bad bool, cause, next string, onDismiss func(), buttons ...fyne.CanvasObject) *Banner {
	ground, ink, icon := theme.ColorWarnSoft, theme.ColorBusy, theme.IconInfo
	if bad {
		ground, ink, icon = theme.ColorBadSoft, theme.ColorBad, theme.IconWarning
	}
	b := &Banner{
		Icon:  NewIcon(icon, ink, 22),
		Cause: NewParagraph(cause, theme.ColorText, theme.SizeBody),
		Next:  NewParagraph(next, theme.ColorText, theme.SizeBody),
	}
	b.Cause.Bold = true
	b.Next.Hidden = next == ""
	objects := append([]fyne.CanvasObject{b.Icon, Grow(Column(2, b.Cause, b.Next))}, buttons...)
	if onDismiss != nil {
		b.Cross = NewButton(Plain, theme.IconClose, "", onDismiss)
		objects = append(objects, b.Cross)
	}
	back := NewGround(ground)
	back.Radius = theme.SizeRadius
	b.Container = Backed(back, Pad(theme.Gap2, theme.Gap3, Row(theme.Gap3, objects...)))
	return b
}
