package store

import (
	"net/url"
	"slices"
	"strings"
)

// card is a contact while its properties are read.
type card struct {
	Contact
	structured string            // of N, in case that there is no FN
	labels     map[string]string // group → what it is called
	groups     []string          // of the addresses
	old        bool              // vCard 2.1
	isGroup    bool              // a list of people
	properties int
	lost       bool // text in a charset that is not known
}

func newCard() *card { return &card{labels: map[string]string{}} }

// take reads one property.
func (c *card) take(p property) {
	if c.properties++; c.properties > maxProperties {
		return
	}
	switch p.name {
	case "VERSION":
		c.old = strings.TrimSpace(p.value) == "2.1"
		return
	case "PHOTO", "LOGO", "SOUND", "KEY":
		return
	}
	text, known := p.text()
	c.lost = c.lost || !known
	switch p.name {
	case "FN":
		if c.Name == "" {
			c.Name = c.plain(text)
		}
	case "N":
		c.structured = c.fullName(text)
	case "ORG":
		c.Organisation = strings.Join(c.parts(text, ';'), ", ")
	case "NOTE":
		c.Note = c.plain(text)
	case "CATEGORIES":
		for _, category := range c.parts(text, ',') {
			c.Favourite = c.Favourite || favouriteWords[string(appendWords(nil, category))]
		}
	case "KIND", "X-ADDRESSBOOKSERVER-KIND":
		c.isGroup = strings.EqualFold(strings.TrimSpace(text), "group")
	case "X-ABLABEL":
		label := c.plain(text)
		if apple, ok := strings.CutPrefix(label, "_$!<"); ok {
			label = strings.ToLower(strings.TrimSuffix(apple, ">!$_"))
		}
		c.labels[p.group] = label
	case "TEL", "EMAIL", "IMPP", "URL", "X-SIP", "SIP":
		c.takeAddress(&p, c.plain(text))
	}
}

// favouriteWords are categories that mark a favourite, as words are folded; the
// first is ours, "starred" is Google's.
var favouriteWords = map[string]bool{
	" favourite": true, " favourites": true, " favorite": true, " favorites": true, " starred": true,
	" favoriten": true, " favorit": true, " favoris": true, " favori": true, " sik kullanilanlar": true,
}

// takeAddress adds an address that can be called.
func (c *card) takeAddress(p *property, value string) {
	if p.has("TYPE", "fax") || p.has("TYPE", "pager") || len(c.Addresses) >= 2*maxAddresses {
		return
	}
	if i := strings.LastIndexByte(value, '<'); i >= 0 {
		value, _, _ = strings.Cut(value[i+1:], ">") // Bob <mailto:bob@example.com>
	}
	value = strings.TrimSpace(value)
	scheme, rest, ok := strings.Cut(value, ":")
	switch scheme = strings.ToLower(scheme); {
	case ok && (scheme == "sip" || scheme == "sips" || scheme == "tel" || scheme == "kandy" || scheme == "mailto"):
		rest, _, _ = strings.Cut(rest, ";")
		if plain, err := url.PathUnescape(rest); err == nil {
			rest = plain
		}
		value = rest
	case ok, p.name == "URL", p.name == "IMPP":
		return // a web page, another messenger
	}
	c.Addresses = append(c.Addresses, Address{Label: label(p.parameters["TYPE"]), Value: value})
	c.groups = append(c.groups, p.group)
}

// labels of the types that say where an address rings; others say how.
var typeLabels = map[string]string{"home": "home", "work": "work", "cell": mobile, "car": "car", "main": "main", "iphone": mobile}

const mobile = "mobile"

// label is the address's name: mobile goes before home and work.
func label(types []string) string {
	found := ""
	for _, t := range types {
		if l := typeLabels[strings.ToLower(t)]; l != "" && (found == "" || l == mobile) {
			found = l
		}
	}
	return found
}

// contact is what was read; ok is false if nobody in it can be called.
func (c *card) contact() (Contact, bool) {
	for i, group := range c.groups {
		if l, ok := c.labels[group]; ok && group != "" {
			c.Addresses[i].Label = l
		}
	}
	if strings.TrimSpace(c.Name) == "" {
		c.Name = c.structured
	}
	clean, err := cleanContact(c.Contact)
	return clean, err == nil
}

// fullName puts N together: family;given;additional;prefix;suffix.
func (c *card) fullName(text string) string {
	parts := c.parts(text, ';')
	var ordered []string
	for _, i := range []int{3, 1, 2, 0, 4} {
		if i < len(parts) && parts[i] != "" {
			ordered = append(ordered, parts[i])
		}
	}
	return strings.Join(ordered, " ")
}

// parts are the pieces between separators that are not escaped; empty ones only
// where another follows.
func (c *card) parts(text string, separator byte) []string {
	var parts []string
	from := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case separator:
			parts = append(parts, strings.TrimSpace(c.plain(text[from:i])))
			from = i + 1
		}
	}
	parts = append(parts, strings.TrimSpace(c.plain(text[from:])))
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}

// plain undoes the escapes (RFC 6350 §3.4). vCard 2.1 knows them for separators
// alone: other backslashes are what they are.
func (c *card) plain(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch next := s[i+1]; {
		case next == ';' || next == ',' || next == ':' || next == '\\' && !c.old:
			b.WriteByte(next)
		case (next == 'n' || next == 'N') && !c.old:
			b.WriteByte('\n')
		default:
			b.WriteByte('\\')
			continue
		}
		i++
	}
	return b.String()
}

// sameName reports whether two names can be of one person: the words of one are
// among those of the other.
func sameName(a, b string) bool {
	first, second := nameWords(a), nameWords(b)
	if len(first) > len(second) {
		first, second = second, first
	}
	for _, w := range first {
		if !slices.Contains(second, w) {
			return false
		}
	}
	return true
}

func nameWords(name string) []string { return strings.Fields(string(appendWords(nil, name))) }
