package ui

import (
	"time"

	"fyne.io/fyne/v2"
)

// redraw makes the window show what decide says.
func (w *window) redraw() {
	w.checkTalk()
	now := w.cfg.Now()
	before := w.scene
	w.scene = w.view.decide(now)
	s := w.scene
	w.dropOldToasts(now)

	if s.screen != before.screen {
		w.changeScreen(before.screen, s.screen)
	} else if s.call.ID != before.call.ID {
		w.sheet.close() // it was about the other call
	}
	w.drawBanners(now)
	switch s.screen {
	case screenSignIn:
		w.signInScreen.show(w.view.snapshot.Registration, now)
	case screenHome:
		w.homeScreen.show(w.view.snapshot, now)
	case screenRing:
		w.ringScreen.show(s.call, w.view.answering[s.call.ID], w.view.silenced[s.call.ID] || w.view.snapshot.Sound.DoNotDisturb)
	case screenOutgoing, screenCall:
		w.callScreen.show(s, now)
		if !s.call.Muted {
			w.dropNotes("muted")
		}
	case screenEnd:
		w.endScreen.show(s.call)
	}
	if s.screen != screenOutgoing && s.screen != screenCall || w.hidden || w.minimised {
		w.callScreen.videos.detachAll()
	}
	w.pip.update(s)
	w.awake.Keep(s.screen == screenCall && (s.call.RemoteVideo || s.call.SendingVideo))
	w.tray.update()
	w.sheet.update(w.view.snapshot)
	w.drawLog()
	if title := windowTitle(s); title != w.win.Title() {
		w.win.SetTitle(title)
	}
}

// changeScreen swaps the screens. Only a call that we are in takes the focus
// away from a field, so that single keys work; a ringing one leaves it where
// it is.
func (w *window) changeScreen(from, to screen) {
	visible := map[screen]fyne.CanvasObject{
		screenSignIn: w.signInScreen.root, screenHome: w.homeScreen.root, screenRing: w.ringScreen.root,
		screenOutgoing: w.callScreen.root, screenCall: w.callScreen.root, screenEnd: w.endScreen.root,
	}
	for s, o := range visible {
		if visible[to] != o && s != to {
			o.Hide()
		}
	}
	visible[to].Show()
	w.tips.Clear()
	w.endTalk()
	if to != screenCall {
		w.callScreen.numbers.close()
	}
	if to == screenEnd || to == screenHome {
		w.dropCallNotes()
	}
	w.callScreen.devices.close()
	w.sheet.close()
	w.dropOverlays()
	w.noteHost.setAtTop(to == screenSignIn)
	switch to {
	case screenCall, screenOutgoing:
		w.win.Canvas().Unfocus()
	case screenHome:
		w.homeScreen.focus()
		w.placeLink()
	case screenSignIn:
		if from != screenSignIn {
			w.signInScreen.fill(w.account)
		}
	}
	if to != screenCall && w.win.FullScreen() {
		w.setFullscreen(false)
	}
}

// dropOverlays closes open menus and lists: they would hide a ringing call.
func (w *window) dropOverlays() {
	overlays := w.win.Canvas().Overlays()
	for top := overlays.Top(); top != nil; top = overlays.Top() {
		top.Hide()
		overlays.Remove(top)
	}
}

// dropOldToasts reports whether there were any.
func (w *window) dropOldToasts(now time.Time) bool {
	before := len(w.toasts)
	kept := w.toasts[:0]
	for _, t := range w.toasts {
		if now.Before(t.until) {
			kept = append(kept, t)
		}
	}
	w.toasts = kept
	return len(kept) != before
}

func (w *window) drawLog() {
	switch w.scene.screen {
	case screenHome:
		w.setLogVisible(w.prefs.logOpen())
	case screenCall, screenOutgoing:
		w.setLogVisible(w.log.openInCall)
	default:
		w.setLogVisible(false)
	}
}
