package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"tring/ui/store"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// seenAfter is how long after somebody did something in front of the list the
// missed calls in it count as seen. An open window alone is not looked at.
const seenAfter = 3 * time.Second

// recentCalls is the history, the newest call first.
type recentCalls struct {
	w       *window
	root    *fyne.Container
	list    *widgets.PeopleList
	empty   fyne.CanvasObject
	entries []store.Entry
	day     int       // of the year, for which the times of the rows are good
	noticed time.Time // since when somebody looks at it; zero while nobody does
	missed  int       // unseen ones, as they were shown last

	onReload func() // told when entries changed

	// doomed are calls that were deleted, until it is too late for Undo.
	doomed map[int64]time.Time
}

// The buttons of a row.
const (
	recentCall = iota
	recentMore
)

func newRecentCalls(w *window) *recentCalls {
	r := &recentCalls{w: w, doomed: map[int64]time.Time{}}
	r.list = widgets.NewPeopleList(func(i int) widgets.Person { return r.person(r.entries[i]) })
	r.list.OnTapped = func(i int) { w.openDetails(r.entries[i].ID) }
	r.list.OnEnter = func(i int) { r.redial(r.entries[i]) }
	r.list.OnMenu = r.menu
	r.list.OnHover = r.notice
	r.list.OnDelete = func(i int) { r.remove(r.entries[i]) }
	r.list.OnAction = func(i, action int, at fyne.Position) {
		if action == recentCall {
			r.redial(r.entries[i])
			return
		}
		r.menu(i, at)
	}
	r.list.Tips = w.tips
	r.list.Actions = [3]widgets.Tip{recentCall: {Name: lang.L("Call again")}, recentMore: {Name: lang.L("What else can be done")}}
	r.empty = emptyWords(theme.IconClock, lang.L("No calls yet"),
		lang.L("Calls that you make, receive or miss will be listed here, with a button to call back."))
	r.root = container.NewStack(r.empty, r.list)
	return r
}

// reload takes what the history holds now.
func (r *recentCalls) reload() {
	all := r.w.cfg.Store.History(store.Query{Limit: store.MaxCalls})
	r.entries = slices.DeleteFunc(all, func(e store.Entry) bool {
		_, is := r.doomed[e.ID]
		return is
	})
	r.list.SetLength(len(r.entries))
	setVisible(r.empty, len(r.entries) == 0)
	setVisible(r.list, len(r.entries) > 0)
	n := r.unseen()
	if n > r.missed {
		r.noticed = time.Time{}
	}
	r.missed = n
	if r.onReload != nil {
		r.onReload()
	}
}

// unseen counts the missed calls that nobody saw yet.
func (r *recentCalls) unseen() int {
	n := 0
	for _, e := range r.entries {
		if e.Outcome == store.Missed && !e.Seen {
			n++
		}
	}
	return n
}

func (r *recentCalls) person(e store.Entry) widgets.Person {
	icon, color, words := historyWords(e)
	p := widgets.Person{
		Name: r.w.entryName(e), Address: e.Address, Line: words, LineIcon: icon, LineColor: color,
		Side: when(e.Began, r.w.cfg.Now()), Strong: e.Outcome == store.Missed && !e.Seen,
	}
	if e.Address != "" {
		p.Actions[recentCall] = theme.IconPhone
		if e.Video {
			p.Actions[recentCall] = theme.IconVideo
		}
	}
	if e.Address == "" {
		p.Icon = theme.IconPerson
	}
	p.Actions[recentMore] = theme.IconMore
	return p
}

// redial calls in the mode of the call before.
func (r *recentCalls) redial(e store.Entry) { r.w.call(e.Address, e.Video) }

func (r *recentCalls) menu(i int, at fyne.Position) {
	w, e := r.w, r.entries[i]
	details := w.menuItem(theme.IconInfo, lang.L("Details"), func() { w.openDetails(e.ID) })
	remove := w.menuItem(theme.IconDelete, lang.L("Delete"), func() { r.remove(e) })
	if e.Address == "" {
		w.popUp(at, details, remove)
		return
	}
	items := []*fyne.MenuItem{
		w.menuItem(theme.IconPhone, lang.L("Voice call"), func() { w.call(e.Address, false) }),
		w.menuItem(theme.IconVideo, lang.L("Video call"), func() { w.call(e.Address, true) }),
		fyne.NewMenuItemSeparator(),
	}
	if c, found := w.cfg.Store.Find(e.Address); found {
		items = append(items, w.menuItem(theme.IconEdit, lang.L("Edit contact"), func() { w.openContactEditor(c) }))
	} else {
		items = append(items, w.menuItem(theme.IconAdd, lang.L("Add to contacts"), func() { w.openContactEditor(contactOf(e)) }))
	}
	w.popUp(at, append(items, details, fyne.NewMenuItemSeparator(), remove)...)
}

// remove takes a call from sight at once, and from the history when Undo is
// gone: what is deleted there would come back as a new call.
func (r *recentCalls) remove(e store.Entry) {
	r.doomed[e.ID] = r.w.cfg.Now().Add(noteShown)
	r.reload()
	r.w.say(note{about: "deleted call", icon: theme.IconDelete, text: lang.L("The call was deleted."), undo: func() {
		delete(r.doomed, e.ID)
		r.reload()
	}})
}

// tick deletes what can no longer be undone, and notes that missed calls were seen.
func (r *recentCalls) tick(now time.Time, watched bool) {
	for id, until := range r.doomed {
		if !now.Before(until) {
			r.bury(id)
		}
	}
	if day := now.Local().YearDay(); day != r.day { // Today is Yesterday now
		r.day = day
		r.list.Refresh()
	}
	switch {
	case !watched:
		r.noticed = time.Time{}
	case r.missed > 0 && !r.noticed.IsZero() && now.Sub(r.noticed) >= seenAfter:
		r.w.change(r.w.cfg.Store.MarkSeen)
	}
}

// notice says that somebody does something in front of the window.
func (r *recentCalls) notice() {
	home := r.w.homeScreen
	if home != nil && r.noticed.IsZero() && home.watched() {
		r.noticed = r.w.cfg.Now()
	}
}

// bury deletes a call for good.
func (r *recentCalls) bury(id int64) {
	r.w.change(func() error { return r.w.cfg.Store.DeleteCall(id) })
	delete(r.doomed, id)
}

// buryAll is for the end of the program.
func (r *recentCalls) buryAll() {
	for id := range r.doomed {
		r.bury(id)
	}
}

// change changes the store where waiting for the disk hurts nobody. What goes
// wrong is told.
func (w *window) change(job func() error) {
	w.recorder.do(func() {
		if err := job(); err != nil {
			w.presenter.post(func() { w.tell(err) })
		}
	})
}
