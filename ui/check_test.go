package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/ui/uitest"
	"tring/ui/widgets"
)

// checking opens the sheet and has the engine tell results of the check.
func (d *desk) checking(results []engine.CheckResult, over bool) {
	d.t.Helper()
	d.w.openCheck()
	d.until("the check", d.fake.Checking)
	d.fake.TellCheck(results...)
	last := results[len(results)-1].Cause
	d.until("the last result", func() bool { return contains(d.markup(), translate(last)) })
	if over {
		d.fake.EndCheck()
		d.until("the end", func() bool { return !d.button("Check again").Disabled() })
	}
}

// sheetButton finds a button of the sheet: the log has one to copy, too.
func (d *desk) sheetButton(word string) *widgets.Button {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.w.sheet.root) {
		if b, is := o.(*widgets.Button); is && b.Text() == word {
			return b
		}
	}
	d.t.Fatalf("the sheet has no button %q", word)
	return nil
}

func TestCheckSheet(t *testing.T) {
	for _, tt := range []struct {
		name    string
		results []engine.CheckResult
		over    bool
	}{
		{"running", uitest.CheckHalfway(), false},
		{"well", uitest.CheckWell(), true},
		{"troubled", uitest.CheckTroubled(), true},
	} {
		for prefix, size := range map[string]fyne.Size{"check-": windowSize, "small-check-": small} {
			t.Run(prefix+tt.name, func(t *testing.T) {
				d := newDesk(t, options{account: uitest.Alice, size: size, prefs: func(p prefs) { p.setEchoContact("echo@example.com") }})
				d.showState("home")
				d.checking(tt.results, tt.over)
				d.resize(size)
				test.AssertRendersToMarkup(t, prefix+tt.name+".xml", d.w.win.Canvas())
			})
		}
	}
}

func TestCheckIsAskedForAndGivenUp(t *testing.T) {
	d := atHome(t, options{})
	d.w.openPreview()
	test.Tap(d.button("Check before a call"))
	d.until("the check", d.fake.Checking)
	if !d.button("Check again").Disabled() || !d.sheetButton("Copy").Disabled() {
		t.Error("there is something to do before it is over")
	}
	d.wantAsked("Check " + uitest.Alice.Server + " ")
	d.key(fyne.KeyEscape)
	d.until("its end", func() bool { return !d.fake.Checking() })
	d.w.openCheck() // at once again
	d.until("the next check", d.fake.Checking)
	d.fake.TellCheck(uitest.CheckWell()...)
	d.fake.EndCheck()
	d.until("the end", func() bool { return contains(d.markup(), "All is well.") })
}

