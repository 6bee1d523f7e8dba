// Package link reads the links that other programs hand to Tring: sip: (RFC
// 3261 §19.1), tel: (RFC 3966) and kandy:, which is followed by an address as
// people write it. A link comes from anywhere, such as a web page, so it is read
// strictly, and what comes out is no more than an address: parameters, headers,
// ports and passwords are left out.
package link

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits, in bytes.
const (
	MaxBytes   = 1024 // of a link
	maxAddress = 256  // of what comes out; the engine takes no more
)

// Why a link cannot be used.
var (
	ErrScheme  = errors.New("the link begins with none of sip:, tel:, kandy:")
	ErrLong    = errors.New("the link is too long")
	ErrDamaged = errors.New("the link has characters that no link has, or is cut off")
	ErrNobody  = errors.New("the link names nobody")
	ErrNumber  = errors.New("the link has no telephone number")
	ErrHost    = errors.New("the link names no valid server")
)

// Is reports whether s is meant to be a link: whether its scheme is known.
func Is(s string) bool {
	_, _, ok := cutScheme(s)
	return ok
}

// Parse is the address in a link: bob@example.com, or +491701234567.
func Parse(s string) (address string, err error) {
	scheme, rest, ok := cutScheme(s)
	switch {
	case !ok:
		return "", ErrScheme
	case len(s) > MaxBytes:
		return "", ErrLong
	case !printable(rest):
		return "", ErrDamaged
	}
	switch scheme {
	case "sip":
		address, err = parseSIP(rest)
	case "tel":
		address, err = parseTel(rest)
	default:
		address, err = parseKandy(rest)
	}
	if err == nil && len(address) > maxAddress {
		err = ErrLong
	}
	if err != nil {
		return "", err
	}
	return address, nil
}

func cutScheme(s string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(s, ":")
	switch scheme = strings.ToLower(scheme); scheme {
	case "sip", "tel", "kandy":
		return scheme, rest, ok
	}
	return "", "", false
}

// printable reports whether s has no blanks, no control characters and nothing
// that changes how the rest is shown.
func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsGraphic(r) || unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// parseSIP reads userinfo "@" hostport *( ";" parameter ) [ "?" headers ].
func parseSIP(s string) (string, error) {
	user, host, ok := strings.Cut(s, "@")
	if !ok {
		return "", ErrNobody // a host alone
	}
	host, parameters := cutAny(host, ";?")
	host, err := parseHost(host)
	if err != nil {
		return "", err
	}
	user, _, _ = strings.Cut(user, ":") // a password
	if number, _ := cutAny(user, ";"); strings.HasPrefix(user, "+") || isPhone(parameters) {
		if number, err = parseNumber(number); err == nil {
			return number + "@" + host, nil
		}
	}
	if user, err = parseUser(user); err != nil {
		return "", err
	}
	return user + "@" + host, nil
}

// isPhone looks for user=phone among the parameters (RFC 3261 §19.1.1).
func isPhone(parameters string) bool {
	parameters, _, _ = strings.Cut(parameters, "?")
	for _, p := range strings.Split(parameters, ";") {
		if strings.EqualFold(p, "user=phone") {
			return true
		}
	}
	return false
}

// parseKandy reads an address with or without a domain.
func parseKandy(s string) (string, error) {
	s, _ = cutAny(s, ";?")
	user, host, ok := strings.Cut(s, "@")
	if !ok {
		if number, err := parseNumber(user); err == nil {
			return number, nil
		}
		return parseUser(user)
	}
	host, err := parseHost(host)
	if err != nil {
		return "", err
	}
	if user, err = parseUser(user); err != nil {
		return "", err
	}
	return user + "@" + host, nil
}

// parseTel reads a global or a local number (RFC 3966 §3).
func parseTel(s string) (string, error) {
	number, _ := cutAny(s, ";?")
	return parseNumber(number)
}

// maxDigits bounds a number: E.164 has 15 digits, with what is dialled before
// and after them.
const maxDigits = 64

// parseNumber takes the visual separators out of a number, also the blanks that
// RFC 3966 does not allow and people write.
func parseNumber(s string) (string, error) {
	s, err := unescape(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
			b.WriteRune(r)
		case r == '*' || r == '#' || r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune("-.() ", r):
		default:
			return "", ErrNumber
		}
	}
	if b.Len() > maxDigits {
		return "", ErrLong
	}
	if digits == 0 {
		return "", ErrNumber
	}
	return b.String(), nil
}

// parseUser is the name before the @, with the characters that the engine takes.
func parseUser(s string) (string, error) {
	user, err := unescape(s)
	if err != nil {
		return "", err
	}
	if user == "" {
		return "", ErrNobody
	}
	for _, r := range user {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.!~*'&=+$%#", r) {
			return "", ErrDamaged
		}
	}
	return user, nil
}

// parseHost is the name or IP address of a hostport, without the port.
func parseHost(s string) (string, error) {
	if strings.HasPrefix(s, "[") {
		literal, port, ok := strings.Cut(s[1:], "]")
		ip, err := netip.ParseAddr(literal)
		if !ok || err != nil || !ip.Is6() || ip.Zone() != "" || !validPort(strings.TrimPrefix(port, ":"), port != "") || port != "" && port[0] != ':' {
			return "", ErrHost
		}
		return "[" + ip.String() + "]", nil
	}
	host, port, given := strings.Cut(s, ":")
	if !validPort(port, given) || !validName(host) {
		return "", ErrHost
	}
	return strings.ToLower(host), nil
}

func validPort(s string, given bool) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return !given || err == nil && n > 0
}

// validName takes labels of letters, also those of other scripts, digits and
// hyphens.
func validName(host string) bool {
	if len(host) > 253 {
		return false
	}
	for _, label := range strings.Split(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return false
			}
		}
	}
	return true
}

// unescape decodes %HH once. What comes out is text again.
func unescape(s string) (string, error) {
	if !strings.Contains(s, "%") {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if i+2 >= len(s) {
				return "", ErrDamaged
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return "", ErrDamaged
			}
			c, i = byte(n), i+2
		}
		b.WriteByte(c)
	}
	text := b.String()
	if !printable(strings.ReplaceAll(text, " ", "")) {
		return "", ErrDamaged
	}
	return text, nil
}

// cutAny cuts s before the first of those characters, which goes.
func cutAny(s, chars string) (before, after string) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}
