package peer

import (
	"strconv"
	"strings"
	"time"
)

// description is a far end's session description, checked, with what this
// package needs of it and nothing else.
type description struct {
	origin   string     // session id, the second word of o=
	groups   [][]string // mids of each BUNDLE group
	iceLite  bool
	sections []remoteSection
}

// remoteSection is one media section of it.
type remoteSection struct {
	media   string // "audio", "video", "application", …
	proto   string
	formats []string // as on the m= line; to be repeated when the section is rejected
	mid     string
	named   bool // the mid is the far end's, not made up here
	dir     direction

	rejected bool // port 0
	usable   bool // audio or video that can be carried and has a codec known here
	kind     Kind // of a usable section

	ufrag, pwd  string
	fingerprint string // "sha-256 AB:CD:…"
	setup       string // active, passive, actpass, or ""
	candidates  []string

	packetTime time.Duration // of sound, at least; 0 if it does not say

	codecs  []remoteCodec
	extmaps []string // values of the extensions known here
	msid    string
	ssrc    uint32 // 0 if none is announced
	rtxSSRC uint32
	fecSSRC uint32
	fecType uint8 // payload type of parity; 0 if the far end does not take it
}

// parseSDP cuts and checks a far end's description. Everything that Pion will
// be shown is made from what passes here.
func parseSDP(text string) (*description, error) {
	raw, err := splitSDP(text)
	if err != nil {
		return nil, err
	}
	if len(raw.sections) == 0 {
		return nil, badSDP("has no media")
	}
	d := &description{}
	if err := d.parseSession(raw.session); err != nil {
		return nil, err
	}
	mids := make(map[string]bool)
	for i, lines := range raw.sections {
		s, err := parseSection(lines, raw.session)
		if err != nil {
			return nil, err
		}
		if s.mid == "" {
			s.mid = freeMid(i, mids)
		}
		if mids[s.mid] {
			return nil, badSDP("names two media sections alike")
		}
		mids[s.mid] = true
		d.sections = append(d.sections, s)
	}
	d.acceptBundleOnly(raw)
	if err := d.checkTransports(); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *description) parseSession(lines []string) error {
	for _, line := range lines {
		if origin, ok := strings.CutPrefix(line, "o="); ok {
			words := strings.Fields(origin)
			if len(words) != 6 || len(words[1]) > maxTokenBytes {
				return badSDP("has a damaged o= line")
			}
			d.origin = words[1]
			break
		}
	}
	if d.origin == "" {
		return badSDP("has no o= line")
	}
	for _, group := range attributes(lines, "group") {
		words := strings.Fields(group)
		if len(words) > 1 && words[0] == "BUNDLE" && len(words) <= maxSections+1 {
			d.groups = append(d.groups, words[1:])
		}
	}
	_, d.iceLite = attribute(lines, "ice-lite")
	return nil
}

// freeMid names a section that has no a=mid. Old peers leave it out; inside,
// every section needs one.
func freeMid(index int, used map[string]bool) string {
	mid := strconv.Itoa(index)
	for used[mid] {
		mid += "x"
	}
	return mid
}

func parseSection(lines, session []string) (remoteSection, error) {
	s := remoteSection{}
	if err := s.parseMediaLine(lines[0]); err != nil {
		return s, err
	}
	if mid, ok := attribute(lines, "mid"); ok {
		if !isToken(mid) {
			return s, badSDP("has a damaged a=mid")
		}
		s.mid, s.named = mid, true
	}
	var ok bool
	if s.dir, ok = directionOf(lines); !ok {
		if s.dir, ok = directionOf(session); !ok {
			s.dir = sendrecv // RFC 8866 section 6.7
		}
	}
	s.ufrag = inherited(lines, session, "ice-ufrag")
	s.pwd = inherited(lines, session, "ice-pwd")
	s.setup = inherited(lines, session, "setup")
	s.fingerprint = fingerprintOf(lines)
	if s.fingerprint == "" {
		s.fingerprint = fingerprintOf(session)
	}
	s.candidates = usableCandidates(lines)
	s.parseSources(lines)
	s.extmaps = knownExtensions(lines)

	var known bool
	switch s.media {
	case "audio":
		s.kind = Audio
	case "video":
		s.kind = Video
	default:
		return s, nil
	}
	s.codecs, known = knownCodecs(s.kind, s.formats, lines)
	if known && s.kind == Audio {
		s.packetTime = packetTime(s.codecs[0], lines)
	}
	s.usable = known && !s.rejected && isDTLSTransport(s.proto)
	if s.usable && s.kind == Video {
		s.fecType = parityType(s.formats, lines)
	}
	return s, nil
}

