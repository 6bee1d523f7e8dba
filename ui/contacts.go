package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// contactList is the contacts, favourites first.
type contactList struct {
	w        *window
	root     *fyne.Container
	list     *widgets.PeopleList
	empty    fyne.CanvasObject
	more     *widgets.Button
	contacts []store.Contact
}

// The buttons of a row.
const (
	contactVoice = iota
	contactVideo
	contactMore
)

func newContactList(w *window) *contactList {
	l := &contactList{w: w}
	l.list = widgets.NewPeopleList(func(i int) widgets.Person { return l.person(l.contacts[i]) })
	l.list.OnTapped = func(i int) { w.openContact(l.contacts[i]) }
	l.list.OnEnter = func(i int) { l.call(l.contacts[i]) }
	l.list.OnMenu = l.menu
	l.list.OnDelete = func(i int) { w.deleteContact(l.contacts[i]) }
	l.list.OnAction = func(i, action int, at fyne.Position) {
		if action == contactMore {
			l.menu(i, at)
			return
		}
		w.call(l.contacts[i].Addresses[0].Value, action == contactVideo)
	}
	l.list.Tips = w.tips
	l.list.Actions = [3]widgets.Tip{
		contactVoice: {Name: lang.L("Voice call")}, contactVideo: {Name: lang.L("Video call")}, contactMore: {Name: lang.L("What else can be done")},
	}
	add := widgets.NewButton(widgets.Neutral, theme.IconAdd, lang.L("Add contact"), func() { w.openContactEditor(store.Contact{}) })
	l.more = widgets.NewButton(widgets.Plain, theme.IconMore, "", l.openMore)
	w.wire(add)
	w.explain(l.more, lang.L("Import and export contacts"), "")
	load := widgets.NewButton(widgets.Plain, theme.IconImport, lang.L("Import a vCard file"), w.importContacts)
	w.wire(load)
	l.empty = emptyWords(theme.IconPeople, lang.L("No contacts yet"),
		lang.L("People that you add will be listed here, favourites first. Their names then show when they call."),
		widgets.Row(0, layout.NewSpacer(), load, layout.NewSpacer()))
	bar := widgets.Row(theme.Gap2, widgets.Grow(add), l.more)
	l.root = widgets.Column(theme.Gap2, bar, widgets.Grow(container.NewStack(l.empty, l.list)))
	l.root.Hide()
	return l
}

// reload takes the contacts as they are now.
func (l *contactList) reload() {
	l.contacts = l.w.cfg.Store.Contacts()
	slices.SortStableFunc(l.contacts, func(a, b store.Contact) int {
		switch {
		case a.Favourite == b.Favourite:
			return 0
		case a.Favourite:
			return -1
		}
		return 1
	})
	l.list.SetLength(len(l.contacts))
	setVisible(l.empty, len(l.contacts) == 0)
	setVisible(l.list, len(l.contacts) > 0)
}

func (l *contactList) person(c store.Contact) widgets.Person {
	p := widgets.Person{
		Name: c.Name, Address: c.Addresses[0].Value, Line: l.w.contactLine(c), Star: c.Favourite,
		Actions: [3]theme.IconName{contactVoice: theme.IconPhone, contactVideo: theme.IconVideo, contactMore: theme.IconMore},
	}
	return p
}

// contactLine is what is said below a contact's name.
func (w *window) contactLine(c store.Contact) string {
	line := w.shortAddress(c.Addresses[0].Value)
	if n := len(c.Addresses); n > 1 {
		line = lang.N("{{.Address}} and {{.Count}} more", n-1, with{"Address": line, "Count": n - 1})
	}
	if c.Organisation != "" {
		line = c.Organisation + " · " + line
	}
	return line
}

// call calls a contact as it was called last.
func (l *contactList) call(c store.Contact) {
	address := c.Addresses[0].Value
	l.w.call(address, l.w.lastMode(address))
}

// lastMode is whether the last call with an address had video; without one,
// whether the last call with anybody had.
func (w *window) lastMode(address string) bool {
	for _, s := range w.cfg.Store.Suggest(address, 20) {
		if s.Address == address && s.Calls > 0 {
			return s.Video
		}
	}
	return w.prefs.video()
}

