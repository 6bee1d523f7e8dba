package logfile

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"
)

// hidden stands where a secret was.
const hidden = "(secret)"

// minSecret is the least length of a secret that is looked for as it is: a
// shorter one would be found inside of other words.
const minSecret = 5

// maxSecrets bounds how many are looked for; the oldest is forgotten.
const maxSecrets = 32

// Redactor takes out of texts what nobody else may read: passwords, tokens and
// keys altogether; addresses of people, of calls and of machines but for what
// tells them apart. Its methods may be called from any goroutine.
type Redactor struct {
	mu      sync.RWMutex
	secrets []string
	known   *strings.Replacer
}

// Hide has secrets taken out wherever they stand, even where nothing around
// them tells that they are secrets.
func (r *Redactor) Hide(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range secrets {
		if len(s) >= minSecret {
			r.secrets = append(r.secrets, s)
		}
	}
	if over := len(r.secrets) - maxSecrets; over > 0 {
		r.secrets = r.secrets[over:]
	}
	var pairs []string
	for _, s := range r.secrets {
		pairs = append(pairs, s, hidden)
	}
	r.known = strings.NewReplacer(pairs...)
}

// secretNames are words that stand before a secret, in a form, in JSON, in a
// header, or as the key of a log record.
const secretNames = `pass(?:word|wd|phrase)?|secret|credential|authorization|cookie|api[_-]?key|private[_-]?key|ice-pwd|ice-ufrag|ufrag|pwd|(?:[a-z]+[_-]?)?token`

var (
	// A value may be quoted, also with the quotes of JSON inside of a string.
	namedSecret = regexp.MustCompile(`(?i)(\b(?:` + secretNames + `)\b["'\\]*\s*[:=]\s*)((?:(?:bearer|basic|digest)\s+)?(?:\\?"(?:[^"\\]|\\[^"])*\\?"|'[^']*'|[^\s"'&,;}]+))`)
	bearer      = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9+/._~=-]{6,}`)
	header      = regexp.MustCompile(`(?im)\b(authorization|cookie|set-cookie):[^\r\n]*`)
	jwt         = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*`)
	fingerprint = regexp.MustCompile(`(?i)\b(sha-\d+\s+)?[0-9a-f]{2}(?::[0-9a-f]{2}){15,}`)
	userInfo    = regexp.MustCompile(`://[^/\s@"]+@`)
	secretKey   = regexp.MustCompile(`(?i)^(?:` + secretNames + `)s?$`)

	mail   = regexp.MustCompile(`([^\s@<>"'\\:;,/?&=()\[\]{}|]{1,128})@([A-Za-z0-9_\[][A-Za-z0-9_.:\[\]-]*)`)
	number = regexp.MustCompile(`(\btel:|\+)([0-9][0-9().\s-]{4,}[0-9])`)
	ip4    = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
	ip6    = regexp.MustCompile(`[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:%[0-9A-Za-z]+)?`)
)

// Text is s without what must not be read.
func (r *Redactor) Text(s string) string {
	if s == "" {
		return s
	}
	r.mu.RLock()
	known := r.known
	r.mu.RUnlock()
	if known != nil {
		s = known.Replace(s)
	}
	s = header.ReplaceAllString(s, "$1: "+hidden)
	s = namedSecret.ReplaceAllString(s, "${1}"+hidden)
	s = bearer.ReplaceAllString(s, "$1 "+hidden)
	s = jwt.ReplaceAllString(s, hidden)
	s = fingerprint.ReplaceAllString(s, "$1"+hidden)
	s = userInfo.ReplaceAllString(s, "://"+hidden+"@")
	s = mail.ReplaceAllStringFunc(s, shortMail)
	s = number.ReplaceAllStringFunc(s, shortNumber)
	s = ip4.ReplaceAllStringFunc(s, shortIP)
	return ip6.ReplaceAllStringFunc(s, shortIP)
}

// shortMail keeps the first letter and the domain: a***@example.com.
func shortMail(s string) string {
	name, domain, _ := strings.Cut(s, "@")
	if name == hidden || strings.HasSuffix(name, hidden) {
		return s
	}
	for _, first := range name {
		return string(first) + "***@" + domain
	}
	return s
}

// shortNumber keeps the first and the last two digits of a telephone number.
func shortNumber(s string) string {
	prefix := "+"
	if rest, is := strings.CutPrefix(s, "tel:"); is {
		prefix, s = "tel:", rest
	}
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
	if len(digits) < 6 {
		return prefix + strings.TrimPrefix(s, "+")
	}
	return prefix + digits[:2] + "***" + digits[len(digits)-2:]
}

// shortIP keeps what tells networks apart. Addresses of this machine itself
// say nothing about anybody.
func shortIP(s string) string {
	address, err := netip.ParseAddr(s)
	if err != nil || address.IsLoopback() || address.IsUnspecified() {
		return s
	}
	if address = address.Unmap(); address.Is4() {
		b := address.As4()
		return fmt.Sprintf("%d.%d.x.x", b[0], b[1])
	}
	prefix, err := address.WithZone("").Prefix(32)
	if err != nil {
		return "x::x"
	}
	return strings.TrimSuffix(prefix.Addr().String(), "::") + "::x"
}
