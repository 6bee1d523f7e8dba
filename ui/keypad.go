package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/ui/theme"
	"tring/ui/widgets"
)

// keypadKept is how many of the tones sent are shown.
const keypadKept = 24

// keypad sends tones in a call. It lies over the picture and takes the
// keyboard while it is open.
type keypad struct {
	w    *window
	root *fyne.Container
	pad  *widgets.DialPad
	sent *widgets.Text
}

func newKeypad(w *window) *keypad {
	k := &keypad{w: w}
	k.sent = widgets.Styled("", theme.ColorStageText, theme.SizeSubheading).Center().Cut()
	k.pad = widgets.NewDialPad(true, k.press)
	k.pad.OnKey = func(e *fyne.KeyEvent) {
		switch e.Name { // other letters are not for the window while a pad is open: one may be meant for it
		case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF11, fyne.KeyM, fyne.KeyD:
			w.typedKey(e)
		}
	}
	ground := widgets.NewGround(theme.ColorStageBar)
	ground.Radius = theme.SizeCardRadius
	k.pad.OnRune = func(r rune) {
		if r == ',' {
			k.press(",")
		}
	}
	hint := widgets.Styled(lang.L("A comma waits for a second"), theme.ColorStageMuted, theme.SizeCaption).Center()
	k.root = widgets.Backed(ground, widgets.Pad(theme.Gap3, theme.Gap3, widgets.Column(theme.Gap2, k.sent, k.pad, hint)))
	k.root.Hide()
	return k
}

func (k *keypad) isOpen() bool { return k.root.Visible() }

func (k *keypad) open() {
	k.w.endTalk()
	k.root.Show()
	k.w.noteHost.setAtTop(true)
	k.w.win.Canvas().Focus(k.pad)
}

func (k *keypad) close() {
	if !k.isOpen() {
		return
	}
	k.root.Hide()
	k.w.noteHost.setAtTop(false)
	k.w.win.Canvas().Unfocus()
}

// reset closes it and forgets what was sent: another call.
func (k *keypad) reset() {
	k.close()
	k.sent.SetText("")
}

func (k *keypad) press(digit string) {
	k.w.sendDigit(digit)
	sent := k.sent.Text() + digit
	if len(sent) > keypadKept {
		sent = sent[len(sent)-keypadKept:]
	}
	k.sent.SetText(sent)
}
