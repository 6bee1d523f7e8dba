package peer

import (
	"fmt"
	"strings"
)

// wireSession is the session part of our own descriptions. The id stays the
// same for as long as the far end must keep its transports: SDK pages throw
// theirs away when it changes. The version rises with every description
// (RFC 3264 section 8).
func wireSession(id, version uint64, group []string) []string {
	lines := []string{
		"v=0",
		fmt.Sprintf("o=- %d %d IN IP4 127.0.0.1", id, version),
		"s=-",
		"t=0 0",
	}
	if len(group) > 0 {
		lines = append(lines, "a=group:BUNDLE "+strings.Join(group, " "))
	}
	return append(lines, "a=msid-semantic: WMS *")
}

// wireSection says what our text has in place of what Pion wrote.
type wireSection struct {
	mid   string
	proto string // "" leaves Pion's
	setup string
	dir   direction
	fec   uint8 // payload type of parity; 0 for none
	source
}

// source is what is announced of an outbound track.
type source struct {
	stream, track string
	ssrc, rtxSSRC uint32
	fecSSRC       uint32
}

// fromPion turns a media section that Pion wrote into ours: real direction,
// DTLS role of the call, our sources and only where we send, candidates of the
// one component there is.
func (w wireSection) fromPion(lines []string) []string {
	lines, parity := withParity(lines, w.fec)
	out := make([]string, 0, len(lines)+8)
	rtx := false
	for i, line := range lines {
		if i == 0 {
			out = append(out, w.mediaLine(line))
			continue
		}
		if v, ok := attributeOf(line, "rtpmap"); ok {
			rtx = rtx || strings.HasSuffix(strings.ToLower(v), " rtx/90000")
		}
		if keep := w.line(line); keep != "" {
			out = append(out, keep)
		}
	}
	out = append(out, "a="+w.dir.String())
	if w.dir.send {
		out = append(out, w.sourceLines(rtx, parity)...)
	}
	return out
}

func (w wireSection) mediaLine(line string) string {
	words := strings.Fields(line)
	if len(words) < 4 {
		return line
	}
	words[1] = "9"
	if w.proto != "" {
		words[2] = w.proto
	}
	return strings.Join(words, " ")
}

// line is what becomes of one of Pion's lines; "" drops it.
func (w wireSection) line(line string) string {
	if !strings.HasPrefix(line, "a=") {
		return line
	}
	name, value, _ := strings.Cut(line[2:], ":")
	switch name {
	case "ssrc", "ssrc-group", "msid", "sendrecv", "sendonly", "recvonly", "inactive":
		return ""
	case "setup":
		return "a=setup:" + w.setup
	case "mid":
		return "a=mid:" + w.mid
	case "candidate":
		if words := strings.Fields(value); len(words) > 1 && words[1] != "1" {
			return ""
		}
	case "fmtp":
		// Pion repeats the far end's parameters; ours say what we can receive.
		if strings.Contains(value, "useinbandfec") || strings.Contains(value, "minptime") {
			payloadType, _, _ := strings.Cut(value, " ")
			return "a=fmtp:" + payloadType + " " + opusParameters
		}
	}
	return line
}

func (w wireSection) sourceLines(rtx, parity bool) []string {
	lines := []string{fmt.Sprintf("a=msid:%s %s", w.stream, w.track)}
	ssrcs := []uint32{w.ssrc}
	if rtx {
		lines = append(lines, fmt.Sprintf("a=ssrc-group:FID %d %d", w.ssrc, w.rtxSSRC))
		ssrcs = append(ssrcs, w.rtxSSRC)
	}
	if parity {
		lines = append(lines, fmt.Sprintf("a=ssrc-group:FEC-FR %d %d", w.ssrc, w.fecSSRC))
		ssrcs = append(ssrcs, w.fecSSRC)
	}
	for _, ssrc := range ssrcs {
		lines = append(lines,
			fmt.Sprintf("a=ssrc:%d cname:%s", ssrc, w.stream),
			fmt.Sprintf("a=ssrc:%d msid:%s %s", ssrc, w.stream, w.track))
	}
	return lines
}

// rejectedSection declines a section (RFC 3264 section 6). Mid and direction
// are there because old SDK pages stumble without them.
func rejectedSection(media, proto, mid string, formats []string) []string {
	return []string{
		fmt.Sprintf("m=%s 0 %s %s", media, proto, strings.Join(formats, " ")),
		"c=IN IP4 0.0.0.0",
		"a=mid:" + mid,
		"a=inactive",
	}
}
