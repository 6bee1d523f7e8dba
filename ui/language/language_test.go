package language

import (
	"testing"

	"fyne.io/fyne/v2/lang"
)

// use speaks code until the test is over.
func use(t *testing.T, code string) {
	t.Helper()
	l, x, n, xn := lang.L, lang.X, lang.N, lang.XN
	t.Cleanup(func() { lang.L, lang.X, lang.N, lang.XN = l, x, n, xn })
	if err := Use(code); err != nil {
		t.Fatal(err)
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct{ choice, all, system, want string }{
		{"de", "", "en_GB.UTF-8", "de"},
		{"", "", "de_AT.UTF-8", "de"},
		{"", "", "ar_EG.UTF-8", "ar"},
		{"", "", "fr_CA", "fr"},
		{"", "", "sv_SE.UTF-8", "en"},
		{"", "", "C.UTF-8", "en"},
		{"", "C", "tr_TR.UTF-8", "en"},
		{"", "", "", "en"},
		{"xx", "", "tr_TR.UTF-8", "tr"}, // a preference of another version
	} {
		t.Setenv("LANGUAGE", "")
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LANG", c.system)
		if got := Choose(c.choice); got != c.want {
			t.Errorf("Choose(%q) on a system of %q is %q, want %q", c.choice, c.system, got, c.want)
		}
	}
}

func TestUse(t *testing.T) {
	for _, l := range All() {
		use(t, l.Code)
		if got := lang.L("A text that nobody {{.Did}}", map[string]any{"Did": "translated"}); got != "A text that nobody translated" {
			t.Errorf("%s: a text without a translation is %q", l.Name, got)
		}
		if got := lang.N("{{.Count}} texts that nobody translated", 5, map[string]any{"Count": 5}); got != "5 texts that nobody translated" {
			t.Errorf("%s: a plural without a translation is %q", l.Name, got)
		}
		if got := lang.L("a broken {{.Template"); got != "a broken {{.Template" {
			t.Errorf("%s: a broken text is %q", l.Name, got)
		}
	}
	if err := Use("xx"); err == nil {
		t.Error("a language that there is no catalogue for can be used")
	}
}
