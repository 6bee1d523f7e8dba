package ui

import (
	"log/slog"

	"tring/ui/language"
	"tring/ui/widgets"
)

// prefLanguage keeps the language that was chosen: its code, or "" for the
// system's.
const prefLanguage = "language"

func (p prefs) language() string        { return p.p.String(prefLanguage) }
func (p prefs) setLanguage(code string) { p.p.SetString(prefLanguage, code) }

// speak makes the window speak the language that was chosen, or else the
// system's. It is called before the window is made.
func speak(p prefs, log *slog.Logger) {
	code := language.Choose(p.language())
	widgets.SetRightToLeft(language.RightToLeft(code))
	if err := language.Use(code); err != nil {
		log.Error("the window speaks English", "language", code, "error", err)
	}
}

// with are the things that are put into a text.
type with = map[string]any
