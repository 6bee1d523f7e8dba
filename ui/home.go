package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// The lists of the home screen, in the order of the segments.
const (
	tabRecent = iota
	tabContacts
	tabKeypad
)

// homeTabs are the keys that choose them, with Ctrl.
var homeTabs = []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3}

// homeWidth is the width from which on the lists do not grow any more.
const homeWidth = 640

// homeScreen is where calls are begun: a field that finds people as one types,
// and below it the calls before, the contacts, or a keypad.
type homeScreen struct {
	w    *window
	root *fyne.Container

	avatar        *widgets.Avatar
	name, address *widgets.Text
	statusIcon    *widgets.Icon
	statusWords   *widgets.Text
	who           *fyne.Container
	menu          *widgets.Button

	number       *widgets.Entry
	erase        *widgets.Button
	video, voice *widgets.Button
	reason       *widgets.Paragraph
	pad          *widgets.DialPad
	tabs         *widgets.Segments
	recent       *recentCalls
	contacts     *contactList
	keypad       fyne.CanvasObject
	lists        *fyne.Container // the segments and what they choose
	found        *suggestions    // in place of lists while something is typed

	echo     *widgets.Button // nil outside the demo
	echoNote *widgets.Paragraph

	registration engine.RegistrationState
	quiet        bool // calls do not ring
}

func newHomeScreen(w *window) *homeScreen {
	s := &homeScreen{w: w}
	s.number = widgets.NewEntry(lang.L("Name, address or number"))
	s.number.OnChanged = func(string) { s.search() }
	s.number.OnSubmitted = func(string) { s.call() }
	w.wireEntry(s.number)
	s.number.OnKey = s.fieldKey(s.number.OnKey)
	s.erase = widgets.NewButton(widgets.Plain, theme.IconBackspace, "", s.backspace)
	s.video = widgets.NewButton(widgets.Primary, theme.IconVideo, lang.L("Video call"), s.callWithVideo)
	s.voice = widgets.NewButton(widgets.Neutral, theme.IconPhone, lang.L("Voice call"), s.callWithVoice)
	s.video.Height, s.voice.Height = 48, 48
	for _, b := range []*widgets.Button{s.video, s.voice} {
		w.wire(b)
	}
	w.explain(s.erase, lang.L("Delete the last character"), "")
	s.reason = widgets.NewParagraph("", theme.ColorMuted, theme.SizeCaption).Center()
	s.reason.MaxLines = 1
	s.recent, s.contacts, s.found = newRecentCalls(w), newContactList(w), newSuggestions(w)
	for _, l := range []*widgets.PeopleList{s.recent.list, s.contacts.list, s.found.list} {
		l.OnKey, l.OnRune, l.OnLeave, l.OnChosen = w.typedKey, w.typedRune, s.focus, s.enable
	}
	if w.cfg.Demo != nil {
		s.recent.root.Objects[0] = container.NewVScroll(widgets.Column(0, s.demoCard()))
		s.recent.empty = s.recent.root.Objects[0]
	}
	s.keypad = s.newKeypad()
	s.tabs = widgets.NewSegments(s.showTab, lang.L("Recent"), lang.L("Contacts"), lang.L("Keypad"))
	s.tabs.OnKey, s.tabs.OnRune = w.typedKey, w.typedRune
	s.recent.onReload = func() { s.tabs.SetBadge(tabRecent, s.recent.unseen()) }
	s.lists = widgets.Column(theme.Gap3, s.tabs, widgets.Grow(container.NewStack(s.recent.root, s.contacts.root, s.keypad)))

	body := widgets.Column(theme.Gap2,
		widgets.Row(theme.Gap1, widgets.Grow(s.number), s.erase),
		container.NewGridWithColumns(2, s.voice, s.video),
		s.reason,
		widgets.Grow(container.NewStack(s.lists, s.found.list)))
	s.root = widgets.Column(0, s.header(), widgets.Grow(widgets.Narrow(homeWidth, false, widgets.Pad(theme.Gap3, theme.Gap3, body))))
	s.root.Hide()
	if w.cfg.Demo == nil {
		s.tabs.Choose(w.prefs.tab())
	}
	return s
}

// newKeypad is the pad, which scrolls in a low window.
func (s *homeScreen) newKeypad() fyne.CanvasObject {
	s.pad = widgets.NewDialPad(false, s.typeDigit)
	s.pad.OnBackspace = s.backspace
	s.pad.OnKey, s.pad.OnRune = s.w.typedKey, s.w.typedRune
	keypad := container.NewVScroll(widgets.Narrow(400, false, widgets.Pad(theme.Gap1, theme.Gap1, widgets.Column(0, s.pad))))
	keypad.Hide()
	return keypad
}

