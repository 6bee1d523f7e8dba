package ui

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// heightSelect is the largest picture that is sent.
func (w *window) heightSelect() fyne.CanvasObject {
	choices := []choice[int]{
		{"640×360", 360}, {"960×540", 540}, {lang.L("HD, 1280×720"), 720}, {lang.L("Full HD, 1920×1080"), 1080},
	}
	now := w.view.snapshot.Video.MaxHeight
	if now == 0 {
		now = 720
	}
	return choiceRow(w, lang.L("Largest picture that you send"), theme.IconFullscreen, choices, now, func(height int) {
		l := w.prefs.videoLimits()
		l.MaxHeight = height
		w.limitVideo(l)
	})
}

// bitrateSelect is how much of the connection video may take.
func (w *window) bitrateSelect() fyne.CanvasObject {
	choices := []choice[int]{{lang.L("As much as suits the picture"), 0}}
	for _, kbps := range []int{300, 600, 1000, 2000, 4000} {
		choices = append(choices, choice[int]{lang.L("{{.Rate}} kbit/s at most", with{"Rate": kbps}), kbps * 1000})
	}
	return choiceRow(w, lang.L("What your video takes of the connection"), theme.IconStats, choices, w.prefs.videoLimits().MaxBitrateBPS, func(bps int) {
		l := w.prefs.videoLimits()
		l.MaxBitrateBPS = bps
		w.limitVideo(l)
	})
}

func (w *window) limitVideo(l engine.VideoLimits) {
	w.prefs.setVideoLimits(l)
	w.tell(w.cfg.Engine.SetVideoLimits(l))
}

// toneButton lets hear a device.
func (w *window) toneButton(kind engine.DeviceKind) fyne.CanvasObject {
	b := widgets.NewButton(widgets.Neutral, theme.IconPlay, lang.L("Play a tone"), func() {
		w.tell(w.cfg.Engine.PlayTestTone(kind))
	})
	w.wire(b)
	return b
}

// ringingPage is how calls make themselves noticed.
func (w *window) ringingPage() settingsPage {
	ringer := w.newDeviceSelect(engine.Ringer)
	volume := widgets.NewSlider(0, 1, 0.05, w.prefs.ringerVolume())
	volume.OnKey = w.typedKey
	volume.OnChangeEnded = func(v float64) {
		v = math.Round(v*100) / 100
		w.prefs.setRingerVolume(v)
		w.tell(w.cfg.Engine.SetRingerVolume(v))
	}
	quiet := w.newSwitch(lang.L("Do not disturb"), w.view.snapshot.Sound.DoNotDisturb, func(bool) { w.toggleQuiet() })
	column := widgets.Column(theme.Gap3,
		settingRow(lang.L("Calls ring on"), theme.IconSpeaker, ringer.list), ringer.next,
		widgets.Column(theme.Gap1, settingName(lang.L("How loud calls ring"), theme.IconSpeaker), volume),
		w.toneButton(engine.Ringer),
		gap(1, theme.Gap1),
		widgets.NewParagraph(lang.L("While you look elsewhere:"), theme.ColorMuted, theme.SizeBody))
	for _, s := range []struct {
		label string
		name  string
	}{
		{lang.L("A small window above the others for a call that rings"), prefRingWindow},
		{lang.L("A notification for a call that rings"), prefNotifyRing},
		{lang.L("A notification for a missed call"), prefNotifyMissed},
	} {
		column.Add(w.newSwitch(s.label, w.prefs.notify(s.name), func(on bool) { w.prefs.setNotify(s.name, on) }).button)
	}
	column.Add(quiet.button)
	return settingsPage{root: column, update: func(s engine.Snapshot) {
		ringer.update(s)
		quiet.set(s.Sound.DoNotDisturb)
	}}
}

// remembered is a device that was chosen before: by its id, or where ids do not
// last, by its name.
type remembered struct{ id, name string }

// maxRemembered bounds how many devices are remembered for a role.
const maxRemembered = 8

