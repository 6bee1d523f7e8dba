package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// contactEditor is the sheet in which a contact is written.
type contactEditor struct {
	w       *window
	contact store.Contact
	name    *widgets.Entry
	company *widgets.Entry
	note    *widgets.Entry
	star    *widget.Check
	lines   []*addressLine
	list    *fyne.Container // of the lines
	err     *widgets.Paragraph
}

// addressLine is one address of a contact that is being written.
type addressLine struct {
	value, label *widgets.Entry
	root         fyne.CanvasObject
}

// contactOf is a new contact made from a call.
func contactOf(e store.Entry) store.Contact {
	return store.Contact{Name: strings.TrimSpace(e.Name), Addresses: []store.Address{{Value: e.Address}}}
}

// openContactEditor opens the sheet for a new contact (ID 0) or a known one.
func (w *window) openContactEditor(c store.Contact) {
	s := &contactEditor{w: w, contact: c, list: widgets.Column(theme.Gap2)}
	s.name = s.entry("", c.Name)
	s.company = s.entry("", c.Organisation)
	s.note = s.entry("", c.Note)
	s.star = widget.NewCheck(lang.L("Favourite"), nil)
	s.star.SetChecked(c.Favourite)
	s.err = widgets.NewParagraph("", theme.ColorBad, theme.SizeCaption)
	s.err.Hide()
	for _, a := range c.Addresses {
		s.addLine(a)
	}
	if len(c.Addresses) == 0 {
		s.addLine(store.Address{})
	}
	more := widgets.NewButton(widgets.Plain, theme.IconAdd, lang.L("Another address"), func() {
		w.win.Canvas().Focus(s.addLine(store.Address{}).value)
	})
	cancel := widgets.NewButton(widgets.Neutral, "", lang.L("Cancel"), w.sheet.close)
	save := widgets.NewButton(widgets.Primary, theme.IconCheck, lang.L("Save"), s.save)
	title := lang.L("New contact")
	buttons := container.NewGridWithColumns(2, cancel, save)
	if c.ID != 0 {
		title = lang.L("Edit contact")
	}
	more.Leading = true
	for _, b := range []*widgets.Button{more, cancel, save} {
		w.wire(b)
	}
	caption := func(text string) fyne.CanvasObject { return widgets.Styled(text, theme.ColorMuted, theme.SizeCaption) }
	column := widgets.Column(theme.Gap3,
		widgets.Column(theme.Gap1, caption(lang.L("Name")), s.name),
		widgets.Column(theme.Gap1, caption(lang.L("Addresses and numbers")), s.list, more),
		widgets.Column(theme.Gap1, caption(lang.L("Organisation")), s.company),
		widgets.Column(theme.Gap1, caption(lang.L("Note")), s.note),
		s.star, s.err, buttons)
	w.sheet.open(title, 460, column, s.name)
}

func (s *contactEditor) entry(hint, text string) *widgets.Entry {
	e := widgets.NewEntry(hint)
	e.SetText(text)
	e.OnSubmitted = func(string) { s.save() }
	e.OnChanged = func(string) { s.fail("") }
	s.w.wireEntry(e)
	return e
}

func (s *contactEditor) addLine(a store.Address) *addressLine {
	l := &addressLine{value: s.entry(lang.L("Address or number"), a.Value), label: s.entry(lang.L("Label"), a.Label)}
	drop := widgets.NewButton(widgets.Plain, theme.IconClose, "", func() { s.dropLine(l) })
	s.w.explain(drop, lang.L("Remove this address"), "")
	l.root = widgets.Row(theme.Gap1, widgets.Grow(l.value), fixedWidth(112, l.label), drop)
	s.lines = append(s.lines, l)
	s.list.Add(l.root)
	s.w.sheet.root.Refresh()
	return l
}

func (s *contactEditor) dropLine(l *addressLine) {
	for i, other := range s.lines {
		if other == l {
			s.lines = append(s.lines[:i], s.lines[i+1:]...)
			s.list.Remove(l.root)
			break
		}
	}
	if len(s.lines) == 0 {
		s.addLine(store.Address{})
	}
	s.w.sheet.root.Refresh()
}

// fail says in the sheet what is wrong; "" takes it away.
func (s *contactEditor) fail(text string) {
	if s.err.Text() == text {
		return
	}
	s.err.SetText(text)
	setVisible(s.err, text != "")
	s.w.sheet.root.Refresh()
}

// written is the contact as the sheet has it.
func (s *contactEditor) written() store.Contact {
	c := s.contact
	c.Name, c.Organisation, c.Note = strings.TrimSpace(s.name.Text), strings.TrimSpace(s.company.Text), strings.TrimSpace(s.note.Text)
	c.Favourite, c.Addresses = s.star.Checked, nil
	for _, l := range s.lines {
		if value := strings.TrimSpace(l.value.Text); value != "" {
			c.Addresses = append(c.Addresses, store.Address{Label: strings.TrimSpace(l.label.Text), Value: value})
		}
	}
	return c
}

// save keeps the contact. What the store refuses is said in the sheet.
func (s *contactEditor) save() {
	c, w := s.written(), s.w
	switch {
	case c.Name == "":
		s.fail(lang.L("Enter a name."))
		w.win.Canvas().Focus(s.name)
		return
	case len(c.Addresses) == 0:
		s.fail(lang.L("Enter at least one address or number."))
		w.win.Canvas().Focus(s.lines[0].value)
		return
	}
	w.recorder.do(func() {
		kept, err := w.cfg.Store.SaveContact(c)
		w.presenter.post(func() {
			if err != nil && kept.ID == 0 {
				s.fail(errorText(err))
				return
			}
			w.tell(err)
			w.sheet.close()
		})
	})
}