// parseMediaLine takes "m=audio 9 UDP/TLS/RTP/SAVPF 111 110" apart (RFC 8866
// section 5.14).
func (s *remoteSection) parseMediaLine(line string) error {
	words := strings.Fields(strings.TrimPrefix(line, "m="))
	if len(words) < 4 || len(words) > maxFormats+3 {
		return badSDP("has a damaged m= line")
	}
	for _, word := range words {
		if !isToken(word) {
			return badSDP("has a damaged m= line")
		}
	}
	portText, _, _ := strings.Cut(words[1], "/")
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return badSDP("has a damaged m= line")
	}
	s.media, s.proto, s.formats = words[0], words[2], words[3:]
	s.rejected = port == 0
	return nil
}

// acceptBundleOnly un-rejects sections with port 0 that are offered on the
// transport of their group (RFC 9143 section 6).
func (d *description) acceptBundleOnly(raw rawSDP) {
	for i := range d.sections {
		s := &d.sections[i]
		if _, ok := attribute(raw.sections[i], "bundle-only"); !ok || !s.rejected || d.groupOf(s.mid) == nil {
			continue
		}
		s.rejected = false
		s.usable = len(s.codecs) > 0 && isDTLSTransport(s.proto)
	}
}

// checkTransports sees that every usable section has what its transport needs,
// its own or that of its group.
func (d *description) checkTransports() error {
	for i := range d.sections {
		s := &d.sections[i]
		if !s.usable {
			continue
		}
		t := d.transportOf(s)
		if len(t.ufrag) < minUfrag || len(t.pwd) < minPwd || !isICEText(t.ufrag) || !isICEText(t.pwd) {
			return badSDP("has no usable ICE credentials")
		}
		if t.fingerprint == "" {
			return badSDP("has no certificate fingerprint, so the call could not be encrypted")
		}
	}
	return nil
}

// groupOf is the BUNDLE group that mid is in, or nil.
func (d *description) groupOf(mid string) []string {
	for _, group := range d.groups {
		for _, m := range group {
			if m == mid {
				return group
			}
		}
	}
	return nil
}

// transportOf is the section that describes the transport of s: the first of
// its group (RFC 9143 section 7.1), or s itself.
func (d *description) transportOf(s *remoteSection) *remoteSection {
	group := d.groupOf(s.mid)
	if group == nil {
		return s
	}
	for i := range d.sections {
		if t := &d.sections[i]; t.mid == group[0] && !t.rejected && t.ufrag != "" {
			return t
		}
	}
	return s
}

// candidates is how many there are, over all sections.
func (d *description) candidates() int {
	n := 0
	for i := range d.sections {
		n += len(d.sections[i].candidates)
	}
	return n
}

// packetTime is the longer of what an Opus section asks packets to last and of
// what it says that they must.
func packetTime(opus remoteCodec, lines []string) time.Duration {
	wish, _ := attribute(lines, "ptime")
	longest := readMilliseconds(wish)
	for parameter := range strings.SplitSeq(opus.fmtp, ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(parameter), "minptime="); ok {
			longest = max(longest, readMilliseconds(value))
		}
	}
	return longest
}

// readMilliseconds reads a packet's length; 0 if it is none.
func readMilliseconds(text string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Millisecond
}

func inherited(lines, session []string, name string) string {
	v, ok := attribute(lines, name)
	if !ok {
		v, _ = attribute(session, name)
	}
	if len(v) > maxTokenBytes {
		return ""
	}
	return v
}
