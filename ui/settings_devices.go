package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// option is one line of a device list: what is read and what is chosen.
type option struct{ label, choice string }

// deviceOptions are the choices for a role. Names that occur twice get a
// number; a chosen file is listed as well.
func deviceOptions(devices []engine.Device, kind engine.DeviceKind, chosen string, known ...remembered) []option {
	test := lang.L("Test pattern")
	if kind == engine.Microphone {
		test = lang.L("Test tone")
	}
	options := []option{{lang.L("Automatic"), engine.DeviceAuto}}
	if kind == engine.Ringer {
		options[0].label = lang.L("Where calls are heard")
	}
	seen := map[string]int{}
	for _, d := range devices {
		if d.Kind != kind || d.ID == engine.DeviceTest || d.ID == engine.DeviceNone || d.ID == engine.DeviceAuto {
			continue
		}
		label := d.Name
		if label == "" {
			label = d.ID
		}
		seen[label]++
		if n := seen[label]; n > 1 {
			label = fmt.Sprintf("%s (%d)", label, n)
		}
		options = append(options, option{label, d.ID})
	}
	if kind == engine.Camera || kind == engine.Microphone {
		options = append(options, option{test, engine.DeviceTest})
	}
	options = append(options, option{lang.X("device.none", "None"), engine.DeviceNone})
	if chosen != "" && !slices.ContainsFunc(options, func(o option) bool { return o.choice == chosen }) {
		for i, d := range devices { // chosen by its name
			if d.Kind == kind && d.Name == chosen {
				return append(options, option{lang.L("{{.Name}} (chosen)", with{"Name": devices[i].Name}), chosen})
			}
		}
		options = append(options, option{absentName(chosen, known), chosen})
	}
	return options
}

// absentName is what a choice is called that is not plugged in, or is a file.
func absentName(chosen string, known []remembered) string {
	for _, r := range known {
		if r.id == chosen {
			return lang.L("{{.Name}} (unplugged)", with{"Name": r.name})
		}
	}
	if filepath.IsAbs(chosen) || slices.Contains([]string{".y4m", ".wav"}, strings.ToLower(filepath.Ext(chosen))) {
		return lang.L("File {{.Name}}", with{"Name": filepath.Base(chosen)})
	}
	return lang.L("{{.Name}} (unplugged)", with{"Name": chosen})
}

// deviceSelect is a list to choose a device for a role from.
type deviceSelect struct {
	w       *window
	kind    engine.DeviceKind
	options []option
	list    *widgets.Select
	next    *widgets.Paragraph // what is taken when the chosen one is unplugged
}

func (w *window) newDeviceSelect(kind engine.DeviceKind) *deviceSelect {
	s := &deviceSelect{w: w, kind: kind, next: widgets.NewParagraph("", theme.ColorMuted, theme.SizeCaption)}
	s.list = widgets.NewSelect(nil, "", nil)
	s.list.OnKey = w.typedKey
	s.update(w.view.snapshot)
	return s
}

// update follows what is plugged in and what is chosen elsewhere.
func (s *deviceSelect) update(snapshot engine.Snapshot) {
	chosen := s.w.chosenDevice(snapshot, s.kind)
	s.sayNext(chosen)
	options := deviceOptions(snapshot.Devices, s.kind, chosen, s.w.prefs.deviceOrder(s.kind)...)
	selected := ""
	var labels []string
	for _, o := range options {
		labels = append(labels, o.label)
		if o.choice == chosen {
			selected = o.label
		}
	}
	if slices.Equal(options, s.options) && s.list.Selected == selected {
		return
	}
	s.options = options
	s.list.OnChanged = nil // these are not choices made here
	s.list.SetOptions(labels)
	s.list.SetSelected(selected)
	s.list.OnChanged = s.choose
}

func (s *deviceSelect) choose(label string) {
	for _, o := range s.options {
		if o.label == label {
			s.w.chooseDevice(s.kind, o.choice)
			s.sayNext(o.choice)
		}
	}
}

// sayNext says what stands in for the chosen device: those chosen before it.
func (s *deviceSelect) sayNext(chosen string) {
	var names []string
	for _, d := range s.w.prefs.deviceOrder(s.kind) {
		if d.id != chosen {
			names = append(names, d.name)
		}
	}
	on := len(names) > 0 && chosen != engine.DeviceAuto && chosen != engine.DeviceNone && chosen != engine.DeviceTest
	words := ""
	if on {
		words = lang.L("While it is unplugged, what you chose before is used: {{.Names}}.", with{"Names": strings.Join(names, ", ")})
	}
	if words == s.next.Text() && on == s.next.Visible() {
		return
	}
	s.next.SetText(words)
	setVisible(s.next, on)
	s.w.sheet.relayout()
}
