package ui

import (
	"fyne.io/fyne/v2"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// ringing is the call that Answer and Decline keys act on.
func (w *window) ringing() (engine.Call, bool) {
	switch {
	case w.scene.screen == screenRing:
		return w.scene.call, true
	case w.scene.second != nil:
		return *w.scene.second, true
	}
	return engine.Call{}, false
}

// keyHelp is the list that F1 shows. What is bound stands in keys.go.
var keyHelp = []struct {
	group string
	keys  [][2]string
}{
	{"Anywhere", [][2]string{
		{"Ctrl+Shift+A", "Answer with video; a call that goes on is put on hold"},
		{"Ctrl+Shift+S", "Answer, voice only"},
		{"Ctrl+Shift+E", "End the present call and answer"},
		{"Ctrl+Shift+D", "Decline"},
		{"Ctrl+Shift+H", "End the call"},
		{"Ctrl+Z", "Undo a change of devices"},
		{"Ctrl+,", "Settings"},
		{"F1 or ?", "This list"},
	}},
	{"Before a call", [][2]string{
		{"Up, Down", "Choose somebody"},
		{"Enter", "Call as last time, with or without video"},
		{"Ctrl+Enter", "Call with video"},
		{"Space, Menu", "What can be done with the chosen one"},
		{"Delete", "Delete the chosen one"},
		{"Ctrl+1, 2, 3", "Recent calls, contacts, keypad"},
		{"0–9 * # +", "Type a number"},
	}},
	{"In a call", [][2]string{
		{"M, Ctrl+Shift+M", "Microphone on or off"},
		{"V, Ctrl+Shift+O", "Camera on or off"},
		{"S", "Share a screen, or stop sharing"},
		{"H", "Hold or resume"},
		{"X", "Swap with the other call"},
		{"T", "Transfer"},
		{"D", "Keypad"},
		{"0–9 * #", "Send a tone; a comma waits for a second"},
		{"I", "Hide or show your own picture"},
		{"W", "Swap the two pictures"},
		{"F or F11", "Full screen"},
		{"Escape", "Leave full screen, close what is open"},
	}},
}

func (w *window) openHelp() {
	column := widgets.Column(theme.Gap2)
	for i, group := range keyHelp {
		if i > 0 {
			column.Add(gap(1, theme.Gap2))
		}
		column.Add(widgets.Styled(group.group, theme.ColorPrimaryText, theme.SizeBody).Strong())
		for _, k := range group.keys {
			column.Add(helpLine(k[0], k[1]))
		}
	}
	w.sheet.open("Keyboard", 460, column, nil)
}

// helpLine is a key in a box and what it does.
func helpLine(key, does string) fyne.CanvasObject {
	ground := widgets.NewGround(theme.ColorNeutral)
	ground.Radius = theme.SizeRadius
	box := widgets.Backed(ground, widgets.Pad(2, theme.Gap2, widgets.Styled(key, theme.ColorText, theme.SizeCaption).Strong().Center()))
	return widgets.Row(theme.Gap3, fixedWidth(132, box), widgets.Grow(widgets.NewParagraph(does, theme.ColorText, theme.SizeBody)))
}
