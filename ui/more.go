package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// statsPatience bounds how long a call is measured for.
const statsPatience = 3 * time.Second

// openMore shows what a call can do besides the bar.
func (w *window) openMore() {
	c, ok := w.frontCall()
	if !ok {
		return
	}
	column := widgets.Column(theme.Gap2)
	add := func(icon theme.IconName, text string, do func()) {
		b := widgets.NewButton(widgets.Neutral, icon, text, func() {
			w.sheet.close()
			do()
		})
		b.Leading = true
		w.wire(b)
		column.Add(b)
	}
	add(theme.IconTransfer, "Transfer…", func() { w.openTransfer(c) })
	add(theme.IconStats, "Copy statistics", func() { w.copyStats(c.ID) })
	add(theme.IconSettings, "Camera, microphone, speaker", w.openSettings)
	add(theme.IconFullscreen, "Full screen", w.toggleFullscreen)
	add(theme.IconHelp, "Keyboard", w.openHelp)
	w.sheet.open("More", 340, column, nil)
}

// openTransfer asks where a call is to go.
func (w *window) openTransfer(c engine.Call) {
	to := widgets.NewEntry("Name, address or number")
	w.wireEntry(to)
	send := widgets.NewButton(widgets.Primary, theme.IconTransfer, "Transfer", nil)
	do := func() {
		if strings.TrimSpace(to.Text) == "" {
			return
		}
		w.sheet.close()
		w.transfer(c.ID, to.Text)
	}
	send.OnTapped = do
	send.Disable()
	to.OnSubmitted = func(string) { do() }
	to.OnChanged = func(text string) { send.SetEnabled(strings.TrimSpace(text) != "") }
	cancel := widgets.NewButton(widgets.Neutral, "", "Cancel", w.sheet.close)
	w.wire(send)
	w.wire(cancel)
	w.sheet.open("Transfer "+callName(c), 420, widgets.Column(theme.Gap4,
		widgets.NewParagraph("The other side will be connected to this address, and your part of the call ends.",
			theme.ColorMuted, theme.SizeBody),
		to, container.NewGridWithColumns(2, cancel, send)), to)
}

// copyStats measures the call off the main goroutine and puts the numbers on
// the clipboard.
func (w *window) copyStats(id engine.CallID) {
	w.presenter.inBackground(func() {
		ctx, cancel := context.WithTimeout(context.Background(), statsPatience)
		defer cancel()
		stats, err := w.cfg.Engine.Stats(ctx, id)
		w.presenter.post(func() {
			if err != nil {
				w.tell(err)
				return
			}
			w.app.Clipboard().SetContent(statsText(stats))
		})
	})
}
