package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// deviceMenu chooses devices in a call, above the button that it belongs to:
// microphone and speaker with the microphone's level, or the camera with its
// picture. It stays open after a choice, so that one hears or sees what it was.
type deviceMenu struct {
	w    *window
	root *fyne.Container // the panel; hidden at rest
	away *blocker        // under it: a click elsewhere closes it
	of   *widgets.Button // whose menu is open; nil at rest

	meter  *widgets.LevelMeter
	sound  *fyne.Container // the meter and its icon
	view   *widgets.VideoView
	link   videoLink
	camera *fyne.Container // the picture
	words  *widgets.Paragraph
	menu   *widgets.Menu
	scroll *container.Scroll
	layout *deviceMenuLayout
	stop   func() // of the meter
}

// menuSettings is the last line of the menu.
const menuSettings = "settings"

func newDeviceMenu(w *window) *deviceMenu {
	m := &deviceMenu{w: w, meter: widgets.NewLevelMeter(), menu: widgets.NewMenu()}
	m.meter.OnStage = true
	m.sound = widgets.Row(theme.Gap2, widgets.NewIcon(theme.IconMic, theme.ColorStageText, 18), widgets.Grow(m.meter))
	m.view = widgets.NewVideoView(w.pump, true, 0)
	m.view.Margin = theme.ColorStage
	m.link = videoLink{view: m.view}
	m.camera = container.New(&devicePictureLayout{}, m.view)
	m.words = widgets.NewParagraph("", theme.ColorStageMuted, theme.SizeCaption)
	m.menu.OnChosen, m.menu.OnKey, m.menu.OnRune = m.choose, w.typedKey, w.typedRune
	m.scroll = container.NewVScroll(m.menu)
	m.menu.OnLit = m.scrollTo
	ground := widgets.NewGround(theme.ColorStageBar)
	ground.Border, ground.Radius = theme.ColorStageButton, theme.SizeCardRadius
	back := newBlocker(ground)
	back.tapped = m.focus
	head := widgets.Column(theme.Gap2, m.sound, m.camera, m.words)
	m.layout = &deviceMenuLayout{head: head, menu: m.menu}
	m.root = container.New(m.layout, back, head, newGate(w, m.focus), m.scroll, newGate(w, m.focus))
	m.root.Hide()
	m.away = newBlocker(gap(1, 1))
	m.away.tapped = m.close
	m.away.Hide()
	return m
}

func (m *deviceMenu) isOpen() bool { return m.of != nil }

// toggle opens the menu of a button, or closes it.
func (m *deviceMenu) toggle(of *widgets.Button) {
	was := m.of
	m.close()
	s := m.w.callScreen
	if was == of || m.w.scene.screen != screenCall && m.w.scene.screen != screenOutgoing {
		return
	}
	s.keypad.close()
	m.w.endTalk()
	m.of = of
	m.w.tell(m.w.cfg.Engine.RefreshDevices())
	setVisible(m.sound, of == s.bar.micMenu)
	setVisible(m.camera, of == s.bar.cameraMenu)
	m.update(m.w.view.snapshot)
	m.menu.LightChecked()
	m.root.Show()
	m.away.Show()
	m.w.noteHost.setAtTop(true)
	if of == s.bar.micMenu {
		m.stop = m.w.followLevel(m.meter)
	}
	m.focus()
	m.w.redraw()
	m.scroll.ScrollToTop()
}

// close takes the menu away, and closes what it opened.
func (m *deviceMenu) close() {
	if !m.isOpen() {
		return
	}
	m.of = nil
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
	m.link.drop()
	m.root.Hide()
	m.away.Hide()
	m.w.noteHost.setAtTop(false)
	if m.w.win.Canvas().Focused() == m.menu {
		m.w.win.Canvas().Unfocus()
	}
	m.w.redraw()
}

func (m *deviceMenu) focus() { m.w.win.Canvas().Focus(m.menu) }

// choose does what a line says.
func (m *deviceMenu) choose(value string) {
	if value == menuSettings {
		page := pageSound
		if m.of == m.w.callScreen.bar.cameraMenu {
			page = pagePicture
		}
		m.close()
		m.w.openSettingsAt(page)
		return
	}
	kind, choice, _ := strings.Cut(value, " ")
	if n, err := strconv.Atoi(kind); err == nil {
		m.w.chooseDevice(engine.DeviceKind(n), choice)
	}
	m.focus()
}

