package store

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of a file of vCards.
const (
	maxCardFile   = 64 << 20 // bytes; pictures take most of it
	maxCardLine   = 64 << 10 // bytes of one property; what is longer is cut
	maxProperties = 1000     // of one card; what follows is left out
	maxParameters = 64       // of one property
)

var errCardFile = errors.New("file of vCards too large")

// property is one line of a vCard (RFC 6350 §3.3), unfolded.
type property struct {
	group      string // "item1" of item1.TEL
	name       string // upper case
	parameters map[string][]string
	value      string // as it stands there
}

// has reports whether a parameter has that value, in any case.
func (p *property) has(parameter, value string) bool {
	for _, v := range p.parameters[parameter] {
		if strings.EqualFold(v, value) {
			return true
		}
	}
	return false
}

// cardReader reads the properties of a file of vCards.
type cardReader struct {
	r    *bufio.Reader
	left *io.LimitedReader
	keep bool // vCard 2.1 folds between words: the space stays
}

// newCardReader finds out which Unicode the file is in; how other texts are
// encoded is said with each property.
func newCardReader(r io.Reader) (*cardReader, error) {
	left := &io.LimitedReader{R: r, N: maxCardFile + 1}
	c := &cardReader{r: bufio.NewReader(left), left: left}
	mark, err := c.r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(mark, []byte("\xef\xbb\xbf")):
		_, err = c.r.Discard(3)
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		err = c.readUTF16(mark[0] == 0xfe)
	default:
		err = nil
	}
	return c, err
}

func (c *cardReader) readUTF16(bigEndian bool) error {
	b, err := io.ReadAll(c.r)
	if err != nil {
		return err
	}
	if c.left.N <= 0 {
		return errCardFile
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		first, second := b[2*i], b[2*i+1]
		if bigEndian {
			first, second = second, first
		}
		units[i] = uint16(first) | uint16(second)<<8
	}
	text := strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
	c.r = bufio.NewReader(strings.NewReader(text))
	return nil
}

// next is the next property; io.EOF after the last.
func (c *cardReader) next() (property, error) {
	for {
		line, err := c.logicalLine()
		if err != nil {
			return property{}, err
		}
		if p, ok := parseProperty(line); ok {
			return p, nil
		}
	}
}

// logicalLine is a line with those that continue it: they begin with a space
// (RFC 6350 §3.2), or the one before ends with = in quoted-printable.
func (c *cardReader) logicalLine() (string, error) {
	line, err := c.line(nil)
	if err != nil {
		return "", err
	}
	head, _, _ := bytes.Cut(line, []byte(":"))
	soft := bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
	for {
		if soft && bytes.HasSuffix(line, []byte("=")) {
			line, err = c.line(line[:len(line)-1])
		} else {
			first, _ := c.r.Peek(1)
			if len(first) == 0 || first[0] != ' ' && first[0] != '\t' {
				return string(line), nil
			}
			if !c.keep {
				if _, err := c.r.Discard(1); err != nil {
					return "", err
				}
			}
			line, err = c.line(line)
		}
		if errors.Is(err, io.EOF) {
			return string(line), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// line appends one line as it stands in the file, without its end. What is
// beyond the bound is dropped.
func (c *cardReader) line(to []byte) ([]byte, error) {
	from := len(to)
	for {
		part, err := c.r.ReadSlice('\n')
		if c.left.N <= 0 {
			return to, errCardFile
		}
		read := len(part) > 0
		to = append(to, part[:min(len(part), max(0, maxCardLine-len(to)))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (read || len(to) > from):
		case err != nil:
			return to, err
		}
		if len(to) >= maxCardLine {
			return cutRune(to), nil
		}
		return bytes.TrimRight(to, "\r\n"), nil
	}
}

// cutRune takes off the beginning of a letter that was cut.
func cutRune(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}

// parseProperty takes a line apart; false if it is none.
func parseProperty(line string) (property, bool) {
	head, value, ok := cutUnquoted(line, ':')
	if !ok {
		return property{}, false
	}
	p := property{value: value, parameters: map[string][]string{}}
	name, rest, _ := cutUnquoted(head, ';')
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		p.group, name = strings.ToUpper(name[:i]), name[i+1:]
	}
	p.name = strings.ToUpper(strings.TrimSpace(name))
	for range maxParameters {
		if rest == "" {
			break
		}
		var one string
		one, rest, _ = cutUnquoted(rest, ';')
		p.addParameter(one)
	}
	return p, p.name != ""
}

// addParameter adds KEY=value,value, or a bare value as vCard 2.1 has it.
func (p *property) addParameter(s string) {
	key, values, ok := strings.Cut(s, "=")
	key = strings.ToUpper(strings.TrimSpace(key))
	if !ok {
		values, key = key, "TYPE"
		if values == "QUOTED-PRINTABLE" || values == "BASE64" {
			key = "ENCODING"
		}
	}
	for range maxParameters {
		var v string
		v, values, ok = cutUnquoted(values, ',')
		if v = parameterText.Replace(strings.Trim(strings.TrimSpace(v), `"`)); v != "" {
			for part := range strings.SplitSeq(v, ",") { // 4.0: TYPE="voice,home"
				p.parameters[key] = append(p.parameters[key], strings.TrimSpace(part))
			}
		}
		if !ok {
			return
		}
	}
}

// parameterText undoes RFC 6868.
var parameterText = strings.NewReplacer("^n", "\n", "^^", "^", "^'", `"`)

// cutUnquoted cuts at the first separator that is not between quotes.
func cutUnquoted(s string, separator byte) (before, after string, found bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

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
	windowsTurkish := map[byte]rune{}
	for _, from := range []map[byte]rune{windows, turkish} {
		for b, r := range from {
			windowsTurkish[b] = r
		}
	}
	return map[string]map[byte]rune{
		"windows-1252": windows, "cp1252": windows, "iso-8859-1": windows, "latin1": windows,
		"iso-8859-9": turkish, "latin5": turkish, "windows-1254": windowsTurkish, "cp1254": windowsTurkish,
		"iso-8859-15": latin9, "latin9": latin9,
	}
}()
