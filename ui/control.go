package ui

import (
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
)

// Everything here runs on the main goroutine, in answer to a click or a key.

// toastShown is how long a message about a failed action stays.
const toastShown = 10 * time.Second

// toast is a message about something that a person just tried.
type toast struct {
	problem engine.Problem
	until   time.Time
}

// tell shows err to the person, if there is one.
func (w *window) tell(err error) {
	if err == nil {
		return
	}
	problem := engine.Problem{Cause: lang.L("That did not work: {{.Reason}}.", with{"Reason": err.Error()})}
	var known *engine.Problem
	if errors.As(err, &known) {
		problem.Cause, problem.Next = problemWords(known)
	}
	w.cfg.Log.Warn("action failed", "error", err)
	w.toasts = append(w.toasts, toast{problem, w.cfg.Now().Add(toastShown)})
	if len(w.toasts) > 3 {
		w.toasts = w.toasts[1:]
	}
	w.redraw()
}

// call calls address and remembers the mode for the Enter key.
func (w *window) call(address string, video bool) {
	address = strings.TrimSpace(address)
	if reason := callBlocked(w.view.snapshot.Registration, address); reason != "" {
		if address != "" { // a button of a list was pressed
			w.say(note{about: "call", icon: theme.IconInfo, text: reason})
		}
		return
	}
	w.prefs.setVideo(video)
	w.view.ended = nil
	id, err := w.cfg.Engine.Call(address, engine.CallOptions{Video: video})
	if err != nil {
		w.tell(err)
		return
	}
	w.view.front = id
	w.homeScreen.setAddress("")
	w.redraw()
}

// answer accepts a call; one that is going on is put on hold first.
func (w *window) answer(id engine.CallID, video bool) {
	for _, c := range w.view.snapshot.Calls {
		if c.ID != id && c.State.Established() && !c.LocalHold && !w.view.leaving[c.ID] {
			w.tell(w.cfg.Engine.Hold(c.ID))
		}
	}
	if err := w.cfg.Engine.Accept(id, video); err != nil {
		w.tell(err)
		return
	}
	w.view.answering[id] = true
	w.view.front = id
	w.redraw()
}

// endAndAnswer ends the call in front, or gives it up, and accepts another.
func (w *window) endAndAnswer(id engine.CallID, video bool) {
	if c, ok := w.frontCall(); ok {
		if err := w.cfg.Engine.Hangup(c.ID); err != nil {
			w.tell(err)
			return
		}
		w.view.quiet[c.ID], w.view.leaving[c.ID] = true, true
	}
	w.answer(id, video)
}

// leave runs one of Reject, Ignore and Hangup on a call that was not answered,
// and takes it from sight at once.
func (w *window) leave(id engine.CallID, how func(engine.CallID) error) {
	if err := how(id); err != nil {
		w.tell(err)
		return
	}
	w.view.leaving[id] = true
	w.view.quiet[id] = true
	w.redraw()
}

// silence stops the sound of a ringing call, and nothing else.
func (w *window) silence(id engine.CallID) {
	if err := w.cfg.Engine.Silence(id); err != nil {
		w.tell(err)
		return
	}
	w.view.silenced[id] = true
	w.redraw()
}

func (w *window) reject(id engine.CallID) { w.leave(id, w.cfg.Engine.Reject) }
func (w *window) ignore(id engine.CallID) { w.leave(id, w.cfg.Engine.Ignore) }

// hangUp ends the call in front, or cancels it.
func (w *window) hangUp() {
	s := w.scene
	switch s.screen {
	case screenOutgoing:
		w.leave(s.call.ID, w.cfg.Engine.Hangup)
	case screenCall:
		w.tell(w.cfg.Engine.Hangup(s.call.ID))
	}
}

// frontCall is the call that M, V, H and the bar act on.
func (w *window) frontCall() (engine.Call, bool) {
	s := w.scene
	return s.call, s.screen == screenCall || s.screen == screenOutgoing
}

func (w *window) toggleMute() {
	if w.talking != "" { // the microphone is open only as long as Space is held
		w.endTalk()
		return
	}
	if c, ok := w.frontCall(); ok {
		w.tell(w.setMuted(c.ID, !w.muted(c)))
	}
}

// muted reports whether the microphone is off for a call, or will be: keys can
// be faster than the engine tells what they did.
func (w *window) muted(c engine.Call) bool {
	if on, asked := w.view.muting[c.ID]; asked {
		return on
	}
	return c.Muted
}

func (w *window) setMuted(id engine.CallID, on bool) error {
	err := w.cfg.Engine.SetMuted(id, on)
	if err == nil {
		w.view.muting[id] = on
	}
	return err
}

// toggleVideo turns the camera on or off. While a screen is sent the camera is
// not: turning it on ends the sharing.
func (w *window) toggleVideo() {
	c, ok := w.frontCall()
	switch {
	case !ok:
	case c.ScreenShared:
		w.stopSharing(c.ID)
		w.tell(w.cfg.Engine.SetVideo(c.ID, true))
	default:
		w.tell(w.cfg.Engine.SetVideo(c.ID, !c.SendingVideo))
	}
}

func (w *window) toggleHold() {
	c, ok := w.frontCall()
	switch {
	case !ok || !c.State.Established():
	case c.LocalHold:
		w.tell(w.cfg.Engine.Unhold(c.ID))
	default:
		w.tell(w.cfg.Engine.Hold(c.ID))
	}
}

func (w *window) sendDigit(digit string) {
	if c, ok := w.frontCall(); ok && c.State.Established() {
		w.tell(w.cfg.Engine.SendDTMF(c.ID, digit))
	}
}

// bringForward swaps to another call: the one in front is held, id resumed.
func (w *window) bringForward(id engine.CallID) {
	if c, ok := w.frontCall(); ok && c.State.Established() && !c.LocalHold {
		w.tell(w.cfg.Engine.Hold(c.ID))
	}
	if c, there := w.view.snapshot.Call(id); there && c.LocalHold {
		w.tell(w.cfg.Engine.Unhold(id))
	}
	w.view.front = id
	w.redraw()
}

// swapCalls brings the next one of several calls forward.
func (w *window) swapCalls() {
	if w.scene.screen == screenCall && len(w.scene.others) > 0 {
		w.bringForward(w.scene.others[0].ID)
	}
}

// endOther ends a call that is not in front.
func (w *window) endOther(c engine.Call) {
	if c.State.Established() {
		w.tell(w.cfg.Engine.Hangup(c.ID))
		return
	}
	w.leave(c.ID, w.cfg.Engine.Hangup)
}

func (w *window) stopSharing(id engine.CallID) { w.tell(w.cfg.Engine.ShareScreen(id, "")) }
