package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tring/ui/theme"
)

func press(f fyne.Focusable, keys ...fyne.KeyName) {
	for _, k := range keys {
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func newPeople(t *testing.T, n int) (*PeopleList, fyne.Window) {
	t.Helper()
	newApp(t)
	l := NewPeopleList(func(i int) Person {
		return Person{Name: fmt.Sprintf("Person %d", i), Address: "x", Actions: [3]theme.IconName{theme.IconPhone, "", theme.IconMore}}
	})
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(400, 300))
	l.SetLength(n)
	return l, w
}

// rowsShown are the rows in sight.
func rowsShown(l *PeopleList) (first, last int) {
	first = -1
	for _, r := range l.rows {
		if !r.Visible() {
			continue
		}
		if first < 0 || r.index < first {
			first = r.index
		}
		last = max(last, r.index)
	}
	return first, last
}

func TestLongListHasFewRows(t *testing.T) {
	l, _ := newPeople(t, 5000)
	for _, at := range []int{0, 2500, 4999, 17} {
		l.Select(at)
		if first, last := rowsShown(l); first > at || last < at || len(l.rows) > 8 {
			t.Errorf("row %d: %d rows, from %d to %d", at, len(l.rows), first, last)
		}
	}
	l.SetLength(3)
	if first, last := rowsShown(l); first != 0 || last != 2 || l.Selected() != 2 {
		t.Errorf("shortened: rows %d to %d, chosen %d", first, last, l.Selected())
	}
	l.SetLength(0)
	if first, _ := rowsShown(l); first != -1 || l.Selected() != -1 {
		t.Errorf("emptied: first row %d, chosen %d", first, l.Selected())
	}
}

func TestPeopleListByKeys(t *testing.T) {
	l, w := newPeople(t, 100)
	var done []string
	note := func(what string) func(int) { return func(row int) { done = append(done, fmt.Sprint(what, row)) } }
	l.OnEnter, l.OnDelete = note("enter"), note("delete")
	l.OnMenu = func(row int, _ fyne.Position) { note("menu")(row) }
	l.OnLeave = func() { done = append(done, "leave") }
	w.Canvas().Focus(l)
	press(l, fyne.KeyUp, fyne.KeyReturn, fyne.KeyDown, fyne.KeyDelete, fyne.KeyEnd, fyne.KeySpace, fyne.KeyPageUp, desktop.KeyMenu, fyne.KeyHome, fyne.KeyEnter)
	if got := fmt.Sprint(done); got != "[leave enter0 delete1 menu99 menu96 enter0]" {
		t.Errorf("did %s", got)
	}
	w.Canvas().Unfocus()
	if l.Selected() != -1 {
		t.Error("without the keyboard no row may look chosen")
	}
}

func TestRowButtons(t *testing.T) {
	l, _ := newPeople(t, 10)
	got := ""
	l.OnAction = func(row, action int, _ fyne.Position) { got += fmt.Sprint(row, action, " ") }
	l.OnTapped = func(row int) { got += fmt.Sprint("row", row, " ") }
	for _, o := range test.LaidOutObjects(l) {
		if a, is := o.(*rowAction); is && a.Visible() && a.row.index == 1 {
			test.Tap(a)
		}
	}
	test.Tap(l.rows[3])
	if got != "1 0 1 2 row3 " {
		t.Errorf("got %q", got)
	}
}

func TestSegments(t *testing.T) {
	newApp(t)
	var told []int
	s := NewSegments(func(i int) { told = append(told, i) }, "One", "Two", "Three")
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(320, 60))
	press(s, fyne.KeyLeft, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(4, 4)})
	s.Choose(0)
	s.Choose(7)
	if fmt.Sprint(told) != "[1 2 0]" || s.Chosen() != 0 {
		t.Errorf("told %v, chosen %d", told, s.Chosen())
	}
	s.SetBadge(1, 120)
	if !strings.Contains(test.RenderObjectToMarkup(s), "99+") {
		t.Error("the number is missing")
	}
}
