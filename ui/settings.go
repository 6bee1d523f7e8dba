package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// settingsPage is one part of the settings. What it opens, a camera or a
// microphone, is open only while it is shown.
type settingsPage struct {
	root   fyne.CanvasObject
	start  func()                // when it is shown; may be nil
	stop   func()                // when it goes; may be nil
	update func(engine.Snapshot) // may be nil
}

// The pages, in their order.
const (
	pagePicture = iota
	pageSound
	pageRinging
	pageWindow
	pageAccount
	pageHelp
)

// settingsSheet is what the sheet of the settings shows: a bar to choose a page
// from, and the page.
type settingsSheet struct {
	w      *window
	makers []func() settingsPage
	bar    *widgets.Segments
	holder *fyne.Container
	page   settingsPage
}

// The size of the sheet stays the same from page to page, so that the bar stays
// under the pointer.
const (
	settingsWidth  = 560
	settingsHeight = 470
)

// openSettings shows the page that was shown last.
func (w *window) openSettings() {
	w.openSettingsAt(w.prefs.settingsPage())
}

func (w *window) openSettingsAt(page int) {
	w.tell(w.cfg.Engine.RefreshDevices())
	s := &settingsSheet{w: w, holder: widgets.Column(0)}
	s.makers = []func() settingsPage{w.picturePage, w.soundPage, w.ringingPage, w.windowPage, w.accountPage, w.helpPage}
	s.bar = widgets.NewSegments(s.show,
		lang.X("settings.picture", "Picture"), lang.X("settings.sound", "Sound"), lang.X("settings.ringing", "Ringing"),
		lang.X("settings.window", "Window"), lang.X("settings.account", "Account"), lang.X("settings.help", "Help"))
	s.bar.OnKey, s.bar.OnRune = w.typedKey, w.typedRune
	w.sheet.openBelow(lang.L("Settings"), fyne.NewSize(settingsWidth, settingsHeight), s.bar, s.holder)
	w.sheet.onClose = s.leave
	w.sheet.onUpdate = func(snapshot engine.Snapshot) {
		if s.page.update != nil {
			s.page.update(snapshot)
		}
	}
	if page = max(0, min(page, len(s.makers)-1)); page == s.bar.Chosen() {
		s.show(page)
	}
	s.bar.Choose(page)
}

// show puts a page in place of the one before.
func (s *settingsSheet) show(page int) {
	s.leave()
	s.w.prefs.setSettingsPage(page)
	s.page = s.makers[page]()
	s.holder.Objects = []fyne.CanvasObject{s.page.root}
	s.w.sheet.scrollUp()
	if s.page.start != nil {
		s.page.start()
	}
}

// leave closes what the page has open.
func (s *settingsSheet) leave() {
	stop := s.page.stop
	s.page = settingsPage{}
	if stop != nil {
		stop()
	}
}

// picturePage is what others see: camera, preview, and how much of it is sent.
func (w *window) picturePage() settingsPage {
	look, camera := newPreview(w), w.newDeviceSelect(engine.Camera)
	return settingsPage{
		root: widgets.Column(theme.Gap3, look.root,
			settingRow(lang.L("Camera"), theme.IconVideo, camera.list), camera.next,
			w.heightSelect(), w.bitrateSelect()),
		start: look.start,
		stop:  look.stop,
		update: func(s engine.Snapshot) {
			camera.update(s)
			look.update(s)
		},
	}
}

// soundPage is the microphone, with what is done to its sound, and the speaker.
func (w *window) soundPage() settingsPage {
	microphone, speaker := w.newDeviceSelect(engine.Microphone), w.newDeviceSelect(engine.Speaker)
	sound := newSoundSettings(w)
	return settingsPage{
		root: widgets.Column(theme.Gap3,
			settingRow(lang.L("Microphone"), theme.IconMic, microphone.list), microphone.next, sound.root,
			settingRow(lang.L("Speaker"), theme.IconSpeaker, speaker.list), speaker.next, w.toneButton(engine.Speaker)),
		start: sound.start,
		stop:  sound.end,
		update: func(s engine.Snapshot) {
			sound.update(s)
			microphone.update(s)
			speaker.update(s)
		},
	}
}