// chosenDevice is the choice for a role as the person sees it. A device chosen at
// an earlier start is preferred (see applyMedia), and is the choice as long as it
// is used.
func (w *window) chosenDevice(s engine.Snapshot, kind engine.DeviceKind) string {
	chosen := s.Chosen.Of(kind)
	if chosen == "" {
		chosen = engine.DeviceAuto
	}
	used := s.InUse.Of(kind)
	if chosen == engine.DeviceAuto && slices.ContainsFunc(w.prefs.deviceOrder(kind), func(r remembered) bool { return r.id == used }) {
		return used
	}
	return chosen
}

// chooseDevice uses a device, and again at the next start. Those chosen before
// stand in for it while it is unplugged; with engine.DeviceAuto all are forgotten.
func (w *window) chooseDevice(kind engine.DeviceKind, picked string) {
	w.choiceBefore[kind] = deviceMemory{w.prefs.deviceOrder(kind), w.prefs.deviceOff(kind)}
	switch picked {
	case engine.DeviceAuto:
		w.prefs.setDeviceOrder(kind, nil)
		w.prefs.setDeviceOff(kind, false)
		w.tell(w.cfg.Engine.SetDevicePreference(kind, nil))
	case engine.DeviceNone:
		w.prefs.setDeviceOff(kind, true)
	default:
		w.rememberDevice(kind, picked)
	}
	w.tell(w.cfg.Engine.SelectDevice(kind, picked))
}

// deviceMemory is what is remembered of a role.
type deviceMemory struct {
	order []remembered
	off   bool
}

// undoDevice goes back to what was used for a role, and to what was remembered.
func (w *window) undoDevice(kind engine.DeviceKind, before string) {
	if m, there := w.choiceBefore[kind]; there {
		delete(w.choiceBefore, kind)
		w.prefs.setDeviceOrder(kind, m.order)
		w.prefs.setDeviceOff(kind, m.off)
		w.tell(w.cfg.Engine.SetDevicePreference(kind, preference(m.order)))
	}
	w.tell(w.cfg.Engine.SelectDevice(kind, before))
}

// rememberDevice puts a device before those chosen earlier. Test pictures and
// files are for this time alone.
func (w *window) rememberDevice(kind engine.DeviceKind, id string) {
	i := slices.IndexFunc(w.view.snapshot.Devices, func(d engine.Device) bool { return d.Kind == kind && d.ID == id })
	if i < 0 || id == engine.DeviceTest {
		return
	}
	w.prefs.setDeviceOff(kind, false)
	order := []remembered{{id, w.view.snapshot.Devices[i].Name}}
	for _, r := range w.prefs.deviceOrder(kind) {
		if r.id != id && len(order) < maxRemembered {
			order = append(order, r)
		}
	}
	w.prefs.setDeviceOrder(kind, order)
	w.tell(w.cfg.Engine.SetDevicePreference(kind, preference(order)))
}

// preference names each device by its id, and by its name in case that has changed.
func preference(order []remembered) (names []string) {
	for _, r := range order {
		names = append(names, r.id, r.name)
	}
	return names
}

// applyMedia tells the engine what was chosen before. What is said on the command
// line wins.
func (w *window) applyMedia() {
	for _, kind := range []engine.DeviceKind{engine.Camera, engine.Microphone, engine.Speaker, engine.Ringer} {
		if order := w.prefs.deviceOrder(kind); len(order) > 0 {
			w.tell(w.cfg.Engine.SetDevicePreference(kind, preference(order)))
		}
		if chosen := w.cfg.Engine.Snapshot().Chosen.Of(kind); w.prefs.deviceOff(kind) && (chosen == engine.DeviceAuto || chosen == "") {
			w.offAtStart[kind] = true
			w.tell(w.cfg.Engine.SelectDevice(kind, engine.DeviceNone))
		}
	}
	if l := w.prefs.videoLimits(); l != (engine.VideoLimits{}) {
		w.tell(w.cfg.Engine.SetVideoLimits(l))
	}
	if v := w.prefs.ringerVolume(); v != 1 {
		w.tell(w.cfg.Engine.SetRingerVolume(v))
	}
}
