package ui

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

func TestPreferencesSurvive(t *testing.T) {
	g := &prefsGuard{file: filepath.Join(t.TempDir(), "preferences.json"), log: slog.New(slog.DiscardHandler)}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(g.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := func(step, text string) {
		t.Helper()
		if got, err := os.ReadFile(g.file); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", step, got, err)
		}
	}
	g.restore() // nothing was ever kept
	g.keep()
	write("")
	g.restore()
	want("damaged without a copy", "")
	write(`{"user":"alice"}`)
	g.restore()
	g.keep()
	g.keep()
	for _, damaged := range []string{"", `{"user":"al`, "null", "\x00\x00\x00"} {
		write(damaged)
		g.keep()
		g.restore()
		want("damaged", `{"user":"alice"}`)
	}
	write(`{"user":"bob"}`)
	g.restore()
	want("newer than the copy", `{"user":"bob"}`)
	(&prefsGuard{}).keep()
	(&prefsGuard{}).restore()
}
