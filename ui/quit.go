package ui

import (
	"fyne.io/fyne/v2/container"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// openQuit asks before a call is ended with the program.
func (w *window) openQuit(c engine.Call) {
	words := widgets.NewParagraph("The call with "+firstName(c)+" ends with the program.", theme.ColorText, theme.SizeBody)
	stay := widgets.NewButton(widgets.Neutral, "", "Stay in the call", w.sheet.close)
	quit := widgets.NewButton(widgets.Negative, theme.IconPhoneDown, "End and quit", w.win.Close)
	for _, b := range []*widgets.Button{stay, quit} {
		w.wire(b)
	}
	w.sheet.open("Quit Tring?", 420, widgets.Column(theme.Gap4, words, container.NewGridWithColumns(2, stay, quit)), stay)
}
