package ui

import (
	"time"

	"fyne.io/fyne/v2/lang"

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
	if c.State.Established() {
		add(theme.IconStats, lang.L("Numbers of this call"), w.callScreen.numbers.toggle)
	}
	add(theme.IconSettings, lang.L("Camera, microphone, speaker"), w.openSettings)
	add(theme.IconFullscreen, lang.L("Full screen"), w.toggleFullscreen)
	add(theme.IconHelp, lang.L("Keyboard"), w.openHelp)
	w.sheet.open(lang.L("More"), 340, column, nil)
}
