package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"tring/ui/theme"
)

// windowSize is the size of the window at its first start.
var windowSize = fyne.NewSize(1000, 680)

// Run shows the window and blocks until the user quits. It must be called on
// the main goroutine. When it returns, nothing of the window is attached to
// the engine any more; closing the engine is up to the caller.
func Run(cfg Config) error {
	if cfg.Engine == nil {
		return errors.New("ui: no engine given")
	}
	cfg = cfg.withDefaults()
	a := app.NewWithID(AppID)
	a.SetIcon(theme.AppIcon())
	w := newWindow(cfg, a)
	w.start(nil)
	defer w.stop()
	// On the main goroutine, before the loop ends: after that Fyne would run
	// what is posted on the goroutine that posts it.
	w.win.SetOnClosed(w.stop)
	w.win.ShowAndRun()
	return nil
}
