package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// maxSuggestions is how many are listed below the field.
const maxSuggestions = 12

// suggestions are who can be meant by what is typed, in place of the lists.
// What is typed can always be called as it is: that is a row of its own.
type suggestions struct {
	w     *window
	list  *widgets.PeopleList
	typed string
	found []store.Suggestion
	asIs  int // the row of what is typed; -1 without one
}

// The buttons of a row.
const (
	suggestVoice = iota
	suggestVideo
)

func newSuggestions(w *window) *suggestions {
	s := &suggestions{w: w, asIs: -1}
	s.list = widgets.NewPeopleList(s.person)
	s.list.Driven = true
	s.list.OnTapped = func(i int) { // chooses: the buttons say how it is called
		s.list.Select(i)
		w.homeScreen.focus()
	}
	s.list.OnAction = func(i, action int, _ fyne.Position) {
		address, _ := s.at(i)
		w.call(address, action == suggestVideo)
	}
	s.list.Tips = w.tips
	s.list.Actions = [3]widgets.Tip{suggestVoice: {Name: lang.L("Voice call")}, suggestVideo: {Name: lang.L("Video call"), Keys: control(lang.X("key.enter", "Enter"))}}
	s.list.OnMenu = s.menu
	s.list.Hide()
	return s
}

// isAddress reports whether what is typed can only be meant as it is: it has a
// domain, or is a number.
func isAddress(typed string) bool {
	_, domain, _ := strings.Cut(typed, "@")
	return domain != "" || strings.Trim(typed, "0123456789+*#()/-. ") == ""
}

// search lists who fits. What is typed comes first if it is an address by
// itself; else the best guess does, and can be seen before it is called.
func (s *suggestions) search(typed string) {
	s.typed = strings.TrimSpace(typed)
	s.found, s.asIs = nil, -1
	chosen := 0
	if s.typed != "" {
		s.found = s.w.cfg.Store.Suggest(s.typed, maxSuggestions)
		s.asIs = len(s.found)
		if isAddress(s.typed) {
			s.asIs = 0
		}
		for i, f := range s.found { // no need to say it twice
			if strings.EqualFold(f.Address, s.typed) || strings.EqualFold(s.w.shortAddress(f.Address), s.typed) {
				s.asIs, chosen = -1, i
				break
			}
		}
	}
	s.list.SetLength(s.rows())
	s.list.ScrollToTop()
	s.list.Select(chosen)
}

func (s *suggestions) rows() int {
	if s.asIs >= 0 {
		return len(s.found) + 1
	}
	return len(s.found)
}

// of is the suggestion of a row; false for what is typed.
func (s *suggestions) of(row int) (store.Suggestion, bool) {
	switch {
	case row == s.asIs || row < 0 || row >= s.rows():
		return store.Suggestion{}, false
	case s.asIs >= 0 && row > s.asIs:
		row--
	}
	return s.found[row], true
}

// at is what a row calls, and how it was called last.
func (s *suggestions) at(row int) (address string, video bool) {
	f, is := s.of(row)
	switch {
	case !is:
		return s.typed, s.w.prefs.video()
	case f.Calls > 0:
		return f.Address, f.Video
	}
	return f.Address, s.w.prefs.video()
}

func (s *suggestions) person(row int) widgets.Person {
	actions := [3]theme.IconName{suggestVoice: theme.IconPhone, suggestVideo: theme.IconVideo}
	f, is := s.of(row)
	if !is {
		return widgets.Person{Name: lang.L("Call “{{.Address}}”", with{"Address": s.typed}), Icon: theme.IconKeypad, Line: lang.L("As it is typed"), Actions: actions}
	}
	p := widgets.Person{Name: f.Name, Address: f.Address, Line: s.w.shortAddress(f.Address), Star: f.Favourite, Actions: actions}
	if p.Name == "" {
		p.Name, p.Line = f.Address, lang.L("From your calls")
	}
	if f.Label != "" {
		p.Line = f.Label + " · " + p.Line
	}
	if f.Calls > 0 {
		p.Side = when(f.Last, s.w.cfg.Now())
	}
	return p
}

func (s *suggestions) menu(row int, at fyne.Position) {
	w := s.w
	address, _ := s.at(row)
	items := []*fyne.MenuItem{
		w.menuItem(theme.IconPhone, lang.L("Voice call"), func() { w.call(address, false) }),
		w.menuItem(theme.IconVideo, lang.L("Video call"), func() { w.call(address, true) }),
		fyne.NewMenuItemSeparator(),
	}
	if c, found := w.cfg.Store.Find(address); found {
		items = append(items, w.menuItem(theme.IconEdit, lang.L("Edit contact"), func() { w.openContactEditor(c) }))
	} else {
		f, _ := s.of(row)
		c := store.Contact{Name: f.Name, Addresses: []store.Address{{Value: address}}}
		items = append(items, w.menuItem(theme.IconAdd, lang.L("Add to contacts"), func() { w.openContactEditor(c) }))
	}
	w.popUp(at, items...)
}

// name is whom a row calls, for a sentence.
func (s *suggestions) name(row int) string {
	f, is := s.of(row)
	switch {
	case !is:
		return s.typed
	case f.Name != "":
		return f.Name
	}
	return f.Address
}
