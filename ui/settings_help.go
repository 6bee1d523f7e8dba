package ui

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// helpPage is what helps: the keys, the log, and what this program is made of.
func (w *window) helpPage() settingsPage {
	keys := widgets.NewButton(widgets.Neutral, theme.IconKeypad, lang.L("Keyboard"), w.openHelp)
	w.wire(keys)
	column := widgets.Column(theme.Gap3, keys)
	if w.cfg.Diagnostics != nil {
		column.Add(w.supportButton())
		column.Add(w.levelSelect())
		if file := w.cfg.Diagnostics.File(); file != "" {
			column.Add(widgets.NewParagraph(lang.L("The log is {{.File}}. It has no passwords, and addresses are shortened.", with{"File": file}), theme.ColorMuted, theme.SizeCaption))
		}
	}
	parts := widgets.Column(theme.Gap2, factLine("Tring", w.cfg.Version))
	for _, l := range w.cfg.Engine.Libraries() {
		parts.Add(factLine(l.Name, libraryWords(l)))
	}
	ground := widgets.NewGround(theme.ColorBackground)
	ground.Radius = theme.SizeRadius
	column.Add(widgets.Backed(ground, widgets.Pad(theme.Gap3, theme.Gap3, parts)))
	return settingsPage{root: column}
}

// libraryWords are a library's version, and what goes without it.
func libraryWords(l engine.Library) string {
	switch {
	case l.Version == "" && l.Note != "":
		return lang.L("missing: {{.Without}}", with{"Without": translate(l.Note)})
	case l.Version == "":
		return lang.L("missing")
	}
	return l.Version
}

// levelSelect is how much is logged, until the program ends.
func (w *window) levelSelect() fyne.CanvasObject {
	choices := []choice[slog.Level]{
		{lang.L("What matters"), slog.LevelInfo},
		{lang.L("Everything, until Tring quits"), slog.LevelDebug},
		{lang.L("Faults alone"), slog.LevelWarn},
	}
	return choiceRow(w, lang.L("What the log says"), theme.IconLog, choices, w.cfg.Diagnostics.Level(), w.cfg.Diagnostics.SetLevel)
}

// supportButton puts what helps somebody else to help on the clipboard.
func (w *window) supportButton() fyne.CanvasObject {
	var b *widgets.Button
	b = widgets.NewButton(widgets.Neutral, theme.IconCopy, lang.L("Copy for support"), func() {
		w.presenter.lookUp(supportPatience, func(context.Context) {
			tail, err := w.cfg.Diagnostics.Tail(supportTail)
			if err != nil {
				tail = []byte("The log could not be read: " + err.Error())
			}
			text := supportReport(w.cfg.Version, w.cfg.Engine.Libraries(), w.cfg.Engine.Snapshot(), tail)
			w.presenter.post(func() {
				w.app.Clipboard().SetContent(w.without(text))
				b.Set(widgets.Neutral, theme.IconCheck, lang.L("Copied, without names and addresses"))
			})
		})
	})
	w.wire(b)
	return b
}

const (
	supportPatience = 5 * time.Second
	supportTail     = 64 << 10 // bytes of the log's end: what an e-mail takes
)

// supportReport is read where logs are, so it is in English. Devices are counted
// and not named: people give them their own names.
func supportReport(version string, libraries []engine.Library, s engine.Snapshot, tail []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Tring %s, %s/%s\n", version, runtime.GOOS, runtime.GOARCH)
	for _, l := range libraries {
		fmt.Fprintf(&b, "%s: %s\n", l.Name, strings.TrimSpace(l.Version+" "+l.Note))
	}
	count := map[engine.DeviceKind]int{}
	for _, d := range s.Devices {
		count[d.Kind]++
	}
	fmt.Fprintf(&b, "Devices: %d cameras, %d microphones, %d speakers\n", count[engine.Camera], count[engine.Microphone], count[engine.Speaker])
	fmt.Fprintf(&b, "\nThe end of the log:\n%s", tail)
	return b.String()
}

// without takes names and paths out of a report: those of devices, which people
// give them, and of the home directory.
func (w *window) without(text string) string {
	hide := map[string]string{}
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		hide[home] = "~"
	}
	for _, d := range w.view.snapshot.Devices {
		hide[d.Name], hide[d.ID] = "(device)", "(device)"
	}
	for _, kind := range []engine.DeviceKind{engine.Camera, engine.Microphone, engine.Speaker, engine.Ringer} {
		for _, r := range w.prefs.deviceOrder(kind) {
			hide[r.name], hide[r.id] = "(device)", "(device)"
		}
	}
	names := slices.SortedFunc(maps.Keys(hide), func(a, b string) int { return len(b) - len(a) }) // parts of others last
	for _, name := range names {
		if len(name) > 3 { // "", "2": such short ones name nobody
			text = strings.ReplaceAll(text, name, hide[name])
		}
	}
	return text
}
