package ui

import (
	"fmt"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/language"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// option is one line of a device list: what is read and what is chosen.
type option struct{ label, choice string }

// deviceOptions are the choices for a role. Names that occur twice get a
// number; a chosen file is listed as well.
func deviceOptions(devices []engine.Device, kind engine.DeviceKind, chosen string) []option {
	test := lang.L("Test pattern")
	if kind == engine.Microphone {
		test = lang.L("Test tone")
	}
	options := []option{{lang.L("Automatic"), engine.DeviceAuto}}
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
	if kind != engine.Speaker {
		options = append(options, option{test, engine.DeviceTest})
	}
	options = append(options, option{lang.X("device.none", "None"), engine.DeviceNone})
	if chosen != "" && !slices.ContainsFunc(options, func(o option) bool { return o.choice == chosen }) {
		for i, d := range devices { // chosen by its name
			if d.Kind == kind && d.Name == chosen {
				return append(options, option{lang.L("{{.Name}} (chosen)", with{"Name": devices[i].Name}), chosen})
			}
		}
		options = append(options, option{lang.L("File {{.Name}}", with{"Name": filepath.Base(chosen)}), chosen})
	}
	return options
}

// deviceSelect is a list to choose a device for a role from.
type deviceSelect struct {
	w       *window
	kind    engine.DeviceKind
	options []option
	list    *widgets.Select
}

func (w *window) newDeviceSelect(kind engine.DeviceKind) *deviceSelect {
	s := &deviceSelect{w: w, kind: kind}
	s.list = widgets.NewSelect(nil, "", nil)
	s.list.OnKey = w.typedKey
	s.update(w.view.snapshot)
	return s
}

// update follows what is plugged in and what is chosen elsewhere.
func (s *deviceSelect) update(snapshot engine.Snapshot) {
	chosen := map[engine.DeviceKind]string{
		engine.Camera: snapshot.Chosen.Camera, engine.Microphone: snapshot.Chosen.Microphone, engine.Speaker: snapshot.Chosen.Speaker,
	}[s.kind]
	if chosen == "" {
		chosen = engine.DeviceAuto
	}
	options := deviceOptions(snapshot.Devices, s.kind, chosen)
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
			s.w.tell(s.w.cfg.Engine.SelectDevice(s.kind, o.choice))
		}
	}
}

func settingRow(label string, icon theme.IconName, control fyne.CanvasObject) fyne.CanvasObject {
	frame := widgets.NewGround(theme.ColorInputBorder)
	frame.Radius = theme.SizeRadius
	return widgets.Column(theme.Gap1,
		widgets.Row(theme.Gap2, widgets.NewIcon(icon, theme.ColorMuted, 18),
			widgets.Grow(widgets.Styled(label, theme.ColorMuted, theme.SizeBody))),
		widgets.Backed(frame, widgets.Pad(1, 1, control)))
}

// modeChoice is one of the looks.
type modeChoice struct {
	label string
	mode  theme.Mode
}

// modeChoices are the looks, in the order of the list.
func modeChoices() []modeChoice {
	return []modeChoice{{lang.L("As the system"), theme.System}, {lang.L("Light"), theme.Light}, {lang.L("Dark"), theme.Dark}}
}

func (w *window) modeSelect() fyne.CanvasObject {
	var labels []string
	selected := ""
	for _, m := range modeChoices() {
		labels = append(labels, m.label)
		if m.mode == w.prefs.mode() {
			selected = m.label
		}
	}
	list := widgets.NewSelect(labels, selected, func(label string) {
		for _, m := range modeChoices() {
			if m.label == label {
				w.prefs.setMode(m.mode)
				w.app.Settings().SetTheme(theme.New(m.mode))
			}
		}
	})
	list.OnKey = w.typedKey
	return settingRow(lang.X("setting.look", "Look"), theme.IconEye, list)
}

// languageSelect says what the window speaks. Its texts are said already, so
// the choice holds from the next start on.
func (w *window) languageSelect() fyne.CanvasObject {
	choices := append([]language.Language{{Code: language.System, Name: lang.L("As the system")}}, language.All()...)
	selected := choices[0].Name
	var names []string
	for _, l := range choices {
		names = append(names, l.Name)
		if l.Code == w.prefs.language() {
			selected = l.Name
		}
	}
	list := widgets.NewSelect(names, selected, func(name string) {
		for _, l := range choices {
			if l.Name == name && l.Code != w.prefs.language() {
				w.prefs.setLanguage(l.Code)
				w.say(note{about: "language", icon: theme.IconInfo, text: lang.L("Tring speaks this language from its next start on.")})
			}
		}
	})
	list.OnKey = w.typedKey
	return settingRow(lang.L("Language"), theme.IconLanguage, list)
}

// traySelect says what the window's cross means.
func (w *window) traySelect() fyne.CanvasObject {
	labels := []string{lang.L("Tring goes on in the tray"), lang.L("Tring quits")}
	selected := labels[1]
	if w.prefs.stayInTray() {
		selected = labels[0]
	}
	list := widgets.NewSelect(labels, selected, func(label string) { w.prefs.setStayInTray(label == labels[0]) })
	list.OnKey = w.typedKey
	return settingRow(lang.L("When the window is closed"), theme.IconClose, list)
}

// openSettings shows the devices, what the camera sees, and the looks.
func (w *window) openSettings() {
	w.tell(w.cfg.Engine.RefreshDevices())
	camera, microphone, speaker := w.newDeviceSelect(engine.Camera), w.newDeviceSelect(engine.Microphone), w.newDeviceSelect(engine.Speaker)
	look, sound := newPreview(w), newSoundSettings(w)
	column := widgets.Column(theme.Gap3,
		look.root,
		settingRow(lang.L("Camera"), theme.IconVideo, camera.list),
		settingRow(lang.L("Microphone"), theme.IconMic, microphone.list),
		sound.root,
		settingRow(lang.L("Speaker"), theme.IconSpeaker, speaker.list),
		w.modeSelect(),
		w.languageSelect(),
	)
	if w.tray != nil {
		column.Add(w.traySelect())
	}
	if w.cfg.Version != "" {
		column.Add(widgets.Styled("Tring "+w.cfg.Version, theme.ColorMuted, theme.SizeCaption).Center())
	}
	w.sheet.open(lang.L("Settings"), 440, column, nil)
	look.start()
	sound.start()
	w.sheet.onClose = func() {
		sound.end()
		look.stop()
	}
	w.sheet.onUpdate = func(s engine.Snapshot) {
		sound.update(s)
		for _, d := range []*deviceSelect{camera, microphone, speaker} {
			d.update(s)
		}
		look.update(s)
	}
}
