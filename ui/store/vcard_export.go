package store

import (
	"bytes"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"tring/engine"
)

// ExportVCard writes all contacts as vCards 4.0 (RFC 6350), which other address
// books and ImportVCard read.
func (s *Store) ExportVCard(w io.Writer) error {
	var b bytes.Buffer
	for _, c := range s.Contacts() {
		b.Reset()
		writeCard(&b, c)
		if _, err := w.Write(b.Bytes()); err != nil {
			return &engine.Problem{Cause: "The contacts could not be written to the file.", Next: "Choose another place and try again.", Err: err}
		}
	}
	return nil
}

func writeCard(w *bytes.Buffer, c Contact) {
	writeLine(w, "BEGIN:VCARD")
	writeLine(w, "VERSION:4.0")
	writeLine(w, "FN:"+escape(c.Name))
	if c.Organisation != "" {
		writeLine(w, "ORG:"+escape(c.Organisation))
	}
	if c.Note != "" {
		writeLine(w, "NOTE:"+escape(c.Note))
	}
	if c.Favourite {
		writeLine(w, "CATEGORIES:Favourite")
	}
	for i, a := range c.Addresses {
		writeAddress(w, a, "item"+strconv.Itoa(i+1)+".")
	}
	writeLine(w, "END:VCARD")
}

// writeAddress writes what others know by its type, and any other label as
// Apple's address book does, in a group of its own.
func writeAddress(w *bytes.Buffer, a Address, group string) {
	types := ""
	for t, l := range map[string]string{"home": "home", "work": "work", "cell": mobile} {
		if a.Label == l {
			types = ";TYPE=" + t
		}
	}
	labelled := a.Label != "" && types == ""
	if !labelled {
		group = ""
	}
	plain := !strings.Contains(a.Value, ":")
	switch {
	case plain && isNumber(a.Value):
		writeLine(w, group+"TEL"+types+":"+escape(a.Value))
	case plain && strings.Contains(a.Value, "@"):
		writeLine(w, group+"EMAIL"+types+":"+escape(a.Value))
	default:
		writeLine(w, group+"IMPP"+types+":sip:"+url.PathEscape(a.Value))
	}
	if labelled {
		writeLine(w, group+"X-ABLabel:"+escape(a.Label))
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, ",", `\,`, ";", `\;`)

func escape(s string) string { return escapes.Replace(s) }

const lineWidth = 75 // octets, RFC 6350 §3.2

// writeLine folds a line between two characters.
func writeLine(w *bytes.Buffer, line string) {
	width := lineWidth
	for len(line) > width {
		end := width
		for !utf8.RuneStart(line[end]) {
			end--
		}
		w.WriteString(line[:end])
		w.WriteString("\r\n ")
		line, width = line[end:], lineWidth-1
	}
	w.WriteString(line)
	w.WriteString("\r\n")
}
