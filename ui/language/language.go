// Package language makes the window speak the language that was chosen.
//
// Texts are said by lang.L, lang.N and lang.X of Fyne, whose key is the English
// sentence; the catalogues of package assets have the others. Fyne itself follows
// the system's language alone and takes no other choice, so Use puts functions
// of its own into those variables: by them Fyne's own texts (Copy, Paste, …) are
// said as well.
package language

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"fyne.io/fyne/v2/lang"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"tring/assets"
)

// System is the choice of the system's own language.
const System = ""

// Language is one that the window speaks.
type Language struct {
	Code string // "de"
	Name string // as its speakers call it: "Deutsch"
}

// All are the languages there are, English, which has every text, first.
func All() []Language {
	return []Language{{"en", "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"tr", "Türkçe"}, {"ar", "العربية"}}
}

// RightToLeft reports whether the language is written that way.
func RightToLeft(code string) bool { return code == "ar" }

// Choose is the code of the language to speak for a choice: itself if it is
// known, else the system's, or the nearest to it, or English.
func Choose(choice string) string {
	var tags []language.Tag
	for _, l := range All() {
		if l.Code == choice {
			return choice
		}
		tags = append(tags, language.Make(l.Code))
	}
	_, i, confidence := language.NewMatcher(tags).Match(language.Make(lang.SystemLocale().LanguageString()))
	if confidence == language.No {
		i = 0
	}
	return All()[i].Code
}

// Use makes the window speak code from now on. It is called before the window is
// made, on the main goroutine: what is said already stays as it is.
func Use(code string) error {
	bundle := i18n.NewBundle(language.English)
	for _, l := range []string{"en", code} {
		messages, err := Messages(l)
		if err != nil {
			return err
		}
		if err := bundle.AddMessages(language.Make(l), messages...); err != nil {
			return fmt.Errorf("language: %w", err)
		}
	}
	speak(i18n.NewLocalizer(bundle, code))
	return nil
}

func speak(in *i18n.Localizer) {
	lang.L = func(text string, data ...any) string { return say(in, text, text, nil, data) }
	lang.X = func(key, fallback string, data ...any) string { return say(in, key, fallback, nil, data) }
	lang.N = func(text string, count int, data ...any) string { return say(in, text, text, count, data) }
	lang.XN = func(key, fallback string, count int, data ...any) string {
		return say(in, key, fallback, count, data)
	}
}

// say is the text of key, or the English one where it is missing.
func say(in *i18n.Localizer, key, fallback string, count any, data []any) string {
	c := i18n.LocalizeConfig{DefaultMessage: &i18n.Message{ID: key, Other: fallback}, PluralCount: count}
	if len(data) > 0 {
		c.TemplateData = data[0]
	}
	text, err := in.Localize(&c)
	if text == "" && err != nil {
		return fallback
	}
	return text
}

// Messages is a language's catalogue. A text that waits for its translator is
// empty and left out.
func Messages(code string) ([]*i18n.Message, error) {
	name := path.Join("translations", code+".json")
	data, err := fs.ReadFile(assets.Catalogues, name)
	if err != nil {
		return nil, fmt.Errorf("language: %w", err)
	}
	var entries map[string]any
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("language: %s: %w", name, err)
	}
	var messages []*i18n.Message
	for key, entry := range entries {
		m, err := i18n.NewMessage(entry)
		if err != nil {
			return nil, fmt.Errorf("language: %s: %q: %w", name, key, err)
		}
		if m.ID = key; strings.TrimSpace(m.Other) != "" {
			messages = append(messages, m)
		}
	}
	return messages, nil
}
