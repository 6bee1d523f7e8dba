package peer

import (
	"fmt"
	"strings"
)

// shownSection is one far-end section as one PeerConnection is shown it.
type shownSection struct {
	*remoteSection
	mid           string // as the PeerConnection knows it
	ssrc, rtxSSRC uint32 // 0 for none
	fecSSRC       uint32
	msid          string
	silent        bool // the far end sends nothing here, and has not said what it might
}

// shownTo writes the description of one PeerConnection's far end: only its
// sections, one BUNDLE group over all of them, and only what was checked by
// parseSDP. Reasons, all met in practice:
//
//   - Pion answers a section that is in no group with port 0.
//   - It takes inactive for the end of a transceiver, so it always sees
//     sendrecv; real directions are kept outside.
//   - It fails half-way, with no way back, on lines it cannot read.
//   - It takes ICE from the group's first section; transport holds that of the
//     far end's group even if that section is not ours to carry.
func (d *description) shownTo(sections []shownSection, setup string) string {
	var b strings.Builder
	mids := make([]string, len(sections))
	for i, s := range sections {
		mids[i] = s.mid
	}
	b.WriteString("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")
	fmt.Fprintf(&b, "a=group:BUNDLE %s\r\n", strings.Join(mids, " "))
	if d.iceLite {
		b.WriteString("a=ice-lite\r\n")
	}
	for i, s := range sections {
		d.showSection(&b, s, setup, i == 0)
	}
	return b.String()
}

func (d *description) showSection(b *strings.Builder, s shownSection, setup string, first bool) {
	transport := d.transportOf(s.remoteSection)
	payloadTypes := make([]string, len(s.codecs))
	for i, c := range s.codecs {
		payloadTypes[i] = c.payloadType
	}
	fmt.Fprintf(b, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\nc=IN IP4 0.0.0.0\r\n", s.media, strings.Join(payloadTypes, " "))
	fmt.Fprintf(b, "a=mid:%s\r\na=setup:%s\r\na=fingerprint:%s\r\n", s.mid, setup, transport.fingerprint)
	fmt.Fprintf(b, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=sendrecv\r\n", transport.ufrag, transport.pwd)
	for _, c := range s.codecs {
		fmt.Fprintf(b, "a=rtpmap:%s %s\r\n", c.payloadType, c.rtpmap)
		if c.fmtp != "" {
			fmt.Fprintf(b, "a=fmtp:%s %s\r\n", c.payloadType, c.fmtp)
		}
		for _, feedback := range c.feedback {
			fmt.Fprintf(b, "a=rtcp-fb:%s %s\r\n", c.payloadType, feedback)
		}
	}
	for _, extension := range s.extmaps {
		fmt.Fprintf(b, "a=extmap:%s\r\n", extension)
	}
	showSources(b, s)
	if !first {
		return
	}
	for _, candidate := range transport.candidates {
		fmt.Fprintf(b, "a=candidate:%s\r\n", candidate)
	}
	b.WriteString("a=end-of-candidates\r\n")
}

func showSources(b *strings.Builder, s shownSection) {
	if s.silent {
		b.WriteString(noSources)
		return
	}
	if s.msid != "" {
		fmt.Fprintf(b, "a=msid:%s\r\n", s.msid)
	}
	if s.ssrc == 0 {
		return
	}
	if s.rtxSSRC != 0 {
		fmt.Fprintf(b, "a=ssrc-group:FID %d %d\r\n", s.ssrc, s.rtxSSRC)
	}
	if s.fecSSRC != 0 {
		fmt.Fprintf(b, "a=ssrc-group:FEC-FR %d %d\r\n", s.ssrc, s.fecSSRC)
	}
	for _, ssrc := range []uint32{s.ssrc, s.rtxSSRC, s.fecSSRC} {
		if ssrc != 0 {
			fmt.Fprintf(b, "a=ssrc:%d cname:far\r\n", ssrc)
		}
	}
}

// noSources names a repair stream of a source that is not there. Pion makes no
// track of that, and a section that names sources is closed to others.
//
// A browser that adds video sends it with its offer, before we have answered.
// Where the section names no sources, Pion takes each that comes for one to be
// played: the retransmissions, too, which it can then never tie to the video
// that they repair. If they came second, they took the picture's place, and
// nothing was seen for the rest of the call (page 4.9.0 at 5 % loss, one call
// of three). Closed, the early packets wait in their stream until the offer has
// said what they are.
const noSources = "a=ssrc-group:FID 1 2\r\na=ssrc:2 cname:none\r\n"
