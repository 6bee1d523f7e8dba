package ui

import (
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/desktop"
)

// The buttons of an alert.
const (
	alertVideo   = "answer-video"
	alertVoice   = "answer"
	alertDecline = "decline"
)

// alerts keeps the desktop's notifications in step with what rings, while
// somebody looks elsewhere: the window is hidden, minimised, behind others or
// on another screen.
type alerts struct {
	w        *window
	notifier desktop.Notifier
	away     bool // none of our windows has the keyboard
	ringing  map[engine.CallID]bool
}

func newAlerts(w *window, notifier desktop.Notifier) *alerts {
	return &alerts{w: w, notifier: notifier, away: true, ringing: map[engine.CallID]bool{}}
}

// follow learns whether somebody looks at the window.
func (a *alerts) follow() {
	life := a.w.app.Lifecycle()
	life.SetOnEnteredForeground(func() { a.setAway(false) })
	life.SetOnExitedForeground(func() { a.setAway(true) })
}

func (a *alerts) setAway(on bool) {
	a.away = on
	if on {
		a.w.tips.Clear()
		a.w.endTalk()
	}
	a.update()
	if !on {
		a.w.homeScreen.recent.notice()
	}
}

// update shows what rings now, and takes back what does not any more.
func (a *alerts) update() {
	rings := map[engine.CallID]bool{}
	var shown []engine.Call
	for _, c := range a.w.view.snapshot.Calls {
		if a.unwatched() && !a.w.view.snapshot.Sound.DoNotDisturb && waiting(c) && !a.w.view.leaving[c.ID] && !a.w.view.answering[c.ID] {
			rings[c.ID] = true
			shown = append(shown, c)
			if !a.ringing[c.ID] {
				a.ringing[c.ID] = true
				if a.w.prefs.notify(prefNotifyRing) {
					a.notifier.Show(ringAlert(c))
				}
			}
		}
	}
	if !a.w.prefs.notify(prefRingWindow) {
		shown = nil
	}
	a.w.ringWindow.update(shown)
	for id := range a.ringing {
		if rings[id] {
			continue
		}
		delete(a.ringing, id)
		if c, there := a.w.view.snapshot.Call(id); there && a.away && missed(c) && a.w.prefs.notify(prefNotifyMissed) {
			a.notifier.Show(missedAlert(c))
			continue
		}
		a.notifier.Withdraw(string(id))
	}
}

// unwatched: nobody looks at the main window. Small ones may have the keyboard
// meanwhile.
func (a *alerts) unwatched() bool { return a.away || a.w.hidden || a.w.minimised }

func ringAlert(c engine.Call) desktop.Alert {
	alert := desktop.Alert{ID: string(c.ID), Title: lang.L("{{.Name}} is calling", with{"Name": callName(c)}), Body: ringKind(c), Kind: desktop.Ringing}
	if address := callAddress(c); address != "" {
		alert.Body += " · " + address
	}
	if c.OfferedVideo {
		alert.Actions = append(alert.Actions, desktop.Action{Name: alertVideo, Label: lang.L("Answer with video")})
	}
	alert.Actions = append(alert.Actions,
		desktop.Action{Name: alertVoice, Label: lang.L("Answer voice only")},
		desktop.Action{Name: alertDecline, Label: lang.L("Decline")})
	return alert
}

func ringKind(c engine.Call) string {
	if c.OfferedVideo {
		return lang.L("Video call")
	}
	return lang.L("Voice call")
}

func missedAlert(c engine.Call) desktop.Alert {
	return desktop.Alert{
		ID: string(c.ID), Kind: desktop.Missed,
		Title: lang.L("Missed call from {{.Name}}", with{"Name": callName(c)}),
		Body:  ringKind(c) + " · " + timeOfDay(c.StartedAt),
	}
}

// missed: it rang here, nobody answered anywhere, and the other side gave up.
// What ended in a way that is not known is no missed call.
func missed(c engine.Call) bool {
	if c.Direction != engine.Incoming || !c.State.Final() || !c.ConnectedAt.IsZero() {
		return false
	}
	return c.End.Reason == engine.ReasonCancelledThere || c.End.Reason == engine.ReasonNoAnswer
}

// chosen does what was pressed on an alert. The call may be over by then.
func (a *alerts) chosen(id, action string) {
	c, there := a.w.view.snapshot.Call(engine.CallID(id))
	stillRings := there && waiting(c) && !a.w.view.leaving[c.ID] && !a.w.view.answering[c.ID]
	switch action {
	case alertVideo, alertVoice:
		if stillRings {
			a.w.answer(c.ID, action == alertVideo)
		}
	case alertDecline:
		if stillRings {
			a.w.reject(c.ID)
		}
		return
	}
	a.w.raise()
}
