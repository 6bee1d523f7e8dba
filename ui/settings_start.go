package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

// startPatience bounds how long the disk, or the registry, is asked about the
// start at log-in.
const startPatience = 10 * time.Second

// addAutostart adds the switch for starting at log-in, where that can be done.
// It says how things are once that is known.
func (w *window) addAutostart(column *fyne.Container) {
	auto := w.cfg.Autostart
	if auto == nil || !auto.Available() {
		return
	}
	var s *settingSwitch
	s = w.newSwitch(lang.L("Start when I log in"), false, func(on bool) { w.setAutostart(s, on) })
	s.button.SetEnabled(false)
	column.Add(s.button)
	w.presenter.lookUp(startPatience, func(context.Context) {
		on := auto.Enabled()
		w.presenter.post(func() { s.show(on) })
	})
}

// setAutostart changes it, and shows what came of that.
func (w *window) setAutostart(s *settingSwitch, on bool) {
	auto := w.cfg.Autostart
	s.button.SetEnabled(false)
	w.presenter.lookUp(startPatience, func(context.Context) {
		err := auto.Set(on)
		now := auto.Enabled()
		w.presenter.post(func() {
			s.show(now)
			if err != nil {
				w.cfg.Log.Warn("the start at log-in could not be changed", "error", err)
				w.tell(&engine.Problem{
					Cause: lang.L("The system did not take the change: {{.Reason}}.", with{"Reason": err.Error()}),
					Next:  lang.L("Its own settings may let you choose what starts when you log in."),
					Err:   err,
				})
			}
		})
	})
}

// show is set for what became known in the background.
func (s *settingSwitch) show(on bool) {
	s.button.SetEnabled(true)
	s.set(on)
}
