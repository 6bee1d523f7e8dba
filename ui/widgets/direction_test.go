package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tring/ui/theme"
)

// fromTheRight lays out for Arabic until the test is over.
func fromTheRight(t *testing.T) {
	t.Helper()
	SetRightToLeft(true)
	t.Cleanup(func() { SetRightToLeft(false) })
}

func TestLinesAreOrderedAsTheyAreSeen(t *testing.T) {
	tests := []struct {
		name      string
		fromRight bool
		line      string
		want      []string // the runs from left to right
	}{
		{"an address", true, "you@tring.demo", []string{"you@tring.demo"}},
		{"a sentence", true, "أدخل اسمًا.", []string{".", "أدخل اسمًا"}},
		{"a name in a sentence", true, "اتصل Bob الآن.", []string{".", "الآن", " ", "Bob", " ", "اتصل"}},
		{"two sentences", true, "لا جهاز. لا صوت، هنا.", []string{".", "لا صوت، هنا", ". ", "لا جهاز"}},
		{"a size", true, "صورة (1280×720) هنا", []string{"هنا", ") ", "1280×720", "(", "صورة "}},
		{"a colon", true, "في: call", []string{"call", " ", ":", "في"}},
		{"a number in a sentence", true, "بعد 15 ثانية", []string{"ثانية", " ", "15", " ", "بعد"}},
		{"an Arabic name in English", false, "علي is calling.", []string{"علي", " is calling."}},
		{"two Arabic words and a number in English", false, "Call بعد 15 ثانية now", []string{"Call ", "ثانية", " ", "15", " ", "بعد", " now"}},
		{"English", false, "Call Bob.", []string{"Call Bob."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.fromRight {
				fromTheRight(t)
			}
			strip := func(s string) string { return strings.NewReplacer(leftMark, "", rightMark, "").Replace(s) }
			if got, want := strip(visual(tt.line)), strip(strings.Join(tt.want, "")); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// The marks must not show and take no room.
func TestMarksTakeNoRoom(t *testing.T) {
	test.NewTempApp(t)
	fromTheRight(t)
	for _, line := range []string{"أدخل اسمًا.", "بعد 15 ثانية"} {
		plain := fyne.MeasureText(line, 14, fyne.TextStyle{}).Width
		if marked := fyne.MeasureText(visual(line), 14, fyne.TextStyle{}).Width; marked < plain-2 || marked > plain+2 {
			t.Errorf("%q is %v wide, with marks %v", line, plain, marked)
		}
	}
}

func TestRowsAreMirrored(t *testing.T) {
	test.NewTempApp(t)
	place := func() (icon, word float32) {
		a, b := NewIcon(theme.IconEye, theme.ColorText, 18), Styled("Sound", theme.ColorText, theme.SizeBody)
		row := Row(theme.Gap2, a, Grow(b))
		row.Resize(fyne.NewSize(300, 40))
		return a.Position().X, row.Objects[1].Position().X
	}
	if icon, word := place(); icon != 0 || word <= icon {
		t.Errorf("the icon is at %v, the word at %v", icon, word)
	}
	fromTheRight(t)
	if icon, word := place(); icon != 300-18 || word != 0 {
		t.Errorf("from the right the icon is at %v, the word at %v", icon, word)
	}
	line := test.WidgetRenderer(Styled("x", theme.ColorText, theme.SizeBody)).Objects()[0].(*canvas.Text)
	if line.Alignment != fyne.TextAlignTrailing {
		t.Errorf("lines begin at %v", line.Alignment)
	}
}

func TestSegmentsFromTheRight(t *testing.T) {
	test.NewTempApp(t)
	fromTheRight(t)
	s := NewSegments(nil, "a", "b", "c")
	s.Resize(fyne.NewSize(300, 44))
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if s.Chosen() != 1 {
		t.Errorf("Left chooses %d, want the next one", s.Chosen())
	}
	test.TapAt(s, fyne.NewPos(10, 20))
	if s.Chosen() != 2 {
		t.Errorf("the left end is %d, want the last one", s.Chosen())
	}
}

// A word that would be cut gets room from the others.
func TestSegmentsGiveLongWordsRoom(t *testing.T) {
	test.NewTempApp(t)
	s := NewSegments(nil, "Bild", "Ton", "Klingelzeichen")
	s.Resize(fyne.NewSize(220, 44))
	var words []string
	for _, o := range test.WidgetRenderer(s).Objects() {
		if w, is := o.(*canvas.Text); is && w.Text != "0" {
			words = append(words, w.Text)
		}
	}
	if got := strings.Join(words, " "); got != "Bild Ton Klingelzeichen" {
		t.Errorf("the bar says %q", got)
	}
	test.TapAt(s, fyne.NewPos(110, 20))
	if s.Chosen() != 2 {
		t.Errorf("its middle is word %d", s.Chosen())
	}
}
