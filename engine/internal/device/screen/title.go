package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTitle bounds a window's title, in characters.
const maxTitle = 100

// title makes a line of a window's title, which its program chose at will: UTF-8,
// or Latin-1 where it is not, without what could break the line or turn the
// writing around.
func title(data []byte) string {
	if most := utf8.UTFMax * (maxTitle + 1); len(data) > most {
		data = data[:most]
		for range utf8.UTFMax - 1 { // it may have been cut inside a character
			if utf8.Valid(data) {
				break
			}
			data = data[:len(data)-1]
		}
	}
	text := string(data)
	if !utf8.ValidString(text) {
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		text = string(runes)
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == utf8.RuneError:
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxTitle {
		text = strings.TrimSpace(string(runes[:maxTitle-1])) + "…"
	}
	return text
}