func TestCheckAgain(t *testing.T) {
	d := atHome(t, options{})
	d.checking(uitest.CheckTroubled(), true)
	if !contains(d.markup(), "Calls will lack something.", "Does not work: Microphone, Server.") {
		t.Error("the result is not said")
	}
	d.asked()
	for _, o := range test.LaidOutObjects(d.w.sheet.root) {
		if e, is := o.(*widgets.Entry); is {
			d.w.win.Canvas().Focus(e)
			d.typeText("echo@example.com")
			e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}
	d.until("the check", d.fake.Checking)
	d.wantAsked("Check " + uitest.Alice.Server + " echo@example.com")
	if contains(d.markup(), "No sound at all comes") {
		t.Error("what was found before is still there")
	}
	if got := d.w.prefs.echoContact(); got != "echo@example.com" {
		t.Errorf("%q is kept", got)
	}
	d.fake.TellCheck(uitest.CheckWell()...)
	d.fake.EndCheck()
	d.until("the end", func() bool { return contains(d.markup(), "All is well.") })
	d.w.win.Canvas().Focus(d.button("Check again"))
	d.key(fyne.KeySpace)
	d.until("the check", d.fake.Checking)
}

func TestCheckShowsTheMicrophone(t *testing.T) {
	d := atHome(t, options{})
	d.fake.SetSoundLevels(engine.SoundLevels{Microphone: engine.Level{RMS: 0.1, Peak: 0.3}})
	d.w.openCheck()
	still := d.markup()
	d.until("the level", func() bool { return d.markup() != still })
}

func TestCheckIsCopiedWithoutAddresses(t *testing.T) {
	d := atHome(t, options{prefs: func(p prefs) { p.setEchoContact("mirror@example.org") }})
	results := uitest.CheckWell()
	results[engine.CheckSound].Cause = "There is nobody called mirror@example.org on this server."
	d.checking(results, true)
	test.Tap(d.sheetButton("Copy"))
	text := d.w.app.Clipboard().Content()
	if !contains(text, "Tring 1.2.3", "ok       microphone  The microphone hears you well. [level -22.3 dBFS, noise", "signed in as (address).", "nobody called (address) on") {
		t.Errorf("copied\n%s", text)
	}
	if strings.Contains(text, "alice@") || strings.Contains(text, "mirror@") {
		t.Errorf("addresses in\n%s", text)
	}
	d.sheetButton("Copied")
}

func TestCheckIsRefused(t *testing.T) {
	d := atHome(t, options{demo: true})
	d.fake.Fail("Check", &engine.Problem{Cause: "A check would disturb the call.", Next: "Check when it is over."})
	d.w.openCheck()
	d.until("the reason", func() bool { return contains(d.markup(), "A check would disturb the call.", "Check when it is over.") })
	if d.button("Check again").Disabled() || !d.sheetButton("Copy").Disabled() {
		t.Error("it can be copied, or not be tried again")
	}
}

func TestSheetsScrollByKeys(t *testing.T) {
	d := newDesk(t, options{account: uitest.Alice, size: small})
	d.showState("home")
	d.checking(uitest.CheckTroubled(), true)
	d.resize(small)
	at := func() float32 { return d.w.sheet.card.scroll.Offset.Y }
	for _, tt := range []struct {
		key  fyne.KeyName
		fits func(before, now float32) bool
	}{
		{fyne.KeyUp, func(_, now float32) bool { return now == 0 }},
		{fyne.KeyDown, func(before, now float32) bool { return now > before }},
		{fyne.KeyPageDown, func(before, now float32) bool { return now > before+40 }},
		{fyne.KeyUp, func(before, now float32) bool { return now < before }},
		{fyne.KeyPageUp, func(before, now float32) bool { return now < before }},
	} {
		before := at()
		d.key(tt.key)
		if !tt.fits(before, at()) {
			t.Errorf("%s: from %v to %v", tt.key, before, at())
		}
	}
}

func TestCheckVerdicts(t *testing.T) {
	ends := func(states ...engine.CheckState) (all []engine.CheckResult) {
		for i, s := range states {
			all = append(all, engine.CheckResult{Step: engine.CheckStep(i), State: s})
		}
		return all
	}
	for want, results := range map[string][]engine.CheckResult{
		"All is well.":                     ends(engine.CheckOK, engine.CheckOK),
		"What was checked is good.":        ends(engine.CheckOK, engine.CheckSkipped),
		"Calls work, and could be better.": ends(engine.CheckWarn, engine.CheckOK, engine.CheckSkipped),
		"Calls will lack something.":       ends(engine.CheckWarn, engine.CheckFailed),
		"Nothing could be checked.":        ends(engine.CheckSkipped, engine.CheckSkipped),
	} {
		if v := judgeCheck(results); v.words != want || v.hint == "" {
			t.Errorf("said %q %q, want %q", v.words, v.hint, want)
		}
	}
}

// TestCheckIsTranslated: every sentence of the engine's check is known to the
// window. They are found in its source, since the window cannot import it.
func TestCheckIsTranslated(t *testing.T) {
	speaking(t, "de")
	verb := regexp.MustCompile(`%%|%[sd]`)
	found := 0
	for _, name := range []string{"doc", "sound", "camera", "path", "echo"} {
		file, err := parser.ParseFile(token.NewFileSet(), "../engine/internal/checkup/"+name+".go", nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, is := n.(*ast.BasicLit)
			if !is || literal.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(literal.Value)
			if !strings.HasSuffix(text, ".") {
				return true
			}
			found++
			text = verb.ReplaceAllStringFunc(text, func(v string) string {
				return map[string]string{"%%": "%"}[v] + map[string]string{"%s": "12", "%d": "12"}[v]
			})
			if translate(text) == text {
				t.Errorf("%s: %q is not translated", name, text)
			}
			return true
		})
	}
	if found < 50 {
		t.Errorf("only %d sentences were found", found)
	}
	if got := checkName(engine.CheckAccount); got != "Anmeldung" {
		t.Errorf("the step is called %q", got)
	}
	if got := figureWords(uitest.CheckWell()[engine.CheckSound]); got != "Hin und zurück 38 ms · Verloren 0,4 %" {
		t.Errorf("the numbers are %q", got)
	}
}