// update follows what is plugged in, and what is used.
func (m *deviceMenu) update(s engine.Snapshot) {
	if !m.isOpen() {
		return
	}
	var items []widgets.MenuItem
	if m.of == m.w.callScreen.bar.cameraMenu {
		on := s.Chosen.Camera != engine.DeviceNone
		m.link.set(m.w.cfg.Engine, on && !m.w.hidden && !m.w.minimised, "", engine.LocalVideo)
		items = m.w.deviceItems(s, engine.Camera, lang.L("Camera"))
	} else {
		items = append(m.w.deviceItems(s, engine.Microphone, lang.L("Microphone")), m.w.deviceItems(s, engine.Speaker, lang.L("Speaker"))...)
	}
	m.words.SetText(m.hint(s))
	m.menu.SetItems(append(items, widgets.MenuItem{Text: lang.L("Settings…"), Value: menuSettings}))
	m.layout.Layout(m.root.Objects, m.root.Size())
	m.scroll.Refresh()
}

// hint says what meter and picture are about.
func (m *deviceMenu) hint(s engine.Snapshot) string {
	c := m.w.scene.call
	switch {
	case m.of == m.w.callScreen.bar.micMenu && s.Chosen.Microphone == engine.DeviceNone:
		return lang.L("No microphone is chosen. Nobody hears you.")
	case m.of == m.w.callScreen.bar.micMenu && c.Muted:
		return lang.L("You are muted: the bar moves, but nobody hears you.")
	case m.of == m.w.callScreen.bar.micMenu:
		return lang.L("Speak: the bar shows how loud you are")
	case s.Chosen.Camera == engine.DeviceNone:
		return lang.L("No camera is chosen. Others see no picture of you.")
	case c.SendingVideo && !c.ScreenShared && !held(c):
		return lang.L("This is how others see you, but for the mirror.")
	default:
		return lang.L("Only you see this picture")
	}
}

// scrollTo brings a line into sight.
func (m *deviceMenu) scrollTo(top, bottom float32) {
	from, height := m.scroll.Offset.Y, m.scroll.Size().Height
	switch {
	case top < from:
		m.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > from+height:
		m.scroll.ScrollToOffset(fyne.NewPos(0, bottom-height))
	}
}

// deviceItems are the choices for a role in a call, with a mark at what is used.
// What only tests want is listed where it is chosen already.
func (w *window) deviceItems(s engine.Snapshot, kind engine.DeviceKind, title string) []widgets.MenuItem {
	chosen, used := w.chosenDevice(s, kind), s.InUse.Of(kind)
	if used == "" {
		used = chosen
	}
	items := []widgets.MenuItem{{Title: true, Text: title}}
	for _, o := range deviceOptions(s.Devices, kind, chosen, w.prefs.deviceOrder(kind)...) {
		artificial := o.choice == engine.DeviceTest || o.choice == engine.DeviceNone
		if artificial && o.choice != chosen {
			continue
		}
		item := widgets.MenuItem{Text: o.label, Value: strconv.Itoa(int(kind)) + " " + o.choice}
		if chosen == engine.DeviceAuto {
			item.Checked = o.choice == engine.DeviceAuto
		} else {
			item.Checked = o.choice == used
		}
		if item.Checked && o.choice == engine.DeviceAuto {
			if name := nameOfUsed(s, kind, used); name != "" {
				item.Text = lang.L("Automatic: {{.Name}}", with{"Name": name})
			}
		}
		items = append(items, item)
	}
	return items
}

// nameOfUsed is what stands for DeviceAuto now; "" if that is not known.
func nameOfUsed(s engine.Snapshot, kind engine.DeviceKind, used string) string {
	for _, o := range deviceOptions(s.Devices, kind, used) {
		if o.choice == used && used != engine.DeviceAuto {
			return o.label
		}
	}
	return ""
}

// devicePictureLayout gives the camera's picture its height.
type devicePictureLayout struct{}

func (*devicePictureLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(160, 150) }

func (*devicePictureLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}

// deviceMenuLayout lays out ground, head, a gate, the scrolled menu and a gate.
type deviceMenuLayout struct {
	head *fyne.Container
	menu *widgets.Menu
}

// MinSize is small: callLayout decides.
func (*deviceMenuLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 100) }

// height is what all of it needs in a width.
func (l *deviceMenuLayout) height(width float32) float32 {
	return widgets.HeightFor(l.head, width-2*theme.Gap4) + l.menu.MinSize().Height + theme.Gap3 + 2*theme.Gap2
}

func (l *deviceMenuLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	head := widgets.HeightFor(l.head, size.Width-2*theme.Gap4)
	place(objects[0], 0, 0, size.Width, size.Height)
	place(objects[1], theme.Gap4, theme.Gap3, size.Width-2*theme.Gap4, head)
	top := theme.Gap3 + head + theme.Gap2
	place(objects[3], theme.Gap2, top, size.Width-2*theme.Gap2, max(0, size.Height-top-theme.Gap2))
}
