package ui

import (
	"slices"

	"fyne.io/fyne/v2"
)

// fieldKey gives the field the keys that choose somebody below it; other keys
// go on to then.
func (s *homeScreen) fieldKey(then func(*fyne.KeyEvent) bool) func(*fyne.KeyEvent) bool {
	return func(k *fyne.KeyEvent) bool {
		searching := s.found.list.Visible()
		s.recent.notice()
		switch {
		case k.Name == fyne.KeyDown && searching:
			s.found.list.Step(1)
		case k.Name == fyne.KeyUp && searching:
			s.found.list.Step(-1)
		case k.Name == fyne.KeyDown:
			s.enterList()
		case k.Name == fyne.KeyEscape && s.w.scene.screen == screenHome && s.number.Text != "" && !s.w.sheet.isOpen() && !s.w.win.FullScreen():
			s.setAddress("")
		default:
			return then(k)
		}
		return true
	}
}

// enterList moves the keyboard from the field into the list below.
func (s *homeScreen) enterList() {
	switch {
	case s.tabs.Chosen() == tabRecent && s.recent.list.Length() > 0:
		s.w.win.Canvas().Focus(s.recent.list)
	case s.tabs.Chosen() == tabContacts && s.contacts.list.Length() > 0:
		s.w.win.Canvas().Focus(s.contacts.list)
	}
}

// typeLetter begins a search from wherever the keyboard is.
func (s *homeScreen) typeLetter(r rune) {
	s.focus()
	s.number.TypedRune(r)
}

// shortcut does what a key with Ctrl is for.
func (s *homeScreen) shortcut(key fyne.KeyName) bool {
	if tab := slices.Index(homeTabs, key); tab >= 0 {
		s.setAddress("")
		s.tabs.Choose(tab)
		return true
	}
	if key == fyne.KeyReturn || key == fyne.KeyEnter {
		s.callWithVideo()
		return true
	}
	return false
}

func (s *homeScreen) typeDigit(digit string) {
	s.number.SetText(s.number.Text + digit)
	s.number.CursorColumn = len([]rune(s.number.Text))
	s.number.Refresh()
}

func (s *homeScreen) backspace() {
	runes := []rune(s.number.Text)
	if len(runes) > 0 {
		s.number.SetText(string(runes[:len(runes)-1]))
		s.number.CursorColumn = len(runes) - 1
		s.number.Refresh()
	}
}

// typedKey gets keys while nothing is focused.
func (s *homeScreen) typedKey(k *fyne.KeyEvent) {
	s.recent.notice()
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		s.call()
	case fyne.KeyBackspace:
		s.backspace()
	case fyne.KeyDown:
		s.enterList()
	}
}
