package ui

import (
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// openQuit asks before a call is ended with the program.
func (w *window) openQuit(c engine.Call) {
	words := widgets.NewParagraph(lang.L("The call with {{.Name}} ends with the program.", with{"Name": firstName(c)}), theme.ColorText, theme.SizeBody)
	stay := widgets.NewButton(widgets.Neutral, "", lang.L("Stay in the call"), w.sheet.close)
	quit := widgets.NewButton(widgets.Negative, theme.IconPhoneDown, lang.L("End and quit"), w.win.Close)
	for _, b := range []*widgets.Button{stay, quit} {
		w.wire(b)
	}
	w.sheet.open(lang.L("Quit Tring?"), 420, widgets.Column(theme.Gap4, words, container.NewGridWithColumns(2, stay, quit)), stay)
}
