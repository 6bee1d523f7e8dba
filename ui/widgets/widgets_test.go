package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tring/ui/theme"
)

func TestInitials(t *testing.T) {
	tests := []struct{ name, address, want string }{
		{"Bob Smith", "x@y", "BS"},
		{"bob", "", "B"},
		{"", "bob.smith@example.com", "BS"},
		{"", "bob@example.com", "B"},
		{"Ångström Éclair", "", "ÅÉ"},
		{"Anna Maria von der Heide", "", "AH"},
		{"", "+4930123", "#"},
		{"  ", "", "?"},
		{"山田 太郎", "", "山太"},
	}
	for _, tt := range tests {
		if got := Initials(tt.name, tt.address); got != tt.want {
			t.Errorf("Initials(%q, %q) = %q, want %q", tt.name, tt.address, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	newApp(t)
	w := newWrapper(14, fyne.TextStyle{})
	text := "The camera is used by another program. Close that program, then turn the camera on again."
	lines := w.lines(text, 200, 0)
	if len(lines) < 3 {
		t.Fatalf("only %d lines", len(lines))
	}
	for _, line := range lines {
		if w.width(line) > 200 {
			t.Errorf("line %q is wider than asked for", line)
		}
	}
	if strings.Join(lines, " ") != text {
		t.Errorf("words got lost: %q", lines)
	}
	cut := w.lines(text, 200, 2)
	if len(cut) != 2 || !strings.HasSuffix(cut[1], "…") {
		t.Errorf("cut to two lines: %q", cut)
	}
	for _, line := range w.lines("Wolfeschlegelsteinhausen-Bergerdorff "+strings.Repeat("x", 200), 150, 0) {
		if w.width(line) > 150 {
			t.Errorf("%q is too wide", line)
		}
	}
	if got := w.lines("one\ntwo", 500, 0); len(got) != 2 {
		t.Errorf("a line end was lost: %q", got)
	}
	if got := w.lines("word", 0, 0); len(got) != 1 {
		t.Errorf("without room: %q", got)
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("some words that wrap", float32(60))
	f.Add("é-ü\xff\n-", float32(1))
	f.Fuzz(func(t *testing.T, text string, width float32) {
		if len(text) > 500 {
			return
		}
		w := newWrapper(14, fyne.TextStyle{})
		for _, line := range w.lines(text, width, 3) {
			if strings.ContainsRune(line, '\n') {
				t.Errorf("a line holds a line end: %q", line)
			}
		}
	})
}

func TestCutTo(t *testing.T) {
	newApp(t)
	long := "Dr. Wolfeschlegelsteinhausen-Bergerdorff"
	cut := cutTo(long, 100, 14, fyne.TextStyle{})
	if !strings.HasSuffix(cut, "…") || fyne.MeasureText(cut, 14, fyne.TextStyle{}).Width > 100 {
		t.Errorf("cut to %q", cut)
	}
	if got := cutTo("Bob", 100, 14, fyne.TextStyle{}); got != "Bob" {
		t.Errorf("a short text became %q", got)
	}
}

func TestParagraphHeightFollowsWidth(t *testing.T) {
	newApp(t)
	p := NewParagraph(strings.Repeat("some words ", 20), theme.ColorText, theme.SizeBody)
	if p.HeightFor(150) <= p.HeightFor(600) {
		t.Error("a narrow paragraph must be higher")
	}
	column := Column(theme.Gap2, Pad(4, 4, p))
	column.Resize(fyne.NewSize(158, 1000))
	if got, want := p.Size().Height, p.HeightFor(150); got != want {
		t.Errorf("laid out %v high, want %v", got, want)
	}
}

func TestButtonKeysAndState(t *testing.T) {
	pressed, passed := 0, []fyne.KeyName{}
	b := NewButton(Primary, theme.IconPhone, "Call", func() { pressed++ })
	b.OnKey = func(k *fyne.KeyEvent) { passed = append(passed, k.Name) }
	w := shown(t, b, 200, 60)
	w.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyM} {
		b.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if pressed != 2 || !slices.Equal(passed, []fyne.KeyName{fyne.KeyM}) {
		t.Errorf("pressed %d times, passed on %v", pressed, passed)
	}
	b.Disable()
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if pressed != 2 {
		t.Error("a disabled button was pressed")
	}
	if b.Cursor() != desktop.DefaultCursor {
		t.Error("a disabled button invites to be clicked")
	}
	if h := b.MinSize().Height; h < theme.Touch {
		t.Errorf("a button is only %v high", h)
	}
}

func TestDialPad(t *testing.T) {
	var digits string
	erased, others := 0, 0
	p := NewDialPad(false, func(d string) { digits += d })
	p.OnBackspace = func() { erased++ }
	p.OnKey = func(*fyne.KeyEvent) { others++ }
	w := shown(t, p, 300, 300)
	w.Canvas().Focus(p)
	test.Type(p, "12*#0x")
	p.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	p.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	test.TapCanvas(w.Canvas(), fyne.NewPos(150, 20)) // the 2
	if digits != "12*#02" || erased != 1 || others != 1 {
		t.Errorf("digits %q, erased %d, others %d", digits, erased, others)
	}
	if h := (&dialKeyRenderer{}).MinSize().Height; h < theme.Touch {
		t.Errorf("a key is only %v high", h)
	}
}

func TestEntryOffersKeysToTheWindow(t *testing.T) {
	var used []string
	e := NewEntry("")
	e.OnShortcut = func(s *desktop.CustomShortcut) bool { used = append(used, string(s.KeyName)); return true }
	e.OnKey = func(k *fyne.KeyEvent) bool { used = append(used, string(k.Name)); return true }
	shown(t, e, 200, 40).Canvas().Focus(e)
	e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyA, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	test.Type(e, "bob")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	if e.SelectedText() != "bob" {
		t.Error("the field's own shortcuts must go on working")
	}
	if !slices.Equal(used, []string{"A", "F1"}) {
		t.Errorf("offered %v", used)
	}
}

func TestLogListIsBounded(t *testing.T) {
	l := NewLogList()
	shown(t, l, 300, 400)
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for i := range 45 {
		lines := make([]LogLine, 100)
		for j := range lines {
			lines[j] = LogLine{Time: at, Name: "call:start", Text: fmt.Sprintf("line %d", i*100+j)}
		}
		l.Append(lines...)
	}
	if n := len(l.Lines()); n > maxLogLines || n < maxLogLines-logTrim {
		t.Errorf("holds %d lines", n)
	}
	if last := l.Lines()[len(l.Lines())-1].Text; last != "line 4499" {
		t.Errorf("the newest is %q", last)
	}
	l.Append(make([]LogLine, 3*maxLogLines)...)
	if n := len(l.Lines()); n > maxLogLines {
		t.Errorf("holds %d lines after one huge batch", n)
	}
	l.Clear()
	if len(l.Lines()) != 0 {
		t.Error("Clear left something")
	}
}

func TestLogListFollowsTheEndUnlessRead(t *testing.T) {
	l := NewLogList()
	shown(t, l, 300, 200)
	line := LogLine{Name: "call:start", Text: "some text"}
	for range 50 {
		l.Append(line)
	}
	end := l.list.GetScrollOffset()
	if end == 0 {
		t.Fatal("it did not follow the end")
	}
	l.list.ScrollToOffset(40)
	l.Append(line)
	if got := l.list.GetScrollOffset(); got != 40 {
		t.Errorf("it jumped from 40 to %v while being read", got)
	}
}

func TestSelectLeavesEscape(t *testing.T) {
	var passed []fyne.KeyName
	s := NewSelect([]string{"a", "b"}, "a", nil)
	s.OnKey = func(k *fyne.KeyEvent) { passed = append(passed, k.Name) }
	shown(t, s, 200, 40)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if !slices.Equal(passed, []fyne.KeyName{fyne.KeyEscape}) || s.Selected != "b" {
		t.Errorf("passed on %v, selected %q", passed, s.Selected)
	}
}

func BenchmarkLogAppend(b *testing.B) {
	test.NewTempApp(b)
	l := NewLogList()
	l.Resize(fyne.NewSize(300, 400))
	test.NewTempWindow(b, l)
	line := LogLine{Name: "call:stateChange", Text: "Initiated → Ringing, as some words that need two lines at least."}
	for b.Loop() {
		l.Append(line)
	}
}

func TestFlowGoesOnInAnotherLine(t *testing.T) {
	newApp(t)
	box := func(width float32) fyne.CanvasObject {
		r := canvas.NewRectangle(nil)
		r.SetMinSize(fyne.NewSize(width, 40))
		return r
	}
	for _, tt := range []struct {
		align fyne.TextAlign
		width float32
		want  []fyne.Position
	}{
		{fyne.TextAlignLeading, 320, []fyne.Position{{}, {X: 110}, {X: 220}}},
		{fyne.TextAlignTrailing, 400, []fyne.Position{{X: 80}, {X: 190}, {X: 300}}},
		{fyne.TextAlignTrailing, 250, []fyne.Position{{X: 40}, {X: 150}, {X: 150, Y: 50}}},
		{fyne.TextAlignCenter, 250, []fyne.Position{{X: 20}, {X: 130}, {X: 75, Y: 50}}},
		{fyne.TextAlignCenter, 60, []fyne.Position{{}, {Y: 50}, {Y: 100}}}, // too narrow for any
	} {
		f := Flow(10, tt.align, box(100), box(100), box(100))
		height := HeightFor(f, tt.width)
		f.Resize(fyne.NewSize(tt.width, height))
		for i, o := range f.Objects {
			if o.Position() != tt.want[i] {
				t.Errorf("align %d in %v: box %d is at %v, want %v", tt.align, tt.width, i, o.Position(), tt.want[i])
			}
		}
		if last := tt.want[2].Y + 40; height != last || f.MinSize().Height != last {
			t.Errorf("in %v it needs %v, in the end %v, want %v", tt.width, height, f.MinSize().Height, last)
		}
	}
	// Beside what leaves it room, else below, in as many lines as it needs.
	for _, tt := range []struct{ width, height float32 }{{600, 40}, {330, 90}, {250, 140}} {
		f := Fold(10, box(120), Flow(10, fyne.TextAlignTrailing, box(100), box(100), box(100)))
		if got := HeightFor(f, tt.width); got != tt.height {
			t.Errorf("folded in %v it needs %v, want %v", tt.width, got, tt.height)
		}
	}
}
