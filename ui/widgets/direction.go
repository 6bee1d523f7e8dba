package widgets

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"golang.org/x/text/unicode/bidi"
)

// rightToLeft: the window is laid out for a language that is written so. It is
// set before the window is made, on the main goroutine, and never again.
var rightToLeft bool

// SetRightToLeft says how windows made from now on are laid out.
func SetRightToLeft(on bool) { rightToLeft = on }

// RightToLeft reports how windows are laid out.
func RightToLeft() bool { return rightToLeft }

// Mirror moves objects that were placed from left to right in a room of that
// width to the other side, where a language needs it.
func Mirror(width float32, objects ...fyne.CanvasObject) {
	if !rightToLeft {
		return
	}
	for _, o := range objects {
		o.Move(fyne.NewPos(width-o.Position().X-o.Size().Width, o.Position().Y))
	}
}

// align is where lines begin.
func align(a fyne.TextAlign) fyne.TextAlign {
	if rightToLeft {
		switch a {
		case fyne.TextAlignLeading:
			return fyne.TextAlignTrailing
		case fyne.TextAlignTrailing:
			return fyne.TextAlignLeading
		}
	}
	return a
}

// Marks without a glyph that keep a run of text in one direction.
const (
	leftMark  = "\u200e"
	rightMark = "\u200f"
)

// visual is a line as Fyne has to be given it. Fyne shapes each run of one
// direction rightly, and puts the runs side by side from left to right, as if
// every line began at the left. So the runs are put here into the order in which
// they are seen (UAX #9, rule L2), each between marks that keep its punctuation
// with it. Lines without letters from right to left stay as they are.
func visual(line string) string {
	if !strings.ContainsFunc(line, fromRight) {
		return line
	}
	base := leftMark // the first letter with a direction gives the line its own
	if rightToLeft {
		base = rightMark
	}
	line = betweenNumbers.ReplaceAllString(line, "$1"+leftMark+"×"+leftMark+"$2")
	var p bidi.Paragraph
	if _, err := p.SetString(base + line); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	runs := make([]run, order.NumRuns())
	for i := range runs {
		r := order.Run(i)
		runs[i] = run{strings.TrimPrefix(r.String(), base), r.Direction() == bidi.RightToLeft}
	}
	reorder(runs)
	if runs = byFont(runs); len(runs) == 1 {
		return line
	}
	var b strings.Builder
	for _, r := range runs {
		mark := leftMark
		if r.fromRight {
			mark = rightMark
		}
		b.WriteString(mark + r.text + mark)
	}
	return b.String()
}

// betweenNumbers is the sign of sizes, which by itself would turn their numbers
// round after an Arabic letter (UAX #9, rule W2).
var betweenNumbers = regexp.MustCompile(`(\d)×(\d)`)

// run is a part of a line that is written in one direction.
type run struct {
	text      string
	fromRight bool
}

// reorder puts runs into the order in which they are seen from left to right. In
// a line that begins at the right that is the other way round; in one that begins
// at the left only runs from right to left, with the numbers between them, are
// turned.
func reorder(runs []run) {
	if rightToLeft {
		slices.Reverse(runs)
		return
	}
	for from := 0; from < len(runs); from++ {
		if !runs[from].fromRight {
			continue
		}
		to := from + 1
		for to+1 < len(runs) && runs[to+1].fromRight && !strings.ContainsFunc(runs[to].text, unicode.IsLetter) {
			to += 2
		}
		slices.Reverse(runs[from:to])
		from = to
	}
}

// byFont cuts what is written from right to left where letters meet signs that
// the Latin font has as well, and puts the parts into the order in which they are
// seen.
func byFont(runs []run) (parts []run) {
	for _, r := range runs {
		if !r.fromRight {
			if r.text != "" {
				parts = append(parts, r)
			}
			continue
		}
		cut := splitRun(r.text)
		slices.Reverse(cut)
		parts = append(parts, cut...)
	}
	return parts
}

// splitRun cuts a run before and after its letters' font changes. Spaces at the
// ends belong to no font and stand alone.
func splitRun(text string) (cut []run) {
	inner := strings.TrimSpace(text)
	at := strings.Index(text, inner)
	add := func(part string) {
		if part != "" { // spaces between two signs would else be shaped with both
			cut = append(cut, run{part, strings.TrimSpace(part) != ""})
		}
	}
	add(text[:at])
	start, latin := 0, false
	for i, c := range inner {
		if is := latinSign(c); is != latin && !unicode.IsSpace(c) {
			add(inner[start:i])
			start, latin = i, is
		}
	}
	add(inner[start:])
	add(text[at+len(inner):])
	return cut
}

// latinSign reports whether a character between letters from right to left is one
// of all scripts. Spaces have no font.
func latinSign(r rune) bool {
	return unicode.Is(unicode.Common, r) && r < 0x3000 && !unicode.Is(arabicSigns, r) && !unicode.IsSpace(r)
}

// arabicSigns are those of all scripts that only Arabic fonts have: comma,
// semicolon, question mark, tatweel and marks of vowels.
var arabicSigns = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x0600, Hi: 0x06ff, Stride: 1}}}

// fromRight reports whether a character is written from right to left.
func fromRight(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}
