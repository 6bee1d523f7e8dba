package ui

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

// The engine says what went wrong in English: that is what logs and the command
// line have. The window knows its sentences, with what is put into them, and
// says them in its own language; one that it does not know stays English.

// problemWords is a problem in the language of the window.
func problemWords(p *engine.Problem) (cause, next string) {
	return translate(p.Cause), translate(p.Next)
}

// problemText is both in one.
func problemText(p *engine.Problem) string {
	if p == nil {
		return lang.L("Something went wrong; no details were given.")
	}
	return join(problemWords(p))
}

// errorText is what is wrong in the language of the window, as far as it is
// known there.
func errorText(err error) string {
	var p *engine.Problem
	if errors.As(err, &p) {
		return problemText(p)
	}
	return translate(err.Error())
}

// inQuotes are a server's own words in a sentence: “…” in brackets.
var inQuotes = regexp.MustCompile(` \(“([^”]*)”\)`)

// atSpeaker ends what the engine says of a ringer that does not work.
const atSpeaker = " Calls ring at the speaker."

// translate says a sentence of the engine in the language of the window.
func translate(sentence string) string {
	said := inQuotes.FindStringSubmatch(sentence)
	if said != nil {
		sentence = strings.Replace(sentence, said[0], "", 1)
	}
	if first, more := strings.CutSuffix(sentence, atSpeaker); more {
		sentence = translate(first) + " " + lang.L("Calls ring at the speaker.")
	}
	for _, p := range problemPatterns() {
		if found := p.text.FindStringSubmatch(sentence); found != nil {
			data := with{}
			for i, name := range p.text.SubexpNames() {
				if data[name] = found[i]; name == "Device" {
					data[name] = deviceRoleName(found[i])
				}
			}
			say := lang.L // its keys are those of problemSentences
			sentence = say(p.key, data)
			break
		}
	}
	if said == nil {
		return sentence
	}
	words, stop := strings.CutSuffix(sentence, ".")
	if words += " (“" + said[1] + "”)"; stop {
		words += "."
	}
	return words
}

// deviceRoleName is a role by its English word.
func deviceRoleName(word string) string {
	switch word {
	case "camera":
		return lang.L("camera")
	case "microphone":
		return lang.L("microphone")
	case "speaker":
		return lang.L("speaker")
	case "ringer":
		return lang.L("ringer")
	}
	return word
}

type problemPattern struct {
	key  string
	text *regexp.Regexp
}

// problemPatterns finds sentences with anything in the places of a template.
var problemPatterns = sync.OnceValue(func() []problemPattern {
	place := regexp.MustCompile(`\\\{\\\{\\\.(\w+)\\\}\\\}`)
	var patterns []problemPattern
	for _, key := range problemSentences {
		text := place.ReplaceAllStringFunc(regexp.QuoteMeta(string(key)), func(found string) string {
			name := place.FindStringSubmatch(found)[1]
			if name == "Device" {
				return `(?P<Device>camera|microphone|speaker|ringer)`
			}
			return `(?P<` + name + `>.+)`
		})
		patterns = append(patterns, problemPattern{string(key), regexp.MustCompile(`\A` + text + `\z`)})
	}
	return patterns
})

// translated is a key of the catalogues that stands in a list.
type translated string
