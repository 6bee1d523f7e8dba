package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/ui/theme"
	"tring/ui/widgets"
)

// settingRow is a setting's name above its control.
func settingRow(label string, icon theme.IconName, control fyne.CanvasObject) fyne.CanvasObject {
	frame := widgets.NewGround(theme.ColorInput)
	frame.Border, frame.Radius = theme.ColorInputBorder, theme.SizeRadius
	return widgets.Column(theme.Gap1, settingName(label, icon), widgets.Backed(frame, widgets.Pad(1, 1, control)))
}

func settingName(label string, icon theme.IconName) fyne.CanvasObject {
	return widgets.Row(theme.Gap2, widgets.NewIcon(icon, theme.ColorMuted, 18),
		widgets.Grow(widgets.Styled(label, theme.ColorMuted, theme.SizeBody)))
}

// choice is one of the values of a setting.
type choice[T comparable] struct {
	label string
	value T
}

// choiceRow is a setting with a few values to choose from. A value that is none
// of them shows as the first.
func choiceRow[T comparable](w *window, label string, icon theme.IconName, choices []choice[T], now T, changed func(T)) fyne.CanvasObject {
	labels, selected := make([]string, len(choices)), choices[0].label
	for i, c := range choices {
		labels[i] = c.label
		if c.value == now {
			selected = c.label
		}
	}
	list := widgets.NewSelect(labels, selected, func(label string) {
		for _, c := range choices {
			if c.label == label {
				changed(c.value)
			}
		}
	})
	list.OnKey = w.typedKey
	return settingRow(label, icon, list)
}

// settingSwitch is a setting that is on or off, and says so in words: an icon
// alone would be too little.
type settingSwitch struct {
	button *widgets.Button
	label  string
	on     bool
}

// newSwitch is a switch that tells changed what it was set to.
func (w *window) newSwitch(label string, on bool, changed func(bool)) *settingSwitch {
	s := &settingSwitch{label: label}
	s.button = widgets.NewButton(widgets.Neutral, theme.IconClose, "", func() {
		s.set(!s.on)
		changed(s.on)
	})
	s.button.Leading = true
	w.wire(s.button)
	s.set(on)
	return s
}

func (s *settingSwitch) set(on bool) {
	s.on = on
	if on {
		s.button.Set(widgets.Neutral, theme.IconCheckCircle, lang.L("{{.Name}}: on", with{"Name": s.label}))
		return
	}
	s.button.Set(widgets.Neutral, theme.IconClose, lang.L("{{.Name}}: off", with{"Name": s.label}))
}
