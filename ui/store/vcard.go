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
