package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"

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
		column.Add(w.sheetButton(icon, text, do))
	}
	add(theme.IconTransfer, lang.L("Transfer…"), func() { w.openTransfer(c) })
	if c.SendingVideo {
		word, icon := lang.L("Hide my picture"), theme.IconEyeOff
		if w.callScreen.selfHidden {
			word, icon = lang.L("Show my picture"), theme.IconEye
		}
		add(icon, word, w.callScreen.toggleSelf)
	}
	if c.SendingVideo && c.RemoteVideo {
		add(theme.IconVideo, lang.L("Swap the pictures"), w.callScreen.toggleSwap)
	}
	add(theme.IconStats, lang.L("Copy statistics"), func() { w.copyStats(c.ID) })
	add(theme.IconSettings, lang.L("Camera, microphone, speaker"), w.openSettings)
	add(theme.IconFullscreen, lang.L("Full screen"), w.toggleFullscreen)
	add(theme.IconHelp, lang.L("Keyboard"), w.openHelp)
	w.sheet.open(lang.L("More"), 340, column, nil)
}

// copyStats measures the call off the main goroutine and puts the numbers on
// the clipboard.
func (w *window) copyStats(id engine.CallID) {
	w.presenter.lookUp(statsPatience, func(ctx context.Context) {
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
