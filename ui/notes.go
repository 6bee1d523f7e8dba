package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

const (
	noteShown = 6 * time.Second
	maxNotes  = 2 // more would hide the call
)

// note is a short message at the bottom of the window. It takes no focus, and
// goes by itself.
type note struct {
	about string // a later note about the same takes its place
	icon  theme.IconName
	text  string
	until time.Time
	call  bool         // of a call: over with it
	roles []deviceRole // of a device, with the way back
	undo  func()       // takes back what the note tells; nil if nothing can
}

// deviceRole is what a device is used for now, and what was used before.
type deviceRole struct {
	kind engine.DeviceKind
	undo string
}

func (n *note) undoable() bool {
	if n.undo != nil {
		return true
	}
	for _, r := range n.roles {
		if r.undo != "" {
			return true
		}
	}
	return false
}

// noteHost is where notes are shown: over everything, above the call's bar, or
// at the top while a keypad lies there, or the form to sign in with.
type noteHost struct {
	root   *fyne.Container
	list   *fyne.Container
	layout *noteLayout
	key    string
}

func newNoteHost() *noteHost {
	h := &noteHost{list: widgets.Column(theme.Gap2), layout: &noteLayout{atTop: true}}
	h.root = container.New(h.layout, h.list)
	h.root.Hide()
	return h
}

func (h *noteHost) setAtTop(on bool) {
	if h.layout.atTop != on {
		h.layout.atTop = on
		h.root.Refresh()
	}
}

// say shows a note, in place of one about the same.
func (w *window) say(n note) {
	n.until = w.cfg.Now().Add(noteShown)
	kept := w.notes[:0]
	for _, old := range w.notes {
		if n.about == "" || old.about != n.about {
			kept = append(kept, old)
		}
	}
	w.notes = append(kept, n)
	if over := len(w.notes) - maxNotes; over > 0 {
		w.notes = w.notes[over:]
	}
	w.drawNotes()
}

// dropNotes forgets what was said about that.
func (w *window) dropNotes(about string) {
	w.notes = slices.DeleteFunc(w.notes, func(n note) bool { return n.about == about })
	w.drawNotes()
}

// dropCallNotes forgets what was said about calls: how they ended is told by the
// screen, and the rest is no longer so.
func (w *window) dropCallNotes() {
	w.notes = slices.DeleteFunc(w.notes, func(n note) bool { return n.call })
	w.drawNotes()
}

// dropOldNotes forgets those whose time is over.
func (w *window) dropOldNotes(now time.Time) {
	kept := w.notes[:0]
	for _, n := range w.notes {
		if now.Before(n.until) {
			kept = append(kept, n)
		}
	}
	w.notes = kept
	w.drawNotes()
}

func (w *window) drawNotes() {
	keys := make([]string, len(w.notes))
	for i, n := range w.notes {
		keys[i] = n.text
	}
	key := strings.Join(keys, "\x00")
	h := w.noteHost
	if key == h.key {
		return
	}
	h.key = key
	h.list.Objects = nil
	for _, n := range w.notes {
		h.list.Add(w.noteCard(n))
	}
	setVisible(h.root, len(w.notes) > 0)
	h.root.Refresh()
}

func (w *window) noteCard(n note) fyne.CanvasObject {
	ground := widgets.NewGround(theme.ColorNote)
	ground.Radius = theme.SizeRadius
	line := widgets.Row(theme.Gap3, widgets.NewIcon(n.icon, theme.ColorStageText, 20),
		widgets.Grow(widgets.NewParagraph(n.text, theme.ColorStageText, theme.SizeBody)))
	if n.undoable() {
		undo := widgets.NewButton(widgets.Stage, "", lang.L("Undo"), func() { w.undoNote(n) })
		w.wire(undo)
		line.Add(undo)
	}
	return widgets.Backed(ground, widgets.Pad(theme.Gap2, theme.Gap4, line))
}

// deviceIcons go with the roles.
var deviceIcons = map[engine.DeviceKind]theme.IconName{
	engine.Camera: theme.IconVideo, engine.Microphone: theme.IconMic, engine.Speaker: theme.IconSpeaker,
	engine.Ringer: theme.IconSpeaker,
}

