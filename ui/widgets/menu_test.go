package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestMenu(t *testing.T) {
	m := NewMenu()
	var chosen []string
	var lit []float32
	var rest []fyne.KeyName
	m.OnChosen = func(v string) { chosen = append(chosen, v) }
	m.OnLit = func(top, _ float32) { lit = append(lit, top) }
	m.OnKey = func(k *fyne.KeyEvent) { rest = append(rest, k.Name) }
	items := []MenuItem{{Title: true, Text: "Microphone"}, {Text: "A", Value: "a"}, {Text: "B", Value: "b", Checked: true}, {Title: true, Text: "Speaker"}, {Text: "C", Value: "c"}}
	m.SetItems(items)
	w := shown(t, m, 300, 300)
	w.Canvas().Focus(m)
	m.LightChecked()
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyDown, fyne.KeySpace, fyne.KeyDown, fyne.KeyUp, fyne.KeyHome, fyne.KeyUp, fyne.KeyEnter, fyne.KeyEnd, fyne.KeyEscape} {
		m.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if want := []string{"b", "c", "a"}; !slices.Equal(chosen, want) {
		t.Errorf("chosen %q, want %q", chosen, want)
	}
	if want := []float32{menuTitle + 2*menuLine + menuTitle, menuTitle + menuLine, menuTitle, menuTitle + 2*menuLine + menuTitle}; !slices.Equal(lit, want) {
		t.Errorf("lit at %v, want %v", lit, want)
	}
	if !slices.Equal(rest, []fyne.KeyName{fyne.KeyEscape}) {
		t.Errorf("left over %v", rest)
	}

	// C is lit; something is plugged in before it, then it goes.
	m.SetItems(slices.Insert(slices.Clone(items), 3, MenuItem{Text: "New", Value: "n"}))
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	m.SetItems(items[:4])
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // nothing is lit
	if want := []string{"b", "c", "a", "c"}; !slices.Equal(chosen, want) {
		t.Errorf("after changes: chosen %q, want %q", chosen, want)
	}

	at := func(y float32) fyne.Position { return fyne.NewPos(20, y) }
	m.Tapped(&fyne.PointEvent{Position: at(10)}) // a title
	m.Tapped(&fyne.PointEvent{Position: at(menuTitle + 10)})
	m.Tapped(&fyne.PointEvent{Position: at(290)}) // below
	if want := []string{"b", "c", "a", "c", "a"}; !slices.Equal(chosen, want) {
		t.Errorf("by the pointer: chosen %q, want %q", chosen, want)
	}
	w.Canvas().Unfocus()
	m.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(menuTitle + 10)}})
	if m.lit != 1 {
		t.Errorf("under the pointer is lit %d", m.lit)
	}
	m.MouseOut()
	if m.lit != -1 {
		t.Error("it stays lit without the pointer")
	}
	test.RenderToMarkup(w.Canvas())
}
