package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// callBadge is a small strip over the lower edge of the picture. While the bar
// is hidden it says what others do not get of us; and it says that we are heard
// while Space is held.
type callBadge struct {
	root   *fyne.Container
	ground *widgets.Ground
	parts  [badgeParts]badgePart
}

// badgeParts is how many things a badge says at most.
const badgeParts = 3

type badgePart struct {
	root *fyne.Container
	icon *widgets.Icon
	word *widgets.Text
}

func newCallBadge() *callBadge {
	b := &callBadge{ground: widgets.NewGround(theme.ColorNote)}
	b.ground.Radius = theme.SizeRadius
	row := widgets.Row(theme.Gap4)
	for i := range b.parts {
		p := badgePart{icon: widgets.NewIcon(theme.IconMic, theme.ColorStageText, 18), word: widgets.Styled("", theme.ColorStageText, theme.SizeBody)}
		p.root = widgets.Row(theme.Gap2, p.icon, p.word)
		b.parts[i] = p
		row.Add(p.root)
	}
	b.root = widgets.Backed(b.ground, widgets.Pad(theme.Gap2, theme.Gap3, row))
	b.root.Hide()
	return b
}

// show says how c is. Of a bar that is to be seen it repeats nothing.
func (b *callBadge) show(c engine.Call, talking, barHidden bool) {
	n := 0
	say := func(icon theme.IconName, ink fyne.ThemeColorName, text string) {
		p := b.parts[n]
		p.icon.Set(icon, ink)
		p.word.SetText(text)
		p.word.SetColor(ink)
		n++
	}
	switch {
	case talking:
		say(theme.IconMic, theme.ColorStageGood, lang.L("You are heard while you hold Space"))
	case !barHidden:
	default:
		if c.Muted {
			say(theme.IconMicOff, theme.ColorStageOffText, lang.X("button.muted", "Muted"))
		}
		switch {
		case c.ScreenShared:
			say(theme.IconShare, theme.ColorStageText, lang.X("button.sharing", "Sharing"))
		case !c.SendingVideo:
			say(theme.IconVideoOff, theme.ColorStageOffText, lang.L("Camera off"))
		}
		if held(c) {
			say(theme.IconPause, theme.ColorStageText, lang.L("On hold"))
		}
	}
	for i, p := range b.parts {
		setVisible(p.root, i < n)
	}
	setVisible(b.root, n > 0)
}

// placeBadge puts the badge in the middle of the lower edge, beside the small
// picture where that is in the way, or above it if there is no room beside.
func (l *callLayout) placeBadge(size fyne.Size) {
	s := l.s
	need := s.badge.root.MinSize()
	bottom := size.Height - theme.Gap3
	if s.bar.root.Visible() {
		bottom -= barHeight
	}
	x := (size.Width - need.Width) / 2
	if s.self.Visible() && !l.outgoing && !l.corner.top() {
		at, own := s.self.Position(), s.self.Size()
		switch beside := size.Width - own.Width - selfMargin - theme.Gap2 - theme.Gap3; {
		case beside < need.Width:
			bottom = at.Y - theme.Gap2
		case l.corner.left():
			x = max(x, at.X+own.Width+theme.Gap2)
		default:
			x = min(x, at.X-theme.Gap2-need.Width)
		}
	}
	place(s.badge.root, float32(int(x)), bottom-need.Height, need.Width, need.Height)
}
