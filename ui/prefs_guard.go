package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
)

// maxPreferences bounds what is read of a file of preferences, in bytes.
const maxPreferences = 1 << 20

// prefsGuard keeps a second copy of the preferences. Fyne writes over its file in
// place, so that a program killed, or a computer without power, at that moment
// would lose all of them, the account too. The copy is made of a whole file
// alone, and put in place at once.
type prefsGuard struct {
	file string
	log  *slog.Logger
}

// newPrefsGuard guards the file that Fyne is going to read.
func newPrefsGuard(log *slog.Logger) *prefsGuard {
	dir, err := os.UserConfigDir()
	if runtime.GOOS == "darwin" { // Fyne's place differs there
		dir, err = os.UserHomeDir()
		dir = filepath.Join(dir, "Library", "Preferences")
	}
	if err != nil {
		return &prefsGuard{log: log}
	}
	return &prefsGuard{file: filepath.Join(dir, "fyne", AppID, "preferences.json"), log: log}
}

func (g *prefsGuard) copyFile() string { return g.file + ".copy" }

// restore puts the copy in place of a damaged file, before Fyne reads it.
func (g *prefsGuard) restore() {
	if g.file == "" {
		return
	}
	text, err := os.ReadFile(g.file)
	if wholePreferences(text) || errors.Is(err, fs.ErrNotExist) {
		return
	}
	kept, err := os.ReadFile(g.copyFile())
	if err == nil && wholePreferences(kept) {
		err = replaceFile(g.file, kept)
	}
	g.log.Warn("the file of preferences was damaged; its copy took its place", "error", err)
}

// keep makes the copy anew if the file is whole and says something else. It waits
// for the disk.
func (g *prefsGuard) keep() {
	if g.file == "" {
		return
	}
	text, err := os.ReadFile(g.file)
	if err != nil || !wholePreferences(text) {
		return // there is none yet, or it is being written
	}
	if kept, err := os.ReadFile(g.copyFile()); err == nil && bytes.Equal(kept, text) {
		return
	}
	if err := replaceFile(g.copyFile(), text); err != nil {
		g.log.Info("the preferences have no second copy", "error", err)
	}
}

func wholePreferences(text []byte) bool {
	var values map[string]any
	return len(text) <= maxPreferences && json.Unmarshal(text, &values) == nil && values != nil
}

// replaceFile puts a whole file, on the disk, in the place of another.
func replaceFile(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// guardPrefs keeps the copy of what changes while the window is there.
func (w *window) guardPrefs(g *prefsGuard) {
	w.prefsGuard = g
	w.app.Preferences().AddChangeListener(func() { w.prefsChanged.Store(true) })
	w.prefsChanged.Store(true)
}

// keepPrefs is called once a second: Fyne has written by then.
func (w *window) keepPrefs() {
	if w.prefsGuard != nil && w.prefsChanged.Swap(false) {
		w.presenter.lookUp(keyringPatience, func(context.Context) { w.prefsGuard.keep() })
	}
}
