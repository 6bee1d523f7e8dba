package peer

import (
	"strings"
)

// Bounds on what a far end may send. Real offers of browsers are 3 to 8 KiB,
// with 2 or 3 sections and at most some 30 candidates each.
const (
	maxSDPBytes      = 256 << 10
	maxLineBytes     = 4 << 10
	maxSections      = 16
	maxCandidates    = 200 // used per section; more are ignored
	maxMDNSNames     = 8   // of those; each costs a query
	maxTokenBytes    = 256
	maxFormats       = 64
	minUfrag, minPwd = 4, 22 // RFC 8839 section 5.4
)

// rawSDP is a session description cut at its m= lines (RFC 8866 section 5),
// without line ends.
type rawSDP struct {
	session  []string
	sections [][]string // each begins with its m= line
}

// splitSDP cuts text into lines and sections. It checks sizes and that every
// line is "x=…", nothing more.
func splitSDP(text string) (rawSDP, error) {
	var raw rawSDP
	if len(text) > maxSDPBytes {
		return raw, badSDP("is too long")
	}
	for len(text) > 0 {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			continue // tolerated: some senders end with an empty line
		}
		if err := checkLine(line); err != nil {
			return rawSDP{}, err
		}
		if strings.HasPrefix(line, "m=") {
			if len(raw.sections) == maxSections {
				return rawSDP{}, badSDP("has too many media sections")
			}
			raw.sections = append(raw.sections, []string{line})
			continue
		}
		if n := len(raw.sections); n > 0 {
			raw.sections[n-1] = append(raw.sections[n-1], line)
		} else {
			raw.session = append(raw.session, line)
		}
	}
	if len(raw.session) == 0 || raw.session[0] != "v=0" {
		return rawSDP{}, badSDP("does not begin with v=0")
	}
	return raw, nil
}

func checkLine(line string) error {
	if len(line) > maxLineBytes {
		return badSDP("has a line that is too long")
	}
	if len(line) < 2 || line[1] != '=' || line[0] < 'a' || line[0] > 'z' {
		return badSDP("has a line that is no SDP")
	}
	for i := 2; i < len(line); i++ {
		if c := line[i]; c == '\r' || c == 0 {
			return badSDP("has a control character in a line")
		}
	}
	return nil
}

// join is the text of raw, with CRLF line ends. splitSDP undoes it.
func (raw rawSDP) join() string {
	var b strings.Builder
	for _, line := range raw.session {
		b.WriteString(line)
		b.WriteString("\r\n")
	}
	for _, section := range raw.sections {
		for _, line := range section {
			b.WriteString(line)
			b.WriteString("\r\n")
		}
	}
	return b.String()
}

// attribute is the value of the first "a=name" or "a=name:value" in lines.
func attribute(lines []string, name string) (value string, ok bool) {
	for _, line := range lines {
		if v, found := attributeOf(line, name); found {
			return v, true
		}
	}
	return "", false
}

// attributes are the values of all of them.
func attributes(lines []string, name string) []string {
	var all []string
	for _, line := range lines {
		if v, found := attributeOf(line, name); found {
			all = append(all, v)
		}
	}
	return all
}

func attributeOf(line, name string) (value string, ok bool) {
	rest, found := strings.CutPrefix(line, "a=")
	if !found {
		return "", false
	}
	rest, found = strings.CutPrefix(rest, name)
	if !found {
		return "", false
	}
	if rest == "" {
		return "", true
	}
	return strings.CutPrefix(rest, ":")
}
