package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"tring/ui/theme"
	"tring/ui/widgets"
)

// logPanel is the activity log: every event in plain words, newest at the
// bottom.
type logPanel struct {
	root       *fyne.Container
	list       *widgets.LogList
	empty      *widgets.Paragraph
	openInCall bool
}

func newLogPanel(w *window) *logPanel {
	p := &logPanel{list: widgets.NewLogList()}
	p.empty = widgets.NewParagraph(lang.L("What happens will be listed here: signing in, calls, their states and any errors."),
		theme.ColorMuted, theme.SizeBody)
	title := widgets.Styled(lang.L("Activity"), theme.ColorText, theme.SizeSubheading).Strong().Cut()
	copyAll := widgets.NewButton(widgets.Plain, theme.IconCopy, "", func() {
		w.app.Clipboard().SetContent(logText(p.list.Lines()))
	})
	clearAll := widgets.NewButton(widgets.Plain, theme.IconDelete, "", p.clear)
	hide := widgets.NewButton(widgets.Plain, theme.IconClose, "", w.toggleLog)
	w.explain(copyAll, lang.L("Copy the log"), "")
	w.explain(clearAll, lang.L("Clear the log"), "")
	w.explain(hide, lang.L("Hide the log"), "")
	header := widgets.Pad(theme.Gap2, theme.Gap2, widgets.Row(0,
		widgets.Grow(widgets.Pad(0, theme.Gap2, title)), copyAll, clearAll, hide))
	list := container.NewStack(p.list, widgets.Column(0, widgets.Pad(theme.Gap2, theme.Gap4, p.empty), layout.NewSpacer()))
	p.root = widgets.Backed(widgets.NewGround(theme.ColorSurface), widgets.Column(0, header, widgets.Grow(list)))
	return p
}

func (p *logPanel) append(lines []widgets.LogLine) {
	p.list.Append(lines...)
	setVisible(p.empty, len(p.list.Lines()) == 0)
}

func (p *logPanel) clear() {
	p.list.Clear()
	p.empty.Show()
}
