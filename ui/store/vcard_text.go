package store

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// bytesOf undoes quoted-printable; ok is false for base64, which is for
// pictures.
func (p *property) bytesOf() (string, bool) {
	switch {
	case p.has("ENCODING", "BASE64"), p.has("ENCODING", "B"):
		return "", false
	case p.has("ENCODING", "QUOTED-PRINTABLE"):
		return unquotePrintable(p.value), true
	}
	return p.value, true
}

// unquotePrintable undoes =C3=A4 (RFC 2045 §6.7); what is no such code stays.
func unquotePrintable(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) {
			high, low := hexDigit(s[i+1]), hexDigit(s[i+2])
			if high >= 0 && low >= 0 {
				b = append(b, byte(high<<4|low))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// text is the value in Unicode. known is false if the charset is not, and some
// characters were lost for it.
func (p *property) text() (s string, known bool) {
	s, ok := p.bytesOf()
	if !ok {
		return "", true
	}
	charset := ""
	if all := p.parameters["CHARSET"]; len(all) > 0 {
		charset = strings.ToLower(all[0])
	}
	if utf8.ValidString(s) && charsets[charset] == nil {
		return s, true
	}
	table, known := charsets[charset]
	if charset == "" || charset == "utf-8" || charset == "us-ascii" {
		table, known = charsets["windows-1252"], true // what says nothing, or lies, is mostly that
	}
	if !known {
		return strings.ToValidUTF8(s, "\ufffd"), false
	}
	var b strings.Builder
	for i := range len(s) {
		if r, ok := table[s[i]]; ok {
			b.WriteRune(r)
		} else {
			b.WriteRune(rune(s[i])) // as in ISO 8859-1
		}
	}
	return b.String(), true
}

// charsets are the ones of a byte a letter, by how they differ from ISO 8859-1.
var charsets = func() map[string]map[byte]rune {
	windows := map[byte]rune{
		0x80: '€', 0x82: '‚', 0x83: 'ƒ', 0x84: '„', 0x85: '…', 0x86: '†', 0x87: '‡', 0x88: 'ˆ', 0x89: '‰', 0x8a: 'Š', 0x8b: '‹', 0x8c: 'Œ', 0x8e: 'Ž',
		0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x95: '•', 0x96: '–', 0x97: '—', 0x98: '˜', 0x99: '™', 0x9a: 'š', 0x9b: '›', 0x9c: 'œ', 0x9e: 'ž', 0x9f: 'Ÿ',
	}
	turkish := map[byte]rune{0xd0: 'Ğ', 0xdd: 'İ', 0xde: 'Ş', 0xf0: 'ğ', 0xfd: 'ı', 0xfe: 'ş'}
	latin9 := map[byte]rune{0xa4: '€', 0xa6: 'Š', 0xa8: 'š', 0xb4: 'Ž', 0xb8: 'ž', 0xbc: 'Œ', 0xbd: 'œ', 0xbe: 'Ÿ'}
	windowsTurkish := maps.Clone(windows)
	maps.Copy(windowsTurkish, turkish)
	return map[string]map[byte]rune{
		"windows-1252": windows, "cp1252": windows, "iso-8859-1": windows, "latin1": windows,
		"iso-8859-9": turkish, "latin5": turkish, "windows-1254": windowsTurkish, "cp1254": windowsTurkish,
		"iso-8859-15": latin9, "latin9": latin9,
	}
}()
