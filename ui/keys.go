package ui

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tring/ui/widgets"
)

// bindKeys makes the keyboard work. Fyne offers keys to the focused widget
// alone, and a focused field eats shortcuts; so every widget of ours hands on
// what it has no use for (wire, wireEntry).
func (w *window) bindKeys() {
	c := w.win.Canvas()
	c.SetOnTypedKey(w.typedKey)
	c.SetOnTypedRune(w.typedRune)
	w.bindTalk(c)
	for _, key := range []fyne.KeyName{fyne.KeyH, fyne.KeyA, fyne.KeyS, fyne.KeyD, fyne.KeyM, fyne.KeyO, fyne.KeyE} {
		c.AddShortcut(callShortcut(key), func(fyne.Shortcut) { w.shortcut(callShortcut(key)) })
	}
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.undoLast() })
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		withVideo := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
		c.AddShortcut(withVideo, func(fyne.Shortcut) { w.shortcut(withVideo) })
	}
	menu := &desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierAlt}
	c.AddShortcut(menu, func(fyne.Shortcut) { w.openDevicesOfFocus() })
	settings := &desktop.CustomShortcut{KeyName: fyne.KeyComma, Modifier: fyne.KeyModifierShortcutDefault}
	c.AddShortcut(settings, func(fyne.Shortcut) { w.shortcut(settings) })
	for _, key := range homeTabs {
		tab := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
		c.AddShortcut(tab, func(fyne.Shortcut) { w.shortcut(tab) })
	}
}

// callShortcut is Ctrl+Shift+key, with ⌘ on macOS.
func callShortcut(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// wire lets keys that a button does not use reach the window.
func (w *window) wire(b *widgets.Button) { b.OnKey, b.OnRune = w.typedKey, w.typedRune }

// wireEntry does the same for a field.
func (w *window) wireEntry(e *widgets.Entry) {
	e.OnShortcut = w.shortcut
	e.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyUp || k.Name == fyne.KeyDown {
			return false
		}
		if k.Name == fyne.KeyEscape && !w.sheet.isOpen() && !w.win.FullScreen() {
			return false
		}
		w.typedKey(k)
		return true
	}
}

// shortcut does what a key with modifiers is for and reports whether there was
// anything to do.
func (w *window) shortcut(s *desktop.CustomShortcut) bool {
	if s.Modifier == fyne.KeyModifierShortcutDefault && s.KeyName == fyne.KeyComma {
		if !w.sheet.isOpen() && w.scene.screen != screenSignIn && w.scene.screen != screenRing {
			w.openSettings()
		}
		return true
	}
	if s.Modifier == fyne.KeyModifierShortcutDefault {
		return w.scene.screen == screenHome && !w.sheet.isOpen() && w.homeScreen.shortcut(s.KeyName)
	}
	if s.Modifier != fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift {
		return false
	}
	w.tips.Clear()
	w.callScreen.touch()
	ringing, isRinging := w.ringing()
	switch s.KeyName {
	case fyne.KeyA, fyne.KeyS:
		if isRinging && !w.view.answering[ringing.ID] {
			w.answer(ringing.ID, s.KeyName == fyne.KeyA && ringing.OfferedVideo)
		}
	case fyne.KeyE:
		if isRinging && w.scene.screen != screenRing && !w.view.answering[ringing.ID] {
			w.endAndAnswer(ringing.ID, ringing.OfferedVideo)
		}
	case fyne.KeyD:
		if isRinging {
			w.reject(ringing.ID)
		}
	case fyne.KeyH:
		w.hangUp()
	case fyne.KeyM:
		w.toggleMute()
	case fyne.KeyO:
		w.toggleVideo()
	default:
		return false
	}
	return true
}

// openDevicesOfFocus opens the devices of what has the keyboard in the call's
// bar, the microphone's otherwise.
func (w *window) openDevicesOfFocus() {
	if w.sheet.isOpen() {
		return
	}
	bar := w.callScreen.bar
	switch w.win.Canvas().Focused() {
	case bar.camera, bar.cameraMenu:
		w.callScreen.devices.toggle(bar.cameraMenu)
	default:
		w.callScreen.devices.toggle(bar.micMenu)
	}
}

// typedKey gets keys that no widget wants. Escape closes what lies on top and
// never ends a call.
func (w *window) typedKey(k *fyne.KeyEvent) {
	w.tips.Clear()
	w.callScreen.touch()
	switch k.Name {
	case fyne.KeyF1:
		w.openHelp()
	case fyne.KeyEscape:
		w.escape()
	case fyne.KeyF11:
		w.toggleFullscreen()
	}
	if w.sheet.isOpen() {
		w.sheet.typedKey(k)
		return
	}
	switch w.scene.screen {
	case screenHome:
		w.homeScreen.typedKey(k)
	case screenCall, screenOutgoing:
		w.callKey(k)
	}
}

func (w *window) callKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyM:
		w.toggleMute()
	case fyne.KeyV:
		w.toggleVideo()
	case fyne.KeyH:
		w.toggleHold()
	case fyne.KeyD:
		w.callScreen.toggleKeypad()
	case fyne.KeyF:
		w.toggleFullscreen()
	case fyne.KeyS:
		w.toggleShare()
	case fyne.KeyI:
		w.callScreen.toggleSelf()
	case fyne.KeyP:
		w.callScreen.nextCorner()
	case fyne.KeyW:
		w.callScreen.toggleSwap()
	case fyne.KeyX:
		w.swapCalls()
	case fyne.KeyN:
		w.callScreen.numbers.toggle()
	case fyne.KeyA:
		w.callScreen.devices.toggle(w.callScreen.bar.micMenu)
	case fyne.KeyC:
		w.callScreen.devices.toggle(w.callScreen.bar.cameraMenu)
	}
}

func (w *window) escape() {
	switch {
	case w.sheet.isOpen():
		w.sheet.close()
	case w.callScreen.devices.isOpen():
		w.callScreen.devices.close()
	case w.callScreen.keypadOpen():
		w.callScreen.toggleKeypad()
	case w.callScreen.numbers.isOpen():
		w.callScreen.numbers.close()
	case w.win.FullScreen():
		w.setFullscreen(false)
	case w.scene.screen == screenEnd:
		w.endScreen.close()
	}
}

func (w *window) toggleFullscreen() {
	if w.scene.screen == screenCall || w.win.FullScreen() {
		w.setFullscreen(!w.win.FullScreen())
	}
}

// typedRune gets characters that no widget wants: digits go to the pad, in a
// call as tones, on the home screen into the field, where letters go too.
func (w *window) typedRune(r rune) {
	switch r {
	case '?':
		w.openHelp()
		return
	case 't', 'T': // as a character: the key's own would follow into the field that opens
		if c, ok := w.frontCall(); ok && c.State.Established() && !w.sheet.isOpen() && !w.callScreen.keypadOpen() {
			w.openTransfer(c)
		}
		return
	}
	if w.scene.screen == screenHome && !w.sheet.isOpen() && unicode.IsLetter(r) {
		w.homeScreen.typeLetter(r)
		return
	}
	if w.sheet.isOpen() || !widgets.IsDialDigit(r) && r != '+' && r != ',' {
		return
	}
	switch w.scene.screen {
	case screenHome:
		if r != ',' {
			w.homeScreen.typeDigit(string(r))
		}
	case screenCall:
		if r != '+' && (r != ',' || w.callScreen.keypadOpen()) {
			w.callScreen.typeDigit(string(r))
		}
	}
}
