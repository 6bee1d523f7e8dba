package store

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxText = 256      // bytes of a name, an address, a label
	maxNote = 16 << 10 // bytes
)

// schemes are taken off addresses: what is called is the same.
var schemes = []string{"sip:", "sips:", "tel:", "mailto:", "kandy:", "callto:"}

// bare is an address without scheme, display name and parameters:
// "Bob <sip:bob@example.com;transport=tls>" is bob@example.com.
func bare(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		s, _, _ = strings.Cut(s[i+1:], ">")
	}
	s = strings.TrimSpace(s)
	for i := 0; i < len(schemes); i++ {
		if scheme := schemes[i]; len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = strings.TrimPrefix(strings.TrimSpace(s[len(scheme):]), "//")
			s, i = strings.TrimSpace(s), -1 // there are links such as tel:sip:bob
		}
	}
	if i := strings.IndexAny(s, ";?"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// userPart is what stands before the domain.
func userPart(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return address[:i]
	}
	return address
}

// isNumber reports whether s is a telephone number as people write it.
func isNumber(s string) bool {
	found := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '#', r == '*':
			found = true
		case !strings.ContainsRune("+-/.() \u00a0\u202f", r):
			return false
		}
	}
	return found
}

// digits is a number without what people write between; 00 is +, and + is left
// out, since some write numbers without it.
func digits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '#' || r == '*' {
			b.WriteRune(r)
		}
	}
	d := b.String()
	if len(d) > len("00") && !strings.Contains(s, "+") {
		d = strings.TrimPrefix(d, "00")
	}
	return d
}

// addressKey is the same for the same address, however it is written.
func addressKey(address string) string {
	a := bare(address)
	user := userPart(a)
	domain := a[len(user):] // with the @
	if isNumber(user) {
		user = digits(user)
	}
	return strings.ToLower(user + domain)
}

// localKey is the key of an address without the own domain, which is given with
// its @, or "" where it is not known.
func localKey(key, domain string) string {
	if user, ok := strings.CutSuffix(key, domain); ok && user != "" {
		return user
	}
	return key
}

// fewestShared digits at the end must be the same for two numbers to be one.
const fewestShared = 7

// sameNumber reports whether one of the keys is the other as it is dialled
// within the country: 01701234567 and 491701234567.
func sameNumber(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	national, ok := strings.CutPrefix(a, "0")
	if !ok || len(national) < fewestShared || strings.ContainsAny(a+b, "#*@") || !isNumber(b) {
		return false
	}
	code, ok := strings.CutSuffix(b, national)
	return ok && len(code) >= 1 && len(code) <= 3 && code[0] != '0' // ITU-T E.164: country codes have one to three digits
}

// clip cuts s to at most size bytes, between two characters.
func clip(s string, size int) string {
	if len(s) <= size {
		return s
	}
	for size > 0 && !utf8.RuneStart(s[size]) {
		size--
	}
	return s[:size]
}

// clean makes one line of what came from elsewhere: no control characters, and
// none that turn the direction of what follows.
func clean(s string, size int) string {
	return cleanLines(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }), " "), size)
}

// cleanLines is clean for text of several lines.
func cleanLines(s string, size int) string {
	s = strings.ReplaceAll(clip(s, 2*size), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.TrimSpace(clip(strings.TrimSpace(s), size))
}
