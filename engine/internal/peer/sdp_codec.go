package peer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/ice/v4"
	"github.com/pion/sdp/v3"
)

// remoteCodec is one payload type of a far end.
type remoteCodec struct {
	payloadType string
	rtpmap      string   // "opus/48000/2"
	fmtp        string   // may be empty
	feedback    []string // known rtcp-fb values
}

func (c remoteCodec) is(encoding string) bool {
	return strings.EqualFold(c.rtpmap, encoding)
}

const maxFmtp = 512

// knownCodecs picks the payload types that can be used here: Opus and
// telephone events, or VP8 and its retransmissions. ok says whether the media
// itself is among them.
func knownCodecs(kind Kind, formats, lines []string) (codecs []remoteCodec, ok bool) {
	all := listCodecs(formats, lines)
	if kind == Audio {
		opus := slices.IndexFunc(all, func(c remoteCodec) bool { return c.is("opus/48000/2") })
		if opus < 0 {
			return nil, false
		}
		codecs = append(codecs, all[opus])
		for _, events := range []string{"telephone-event/48000", "telephone-event/8000"} {
			if i := slices.IndexFunc(all, func(c remoteCodec) bool { return c.is(events) }); i >= 0 {
				codecs = append(codecs, all[i])
			}
		}
		return codecs, true
	}
	vp8 := slices.IndexFunc(all, func(c remoteCodec) bool { return c.is("VP8/90000") })
	if vp8 < 0 {
		return nil, false
	}
	codecs = append(codecs, all[vp8])
	apt := "apt=" + all[vp8].payloadType
	if i := slices.IndexFunc(all, func(c remoteCodec) bool {
		first, _, _ := strings.Cut(c.fmtp, ";")
		return c.is("rtx/90000") && strings.TrimSpace(first) == apt
	}); i >= 0 {
		all[i].fmtp = apt
		codecs = append(codecs, all[i])
	}
	return codecs, true
}

// listCodecs collects rtpmap, fmtp and rtcp-fb of each format that is a
// dynamic or static payload type.
func listCodecs(formats, lines []string) []remoteCodec {
	byType := make(map[string]*remoteCodec)
	var order []*remoteCodec
	for _, format := range formats {
		n, err := strconv.ParseUint(format, 10, 8)
		if err != nil || n > 127 || byType[format] != nil || strconv.FormatUint(n, 10) != format {
			continue
		}
		c := &remoteCodec{payloadType: format}
		byType[format] = c
		order = append(order, c)
	}
	for _, line := range lines {
		if v, ok := attributeOf(line, "rtpmap"); ok {
			pt, value, _ := strings.Cut(v, " ")
			if c := byType[pt]; c != nil && c.rtpmap == "" && isToken(value) {
				c.rtpmap = strings.TrimSuffix(value, "/1") // one channel needs no word, but Firefox writes it
			}
		} else if v, ok := attributeOf(line, "fmtp"); ok {
			pt, value, _ := strings.Cut(v, " ")
			if c := byType[pt]; c != nil && c.fmtp == "" && len(value) <= maxFmtp {
				c.fmtp = strings.TrimSpace(value)
			}
		} else if v, ok := attributeOf(line, "rtcp-fb"); ok {
			addFeedback(order, v)
		}
	}
	all := make([]remoteCodec, 0, len(order))
	for _, c := range order {
		all = append(all, *c)
	}
	return all
}

// addFeedback notes "96 nack pli" or "* nack" (RFC 4585 section 4.2).
func addFeedback(codecs []*remoteCodec, value string) {
	pt, feedback, _ := strings.Cut(value, " ")
	switch feedback {
	case "nack", "nack pli", "ccm fir", "transport-cc":
	default:
		return
	}
	for _, c := range codecs {
		if (pt == "*" || pt == c.payloadType) && !slices.Contains(c.feedback, feedback) {
			c.feedback = append(c.feedback, feedback)
		}
	}
}

// knownExtensions keeps the header extensions that are used here. Their
// numbers must be kept apart from the kind of section: they hold for all
// sections of a call, since the far end may bundle them later.
func knownExtensions(lines []string) []string {
	var known []string
	for _, value := range attributes(lines, "extmap") {
		words := strings.Fields(value)
		if len(words) < 2 || words[1] != sdp.TransportCCURI {
			continue
		}
		number, _, _ := strings.Cut(words[0], "/")
		if n, err := strconv.ParseUint(number, 10, 8); err == nil && n >= 1 && n <= 14 && len(known) == 0 {
			known = append(known, strconv.FormatUint(n, 10)+" "+words[1])
		}
	}
	return known
}

// usableCandidates keeps the candidates that can be checked from here: UDP,
// RTP component (RTCP is multiplexed), addresses or mDNS names.
func usableCandidates(lines []string) []string {
	var usable []string
	names := 0
	for _, value := range attributes(lines, "candidate") {
		if len(usable) == maxCandidates {
			break
		}
		words := strings.Fields(value)
		if len(words) < 8 || len(value) > 512 || words[1] != "1" || !strings.EqualFold(words[2], "udp") {
			continue
		}
		if strings.HasSuffix(words[4], ".local") {
			if names++; names > maxMDNSNames {
				continue
			}
		}
		if c, err := ice.UnmarshalCandidate(value); err != nil || c == nil {
			continue
		}
		usable = append(usable, strings.Join(words, " "))
	}
	return usable
}

// parseSources reads msid, and the SSRCs of the first source, of its
// retransmissions and of its parity (RFC 5576, RFC 5956 section 4.3).
func (s *remoteSection) parseSources(lines []string) {
	if msid, ok := attribute(lines, "msid"); ok {
		words := strings.Fields(msid)
		switch {
		case len(words) == 2 && isToken(words[0]) && isToken(words[1]):
			s.msid = words[0] + " " + words[1]
		case len(words) == 1 && isToken(words[0]):
			s.msid = words[0] + " track"
		}
	}
	repairs, parities := make(map[uint32]uint32), make(map[uint32]uint32) // by main
	isRepair := make(map[uint32]bool)
	for _, group := range attributes(lines, "ssrc-group") {
		words := strings.Fields(group)
		of := map[string]map[uint32]uint32{"FID": repairs, "FEC-FR": parities}
		if len(words) != 3 || of[words[0]] == nil {
			continue
		}
		main, repair := parseSSRC(words[1]), parseSSRC(words[2])
		if main != 0 && repair != 0 && main != repair {
			of[words[0]][main] = repair
			isRepair[repair] = true
		}
	}
	for _, source := range attributes(lines, "ssrc") {
		id, _, _ := strings.Cut(source, " ")
		if ssrc := parseSSRC(id); ssrc != 0 && !isRepair[ssrc] {
			s.ssrc, s.rtxSSRC, s.fecSSRC = ssrc, repairs[ssrc], parities[ssrc]
			return
		}
	}
}

func parseSSRC(text string) uint32 {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}
