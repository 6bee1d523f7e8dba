package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// bindTalk lets Space open a muted microphone for as long as it is held, while
// nothing of a window has the keyboard: a field types it, a button is pressed.
func (w *window) bindTalk(c fyne.Canvas) {
	keys, is := c.(desktop.Canvas)
	if !is { // of tests
		return
	}
	keys.SetOnKeyDown(func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeySpace {
			w.talk()
		}
	})
	keys.SetOnKeyUp(func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeySpace {
			w.endTalk()
		}
	})
}

// talk opens the muted microphone of the call in front until endTalk.
func (w *window) talk() {
	c, ok := w.frontCall()
	if !ok || !c.State.Established() || held(c) || !w.muted(c) || w.talking != "" || w.sheet.isOpen() {
		return
	}
	if err := w.setMuted(c.ID, false); err != nil {
		w.tell(err)
		return
	}
	w.talking = c.ID
	w.dropNotes("muted")
	w.redraw()
}

// endTalk closes the microphone that talk opened. Whatever may take the key's
// release away calls it: it is no harm to call it once more.
func (w *window) endTalk() {
	id := w.talking
	if id == "" {
		return
	}
	w.talking = ""
	if c, there := w.view.snapshot.Call(id); there && c.State.Established() {
		w.tell(w.setMuted(id, true))
	}
	w.redraw()
}

// checkTalk ends it where the release of the key would not be heard of.
func (w *window) checkTalk() {
	if w.talking == "" {
		return
	}
	down, known := w.windows.SpaceHeld()
	if c, ok := w.frontCall(); known && !down || !ok || c.ID != w.talking || held(c) || w.win.Canvas().Focused() != nil {
		w.endTalk()
	}
}