func (l *contactList) menu(i int, at fyne.Position) {
	w, c := l.w, l.contacts[i]
	var items []*fyne.MenuItem
	for n, a := range c.Addresses {
		voice, video := lang.L("Voice call"), lang.L("Video call")
		if len(c.Addresses) > 1 {
			to := with{"Address": w.labelled(a)}
			voice, video = lang.L("Voice call: {{.Address}}", to), lang.L("Video call: {{.Address}}", to)
		}
		if n > 2 { // the rest is on the contact's card
			break
		}
		items = append(items,
			w.menuItem(theme.IconPhone, voice, func() { w.call(a.Value, false) }),
			w.menuItem(theme.IconVideo, video, func() { w.call(a.Value, true) }))
	}
	word, icon := lang.L("Make a favourite"), theme.IconStarOn
	if c.Favourite {
		word, icon = lang.L("No longer a favourite"), theme.IconStar
	}
	items = append(items, fyne.NewMenuItemSeparator(),
		w.menuItem(theme.IconInfo, lang.L("Show"), func() { w.openContact(c) }),
		w.menuItem(theme.IconEdit, lang.L("Edit contact"), func() { w.openContactEditor(c) }),
		w.menuItem(icon, word, func() { w.setFavourite(c, !c.Favourite) }),
		fyne.NewMenuItemSeparator(),
		w.menuItem(theme.IconDelete, lang.L("Delete"), func() { w.deleteContact(c) }))
	w.popUp(at, items...)
}

// labelled is an address with its label.
func (w *window) labelled(a store.Address) string {
	if a.Label == "" {
		return w.shortAddress(a.Value)
	}
	return a.Label + ", " + w.shortAddress(a.Value)
}

func (l *contactList) openMore() {
	w := l.w
	at := w.app.Driver().AbsolutePositionForObject(l.more).AddXY(0, l.more.Size().Height)
	export := w.menuItem(theme.IconExport, lang.L("Export as vCard file…"), w.exportContacts)
	export.Disabled = len(l.contacts) == 0
	w.popUp(at, w.menuItem(theme.IconImport, lang.L("Import vCard file…"), w.importContacts), export)
}

func (w *window) setFavourite(c store.Contact, on bool) {
	c.Favourite = on
	w.change(func() error { _, err := w.cfg.Store.SaveContact(c); return err })
}

// deleteContact deletes somebody, with a way back.
func (w *window) deleteContact(c store.Contact) {
	w.change(func() error { return w.cfg.Store.DeleteContact(c.ID) })
	w.say(note{about: "deleted contact", icon: theme.IconDelete, text: lang.L("{{.Name}} was deleted.", with{"Name": c.Name}), undo: func() {
		w.change(func() error { _, err := w.cfg.Store.SaveContact(c); return err })
	}})
}

// openContact shows everything about a contact, with buttons for each address.
func (w *window) openContact(c store.Contact) {
	face := widgets.NewAvatar(72)
	face.Set(c.Name, c.Addresses[0].Value)
	column := widgets.Column(theme.Gap3, face)
	if c.Organisation != "" {
		column.Add(widgets.NewParagraph(c.Organisation, theme.ColorMuted, theme.SizeBody).Center())
	}
	for _, a := range c.Addresses {
		column.Add(w.addressRow(a))
	}
	if c.Note != "" {
		column.Add(widgets.NewParagraph(c.Note, theme.ColorText, theme.SizeBody))
	}
	star := widgets.NewButton(widgets.Neutral, theme.IconStar, lang.L("Favourite"), nil)
	if c.Favourite {
		star.Set(widgets.Neutral, theme.IconStarOn, lang.L("Favourite"))
	}
	star.OnTapped = func() {
		c.Favourite = !c.Favourite
		w.setFavourite(c, c.Favourite)
		star.Set(widgets.Neutral, map[bool]theme.IconName{true: theme.IconStarOn, false: theme.IconStar}[c.Favourite], lang.L("Favourite"))
	}
	edit := widgets.NewButton(widgets.Neutral, theme.IconEdit, lang.L("Edit"), func() { w.openContactEditor(c) })
	for _, b := range []*widgets.Button{star, edit} {
		w.wire(b)
	}
	column.Add(container.NewGridWithColumns(2, star, edit))
	w.sheet.open(c.Name, 420, column, nil)
}

// addressRow is an address with a button for each kind of call.
func (w *window) addressRow(a store.Address) fyne.CanvasObject {
	label := a.Label
	if label == "" {
		label = lang.L("Address")
	}
	words := widgets.Column(0, widgets.Styled(label, theme.ColorMuted, theme.SizeCaption).Cut(),
		widgets.Styled(a.Value, theme.ColorText, theme.SizeBody).Cut())
	row := widgets.Row(theme.Gap1, widgets.Grow(words))
	for _, video := range []bool{false, true} {
		icon := theme.IconPhone
		if video {
			icon = theme.IconVideo
		}
		b := widgets.NewButton(widgets.Neutral, icon, "", func() { w.sheet.close(); w.call(a.Value, video) })
		b.SetEnabled(callBlocked(w.view.snapshot.Registration, a.Value) == "")
		w.explain(b, callKind(video), "")
		row.Add(b)
	}
	return row
}