// roleNames are roles as a person says them: "microphone and speaker".
func roleNames(roles []deviceRole) string {
	words := map[engine.DeviceKind]string{
		engine.Camera: lang.L("camera"), engine.Microphone: lang.L("microphone"), engine.Speaker: lang.L("speaker"),
		engine.Ringer: lang.L("ringer"),
	}
	all := ""
	for i, r := range roles {
		if all = words[r.kind]; i > 0 {
			all = lang.L("{{.One}} and {{.Other}}", with{"One": roleNames(roles[:i]), "Other": words[r.kind]})
		}
	}
	return all
}

// tellDevice says that another device is used now. A headset comes as two
// events, a microphone and a speaker: one note serves both.
func (w *window) tellDevice(e engine.Event) {
	if e.DeviceName == "" || w.offAtStart[e.DeviceKind] && e.DeviceName == engine.DeviceNone {
		delete(w.offAtStart, e.DeviceKind) // nobody has chosen anything just now
		return
	}
	about := "device " + e.DeviceName
	role := deviceRole{e.DeviceKind, e.DeviceUndo}
	roles := []deviceRole{role}
	kept := w.notes[:0]
	for _, n := range w.notes {
		if n.about == about {
			for _, r := range n.roles {
				if r.kind != e.DeviceKind {
					roles = append(roles[:0:0], append([]deviceRole{r}, roles...)...)
				}
			}
			continue
		}
		// What was said before about this role is no longer so.
		if len(n.roles) == 1 && n.roles[0].kind == e.DeviceKind {
			continue
		}
		kept = append(kept, n)
	}
	w.notes = kept
	w.say(note{about: about, icon: deviceIcons[e.DeviceKind], text: deviceWords(e.DeviceName, roles), roles: roles})
}

// deviceWords says what a device is used for. The name may be one of the
// choices that are no device, or the path of a file.
func deviceWords(name string, roles []deviceRole) string {
	used := with{"Roles": roleNames(roles)}
	switch name {
	case engine.DeviceNone:
		return lang.L("Now going without {{.Roles}}.", used)
	case engine.DeviceAuto:
		return lang.L("Now choosing {{.Roles}} automatically.", used)
	case engine.DeviceTest:
		return lang.L("Now using a test signal as {{.Roles}}.", used)
	}
	if strings.ContainsAny(name, `/\`) && filepath.IsAbs(name) {
		name = filepath.Base(name)
	}
	used["Name"] = name
	return lang.L("Now using {{.Name}} as {{.Roles}}.", used)
}

// undoNote goes back to how it was before.
func (w *window) undoNote(n note) {
	kept := w.notes[:0]
	for _, other := range w.notes {
		if other.text != n.text {
			kept = append(kept, other)
		}
	}
	w.notes = kept
	w.drawNotes()
	if n.undo != nil {
		n.undo()
	}
	for _, r := range n.roles {
		if r.undo != "" {
			w.undoDevice(r.kind, r.undo)
		}
	}
}

// undoLast does what the Undo of the newest note does; false if none has one.
func (w *window) undoLast() bool {
	for i := len(w.notes) - 1; i >= 0; i-- {
		if w.notes[i].undoable() {
			w.undoNote(w.notes[i])
			return true
		}
	}
	return false
}

// sayDigit shows a digit that the other side pressed; more of them join it.
func (w *window) sayDigit(e engine.Event) {
	name := lang.L("The other side")
	if c, there := w.view.snapshot.Call(e.CallID); there {
		name = firstName(c)
	}
	about := "digit " + string(e.CallID)
	text := lang.L("{{.Name}} pressed {{.Keys}}", with{"Name": name, "Keys": e.Operation})
	for _, n := range w.notes {
		if n.about == about {
			text = n.text + " " + e.Operation
			if runes := []rune(text); len(runes) > keypadKept*2 {
				text = lang.L("{{.Name}} pressed {{.Keys}}", with{"Name": name, "Keys": "… " + e.Operation})
			}
		}
	}
	w.say(note{about: about, icon: theme.IconKeypad, text: text, call: true})
}

// noteLayout puts the notes in the middle, at the bottom or at the top.
type noteLayout struct{ atTop bool }

const noteWidth = 460

func (*noteLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 50) }

func (l *noteLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(noteWidth, size.Width-2*theme.Gap4)
	height := widgets.HeightFor(objects[0], width)
	top := size.Height - barHeight - theme.Gap4 - height
	if l.atTop {
		top = barHeight
	}
	place(objects[0], float32(int((size.Width-width)/2)), top, width, height)
}
