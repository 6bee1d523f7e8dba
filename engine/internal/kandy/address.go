package kandy

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"tring/engine"
)

const maxAddress = 256 // bytes

var (
	uriScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.-]*:`)
	number    = regexp.MustCompile(`^[-+0-9 .()#*\x{a0}\x{202f}]*[0-9#*][-+0-9 .()#*\x{a0}\x{202f}]*$`)
)

// complete makes an address of what a person typed: names, numbers, sip: and
// tel: URIs, with or without a domain. The result has no scheme.
func complete(typed, domain string) (string, error) {
	bad := func(cause string) (string, error) {
		return "", &engine.Problem{Cause: cause, Next: "Enter a name such as bob, an address such as bob@example.com, or a number.", Err: engine.ErrBadAddress}
	}
	s := strings.TrimSpace(typed)
	if s == "" {
		return bad("No address is given.")
	}
	if len(s) > maxAddress {
		return bad("The address is too long.")
	}
	user, given, ok := cutLast(strip(s), "@")
	if ok {
		// sip:bob@example.com;transport=ws?subject=x (RFC 3261 §19.1)
		if i := strings.IndexAny(given, ";?"); i >= 0 {
			given = given[:i]
		}
		domain = strings.ToLower(strings.TrimSpace(given))
	}
	user = strings.TrimSpace(user)
	if number.MatchString(user) {
		user = digits(user)
	}
	switch {
	case !validUser(user):
		return bad(fmt.Sprintf("“%s” is not an address.", clip(s, 60)))
	case domain == "":
		return bad(fmt.Sprintf("“%s” needs a domain, since the server tells none.", clip(s, 60)))
	case !validDomain(domain):
		return bad(fmt.Sprintf("“%s” is not a domain.", clip(domain, 60)))
	}
	return user + "@" + domain, nil
}

// strip takes off a display name with angle brackets and a URI scheme.
func strip(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		s, _, _ = strings.Cut(s[i+1:], ">")
		s = strings.TrimSpace(s)
	}
	return s[len(uriScheme.FindString(s)):]
}

// digits drops the separators people write into numbers; + stays in front.
func digits(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '+' && b.Len() == 0, r >= '0' && r <= '9', r == '#', r == '*':
			b.WriteRune(r)
		}
	}
	return b.String()
}

func validUser(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.!~*'&=+$%#", r) {
			return false
		}
	}
	return true
}

func validDomain(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._:[]", r) {
			return false
		}
	}
	return s[0] != '.' && s[0] != '-'
}

// publicAddress cleans an address that the server sent: "sip:bob@example.com"
// is shown as bob@example.com.
func publicAddress(s string) string {
	s = strip(clip(s, maxAddress))
	if user, domain, ok := cutLast(s, "@"); ok {
		if i := strings.IndexAny(domain, ";?"); i >= 0 {
			domain = domain[:i] // URI parameters and headers
		}
		s = user + "@" + domain
	}
	return s
}

// cutLast cuts s around the last sep; without one, all of s is before it.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
