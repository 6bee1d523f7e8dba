package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// nameCalls gives callers the names that they have among the contacts.
func (w *window) nameCalls(s *engine.Snapshot) {
	for i, c := range s.Calls {
		name := w.knownName(c.RemoteAddress, c.RemoteName)
		if name == c.RemoteName {
			continue
		}
		calls := append([]engine.Call(nil), s.Calls...) // the engine's own stays as it is
		calls[i].RemoteName = name
		s.Calls = calls
	}
}

// knownName is the contact's name of an address, else the one given.
func (w *window) knownName(address, given string) string {
	if address != "" {
		if c, found := w.cfg.Store.Find(address); found && c.Name != "" {
			return c.Name
		}
	}
	return given
}

// entryName is how the other side of a call of the history is called.
func (w *window) entryName(e store.Entry) string {
	switch name := strings.TrimSpace(w.knownName(e.Address, e.Name)); {
	case name != "":
		return name
	case e.Address != "":
		return e.Address
	default:
		return lang.L("Unknown caller")
	}
}

// peopleChanged shows what the store holds now.
func (w *window) peopleChanged() {
	s := w.view.snapshot
	w.nameCalls(&s)
	w.view.snapshot = s
	w.view.stored = w.cfg.Store.Problem()
	w.homeScreen.reload()
	w.redraw()
}

// shortAddress is an address without the own domain.
func (w *window) shortAddress(address string) string {
	_, domain, _ := strings.Cut(w.view.snapshot.Registration.Address, "@")
	if user, of, is := strings.Cut(address, "@"); is && domain != "" && strings.EqualFold(of, domain) {
		return user
	}
	return address
}

// popUp shows a menu near a place of the window.
func (w *window) popUp(at fyne.Position, items ...*fyne.MenuItem) {
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), w.win.Canvas())
	least, size := menu.MinSize(), w.win.Canvas().Size()
	at.X = max(0, min(at.X, size.Width-least.Width))
	at.Y = max(0, min(at.Y, size.Height-least.Height))
	menu.ShowAtPosition(at)
}

func (w *window) menuItem(icon theme.IconName, word string, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(word, do)
	item.Icon = theme.MenuIcon(icon, w.win.Canvas().Scale())
	return item
}

// emptyWords say in place of an empty list what will be there.
func emptyWords(icon theme.IconName, title, text string, more ...fyne.CanvasObject) fyne.CanvasObject {
	heading := widgets.NewParagraph(title, theme.ColorText, theme.SizeSubheading).Center()
	heading.Bold = true
	column := widgets.Column(theme.Gap2,
		widgets.Row(0, layout.NewSpacer(), widgets.NewIcon(icon, theme.ColorMuted, 40), layout.NewSpacer()),
		heading, widgets.NewParagraph(text, theme.ColorMuted, theme.SizeBody).Center())
	for _, o := range more {
		column.Add(o)
	}
	return container.NewVScroll(widgets.Narrow(360, true, widgets.Pad(theme.Gap4, theme.Gap2, column)))
}