// show makes the screen say how things are.
func (s *homeScreen) show(snapshot engine.Snapshot, now time.Time) {
	r := snapshot.Registration
	s.registration, s.quiet = r, snapshot.Sound.DoNotDisturb
	address := r.Address
	if address == "" {
		address = r.Account.User
	}
	name := r.Name
	if name == "" {
		name = address
	}
	s.name.SetText(name)
	s.avatar.Set(r.Name, address)
	s.tick(now)
	s.address.SetText("")
	if name != address {
		s.address.SetText(afterDot(address))
	}
	if s.echoNote != nil {
		s.echoNote.SetText(echoWords(snapshot.Devices))
		s.echo.SetEnabled(r.State == engine.Registered)
	}
	s.enable()
	s.root.Refresh()
}

// enable enables the call buttons, or says why they are not.
func (s *homeScreen) enable() {
	address, video := s.target()
	reason := callBlocked(s.registration, address)
	s.video.SetEnabled(reason == "")
	s.voice.SetEnabled(reason == "")
	if reason == "" {
		reason = s.enterWords(address, video)
	}
	s.reason.SetText(reason)
}

// enterWords say what Enter does: with a guess it must be seen before.
func (s *homeScreen) enterWords(address string, video bool) string {
	who := address
	if s.found.list.Visible() {
		who = s.found.name(s.found.list.Selected())
	} else if name := s.w.knownName(who, ""); name != "" {
		who = name
	}
	if video {
		return lang.L("Enter starts a video call to {{.Name}}.", with{"Name": who})
	}
	return lang.L("Enter starts a voice call to {{.Name}}, Ctrl+Enter a video call.", with{"Name": who})
}

// target is whom the call buttons and Enter call, and in which mode Enter does:
// the one chosen below the field, else what is typed.
func (s *homeScreen) target() (address string, video bool) {
	switch {
	case s.found.list.Visible() && s.found.list.Selected() >= 0:
		return s.found.at(s.found.list.Selected())
	case s.recent.list.Focused() && s.recent.list.Selected() >= 0:
		e := s.recent.entries[s.recent.list.Selected()]
		return e.Address, e.Video
	case s.contacts.list.Focused() && s.contacts.list.Selected() >= 0:
		address = s.contacts.contacts[s.contacts.list.Selected()].Addresses[0].Value
		return address, s.w.lastMode(address)
	}
	return strings.TrimSpace(s.number.Text), s.w.prefs.video()
}

func (s *homeScreen) call() {
	address, video := s.target()
	s.w.call(address, video)
}

// callWithVideo is what Ctrl+Enter does.
func (s *homeScreen) callWithVideo() {
	address, _ := s.target()
	s.w.call(address, true)
}

func (s *homeScreen) callWithVoice() {
	address, _ := s.target()
	s.w.call(address, false)
}

// search shows who fits what is typed, in place of the lists. A number that is
// being typed on the keypad leaves the keypad where it is.
func (s *homeScreen) search() {
	s.found.search(s.number.Text)
	s.showFound()
	s.enable()
}

func (s *homeScreen) showFound() {
	typed := strings.TrimSpace(s.number.Text)
	dialling := s.tabs.Chosen() == tabKeypad && strings.Trim(typed, "0123456789*#+") == ""
	searching := typed != "" && !dialling
	if s.found.list.Visible() != searching {
		setVisible(s.lists, !searching)
		setVisible(s.found.list, searching)
		s.root.Refresh()
	}
}

// showTab shows one of the lists, and makes room for it.
func (s *homeScreen) showTab(tab int) {
	s.w.prefs.setTab(tab)
	for i, o := range []fyne.CanvasObject{s.recent.root, s.contacts.root, s.keypad} {
		setVisible(o, i == tab)
	}
	s.showFound()
	s.lists.Refresh()
	s.recent.notice()
}

// reload takes what the store holds now.
func (s *homeScreen) reload() {
	s.recent.reload()
	s.contacts.reload()
	if s.found.list.Visible() {
		row := s.found.list.Selected()
		s.found.search(s.number.Text)
		s.found.list.Select(row)
	}
	s.enable()
}

// watched reports whether somebody looks at the calls before.
func (s *homeScreen) watched() bool {
	return s.w.scene.screen == screenHome && s.tabs.Chosen() == tabRecent && !s.found.list.Visible() &&
		!s.w.alerts.away && !s.w.hidden && !s.w.sheet.isOpen()
}

// focus puts the cursor into the field, where a call begins.
func (s *homeScreen) focus() { s.w.win.Canvas().Focus(s.number) }

// setAddress fills the field, e.g. to call again.
func (s *homeScreen) setAddress(address string) { s.number.SetText(strings.TrimSpace(address)) }

// offer fills the field with an address that is meant as it is: no guess of
// somebody else is chosen below it.
func (s *homeScreen) offer(address string) {
	s.setAddress(address)
	s.number.CursorColumn = len([]rune(s.number.Text))
	s.number.Refresh()
	if s.found.list.Visible() && s.found.asIs >= 0 {
		s.found.list.Select(s.found.asIs)
	}
	s.enable()
}

// afterDot sets something off from what stands before it, in the direction of the
// window: an address alone would keep its own.
func afterDot(address string) string {
	if widgets.RightToLeft() {
		return address + " ·"
	}
	return "· " + address
}
