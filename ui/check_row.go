package ui

import (
	"fyne.io/fyne/v2"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// checkRow is one step: its name and how it went, and what is said of that.
type checkRow struct {
	root         *fyne.Container
	icon         *widgets.Icon
	state        *widgets.Text
	cause, notes *widgets.Paragraph
}

// checkIcon is the side of a step's icon.
const checkIcon = 22

func newCheckRow(step engine.CheckStep) *checkRow {
	r := &checkRow{
		icon:  widgets.NewIcon(theme.IconClock, theme.ColorMuted, checkIcon),
		state: widgets.Styled("", theme.ColorMuted, theme.SizeBody),
		cause: widgets.NewParagraph("", theme.ColorText, theme.SizeBody),
		notes: widgets.NewParagraph("", theme.ColorMuted, theme.SizeCaption),
	}
	name := widgets.Styled(checkName(step), theme.ColorText, theme.SizeBody).Strong().Cut()
	r.root = widgets.Column(2,
		widgets.Row(theme.Gap3, r.icon, widgets.Grow(name), r.state),
		widgets.Row(theme.Gap3, gap(checkIcon, 1), widgets.Grow(widgets.Column(2, r.cause, r.notes))))
	return r
}

func (r *checkRow) show(result engine.CheckResult) {
	st := checkStatus(result.State)
	r.icon.Set(st.icon, st.color)
	r.state.SetText(st.words)
	r.state.SetColor(st.color)
	cause := translate(result.Cause)
	if result.Next != "" {
		cause = join(cause, translate(result.Next))
	}
	notes := figureWords(result)
	r.cause.SetText(cause)
	r.notes.SetText(notes)
	setVisible(r.cause, cause != "")
	setVisible(r.notes, notes != "")
	setVisible(r.root.Objects[1], cause != "")
	r.root.Refresh()
}
