package peer

// section is one media section of the negotiated session. Its place in the
// list is its place in every description.
type section struct {
	mid     string // in our descriptions and the far end's
	inner   string // Pion's name for it: that of its transceiver
	media   string
	proto   string
	formats []string // for the m= line when it is rejected

	kind      Kind
	transport *transport // nil: rejected, by either side

	local  direction // what we do by the last answer
	remote direction // what the far end's newest description says

	// Of the far end: its transport, to recognise another far end, and its
	// sources, which it leaves out while it does not send.
	ufrag, fingerprint string
	ssrc, rtxSSRC      uint32
	fecSSRC            uint32
	msid               string
	described          bool  // by the far end
	fecType            uint8 // payload type of parity by its newest description; 0 for none
}

func (s *section) live() bool { return s.transport != nil }

// learn takes over what the far end says of the section.
func (s *section) learn(d *description, r *remoteSection) {
	s.media, s.formats, s.remote = r.media, r.formats, r.dir
	if !s.live() {
		return
	}
	s.described, s.fecType = true, r.fecType
	t := d.transportOf(r)
	s.ufrag, s.fingerprint = t.ufrag, t.fingerprint
	if r.ssrc != 0 {
		s.ssrc, s.rtxSSRC, s.fecSSRC, s.msid = r.ssrc, r.rtxSSRC, r.fecSSRC, r.msid
	}
}

// show is the section as Pion is to see it. While the far end does not send, it
// announces no sources; Pion would end the track for it, so the known ones are
// shown again, and if there are none, that none is to be taken.
func (s *section) show(r *remoteSection) shownSection {
	shown := shownSection{remoteSection: r, mid: s.inner, ssrc: r.ssrc, rtxSSRC: r.rtxSSRC, fecSSRC: r.fecSSRC, msid: r.msid}
	if r.ssrc == 0 && !r.dir.send {
		shown.ssrc, shown.rtxSSRC, shown.fecSSRC, shown.msid = s.ssrc, s.rtxSSRC, s.fecSSRC, s.msid
		shown.silent = s.ssrc == 0
	}
	return shown
}

// parity is the payload type of parity in our descriptions: what the far end
// takes, or an offer of it; 0 for none.
func (s *section) parity() uint8 {
	switch {
	case s.kind != Video:
		return 0
	case !s.described:
		return parityPayload
	}
	return s.fecType
}

// rejected is the section's text when it is not carried.
func (s *section) rejected() []string {
	return rejectedSection(s.media, s.proto, s.mid, s.formats)
}

// replaced reports whether an offer comes from another far end than the one
// that s is settled with: another certificate, or another session whose
// transports are others, too. Transfers look like that.
func (s *session) replaced(d *description) bool {
	for i, old := range s.sections {
		if !old.live() || i >= len(d.sections) || !d.sections[i].usable {
			continue
		}
		t := d.transportOf(&d.sections[i])
		if t.fingerprint != old.fingerprint {
			return true
		}
		if d.origin != s.remoteOrigin && t.ufrag != old.ufrag {
			return true
		}
	}
	return false
}
