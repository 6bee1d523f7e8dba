package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

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

// keyGroup is a part of the list of keys: each a key and what it does.
type keyGroup struct {
	title string
	keys  [][2]string
}

// keyHelp is the list that F1 shows. What is bound stands in keys.go.
func keyHelp() []keyGroup {
	return []keyGroup{
		{lang.L("Anywhere"), [][2]string{
			{chord("A"), lang.L("Answer with video; a call that goes on is put on hold")},
			{chord("S"), lang.L("Answer, voice only")},
			{chord("E"), lang.L("End the present call and answer")},
			{chord("D"), lang.L("Decline")},
			{chord("H"), lang.L("End the call")},
			{control("Z"), lang.L("Undo a change of devices")},
			{control(","), lang.L("Settings")},
			{lang.L("F1 or ?"), lang.L("This list")},
		}},
		{lang.L("Before a call"), [][2]string{
			{lang.L("Up, Down"), lang.L("Choose somebody")},
			{lang.X("key.enter", "Enter"), lang.L("Call as last time, with or without video")},
			{control(lang.X("key.enter", "Enter")), lang.L("Call with video")},
			{lang.L("Space, Menu"), lang.L("What can be done with the chosen one")},
			{lang.X("key.delete", "Delete"), lang.L("Delete the chosen one")},
			{control("1, 2, 3"), lang.L("Recent calls, contacts, keypad")},
			{"0–9 * # +", lang.L("Type a number")},
		}},
		{lang.L("In a call"), [][2]string{
			{"M, " + chord("M"), lang.L("Microphone on or off")},
			{lang.X("key.space", "Space"), lang.L("Held while muted: be heard for so long")},
			{"V, " + chord("O"), lang.L("Camera on or off")},
			{"A", lang.L("Choose microphone and speaker")},
			{"C", lang.L("Choose the camera")},
			{"S", lang.L("Share a screen, or stop sharing")},
			{"H", lang.L("Hold or resume")},
			{"N", lang.L("Numbers of this call")},
			{"X", lang.L("Swap with the other call")},
			{"T", lang.L("Transfer")},
			{"D", lang.L("Keypad")},
			{"0–9 * #", lang.L("Send a tone; a comma waits for a second")},
			{"I", lang.L("Hide or show your own picture")},
			{"P", lang.L("Your own picture to the next corner")},
			{"W", lang.L("Swap the two pictures")},
			{lang.L("F or F11"), lang.L("Full screen")},
			{lang.X("key.escape", "Escape"), lang.L("Leave full screen, close what is open")},
		}},
	}
}

// control is a key with Ctrl, as keyboards of the language have it.
func control(key string) string { return lang.X("key.ctrl", "Ctrl") + "+" + key }

// chord is a key with Ctrl and Shift.
func chord(key string) string { return control(lang.X("key.shift", "Shift") + "+" + key) }

func (w *window) openHelp() {
	column := widgets.Column(theme.Gap2)
	groups := keyHelp()
	if w.scene.screen == screenCall || w.scene.screen == screenOutgoing { // what is of use now comes first
		last := len(groups) - 1
		groups = append(groups[last:], groups[:last]...)
	}
	for i, group := range groups {
		if i > 0 {
			column.Add(gap(1, theme.Gap2))
		}
		column.Add(widgets.Styled(group.title, theme.ColorPrimaryText, theme.SizeBody).Strong())
		for _, k := range group.keys {
			column.Add(helpLine(k[0], k[1]))
		}
	}
	w.sheet.open(lang.L("Keyboard"), 460, column, nil)
}

// helpLine is a key in a box and what it does.
func helpLine(key, does string) fyne.CanvasObject {
	ground := widgets.NewGround(theme.ColorNeutral)
	ground.Radius = theme.SizeRadius
	box := widgets.Backed(ground, widgets.Pad(2, theme.Gap2, widgets.Styled(key, theme.ColorText, theme.SizeCaption).Strong().Center()))
	return widgets.Row(theme.Gap3, fixedWidth(132, box), widgets.Grow(widgets.NewParagraph(does, theme.ColorText, theme.SizeBody)))
}
