package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// openDetails shows a call of the history with its receipt.
func (w *window) openDetails(id int64) {
	e, found := w.cfg.Store.Call(id)
	if !found {
		return
	}
	column := widgets.Column(theme.Gap3, w.detailsHead(e))
	if e.Address != "" {
		column.Add(w.detailsCalls(e))
	}
	column.Add(w.receipt(e))
	support := widgets.NewButton(widgets.Neutral, theme.IconCopy, lang.L("Copy for support"), nil)
	support.OnTapped = func() {
		w.app.Clipboard().SetContent(supportText(e, w.cfg.Version))
		support.Set(widgets.Neutral, theme.IconCheck, lang.L("Copied, without names and addresses"))
	}
	remove := widgets.NewButton(widgets.Plain, theme.IconDelete, lang.L("Delete this call"), func() {
		w.sheet.close()
		w.homeScreen.recent.remove(e)
	})
	for _, b := range []*widgets.Button{support, remove} {
		w.wire(b)
		column.Add(b)
	}
	w.sheet.open(lang.L("Call"), 440, column, nil)
}

// detailsHead says who it was and what became of the call.
func (w *window) detailsHead(e store.Entry) fyne.CanvasObject {
	name := w.entryName(e)
	face := widgets.NewAvatar(56)
	face.Set(w.knownName(e.Address, e.Name), e.Address)
	icon, color, words := historyWords(e)
	title := widgets.NewParagraph(name, theme.ColorText, theme.SizeSubheading)
	title.Bold, title.MaxLines = true, 2
	lines := widgets.Column(2, title)
	if e.Address != "" && e.Address != name {
		lines.Add(widgets.Styled(e.Address, theme.ColorMuted, theme.SizeBody).Cut())
	}
	lines.Add(widgets.Row(theme.Gap1, widgets.NewIcon(icon, color, 16), widgets.Grow(widgets.Styled(words, color, theme.SizeBody).Cut())))
	lines.Add(widgets.Styled(fullTime(e.Began), theme.ColorMuted, theme.SizeBody).Cut())
	return widgets.Row(theme.Gap3, face, widgets.Grow(lines))
}

// detailsCalls are the buttons that call back and keep who it was.
func (w *window) detailsCalls(e store.Entry) fyne.CanvasObject {
	voice := widgets.NewButton(widgets.Neutral, theme.IconPhone, lang.L("Voice call"), func() { w.sheet.close(); w.call(e.Address, false) })
	video := widgets.NewButton(widgets.Primary, theme.IconVideo, lang.L("Video call"), func() { w.sheet.close(); w.call(e.Address, true) })
	keep := widgets.NewButton(widgets.Neutral, theme.IconAdd, lang.L("Add to contacts"), func() { w.openContactEditor(contactOf(e)) })
	if c, found := w.cfg.Store.Find(e.Address); found {
		keep = widgets.NewButton(widgets.Neutral, theme.IconEdit, lang.L("Edit contact"), func() { w.openContactEditor(c) })
	}
	can := callBlocked(w.view.snapshot.Registration, e.Address) == ""
	voice.SetEnabled(can)
	video.SetEnabled(can)
	for _, b := range []*widgets.Button{voice, video, keep} {
		w.wire(b)
	}
	return widgets.Column(theme.Gap2, container.NewGridWithColumns(2, voice, video), keep)
}

// receipt is how the call went.
func (w *window) receipt(e store.Entry) fyne.CanvasObject {
	column := widgets.Column(theme.Gap2)
	if v := quality(e); v.words != "" {
		word := widgets.Row(theme.Gap2, widgets.NewIcon(v.icon, v.color, 20),
			widgets.Styled(v.words, v.color, theme.SizeBody).Strong(), layout.NewSpacer())
		column.Add(word)
		if v.reason != "" {
			column.Add(widgets.NewParagraph(v.reason, theme.ColorText, theme.SizeBody))
		}
	}
	lines := receiptLines(e)
	if len(lines) == 0 && len(column.Objects) == 0 {
		text := lang.L("Nothing was measured.")
		if e.Answered.IsZero() {
			text = lang.L("The call was not answered, so nothing was measured.")
		}
		column.Add(widgets.NewParagraph(text, theme.ColorMuted, theme.SizeBody))
	}
	if !e.Answered.IsZero() && !e.Ended.IsZero() {
		lines = append([][2]string{{lang.L("Length"), clock(e.Length())}}, lines...)
	}
	if wait := e.Answered.Sub(e.Began); !e.Answered.IsZero() && wait >= time.Second {
		lines = append(lines, [2]string{lang.L("Rang for"), seconds(wait)})
	}
	for _, l := range lines {
		column.Add(factLine(l[0], l[1]))
	}
	ground := widgets.NewGround(theme.ColorBackground)
	ground.Radius = theme.SizeRadius
	return widgets.Backed(ground, widgets.Pad(theme.Gap3, theme.Gap3, column))
}

// factLine is what something is called, and what it is.
func factLine(label, value string) fyne.CanvasObject {
	return widgets.Row(theme.Gap3, fixedWidth(150, widgets.NewParagraph(label, theme.ColorMuted, theme.SizeBody)),
		widgets.Grow(widgets.NewParagraph(value, theme.ColorText, theme.SizeBody)))
}
