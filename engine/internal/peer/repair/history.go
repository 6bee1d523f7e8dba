package repair

import (
	"time"

	"github.com/pion/rtp"
)

// Bounds of a History.
const (
	historySize = 1024            // packets: four seconds at 2.5 Mbit/s
	historyAge  = 2 * time.Second // nobody waits longer
	// maxRepeats is how often one packet is sent again.
	maxRepeats = 12
	// maxPacket is the largest payload that is kept; all that are made here are
	// smaller.
	maxPacket = 1500
	// Repeating takes no more than half of what is sent, beyond a reserve for
	// a hole of a quarter of a second at 4 Mbit/s: requests are cheap to forge.
	repeatShare   = 2
	repeatReserve = 128 << 10 // bytes
	// minRepeatGap is for round trips that are not known.
	minRepeatGap = 4 * time.Millisecond
)

// History keeps the packets of one stream that were sent last.
type History struct {
	ring    [historySize]sent
	budget  int // bytes that may be repeated
	started bool
}

// sent is a packet that went out. The payload's memory is used again when the
// ring comes round.
type sent struct {
	header  rtp.Header
	payload []byte
	at      time.Time
	again   time.Time // last time it was repeated
	repeats int
}

// Keep copies a packet that goes out now. Header extensions and CSRCs are left
// out: they belong to the one sending.
func (h *History) Keep(header *rtp.Header, payload []byte, now time.Time) {
	if len(payload) > maxPacket {
		return
	}
	if !h.started {
		h.started, h.budget = true, repeatReserve
	}
	s := &h.ring[header.SequenceNumber%historySize]
	s.header = rtp.Header{
		Version: 2, Marker: header.Marker, PayloadType: header.PayloadType,
		SequenceNumber: header.SequenceNumber, Timestamp: header.Timestamp, SSRC: header.SSRC,
	}
	s.payload = append(s.payload[:0], payload...)
	s.at, s.again, s.repeats = now, time.Time{}, 0
	h.budget = min(h.budget+len(payload)/repeatShare, repeatReserve)
}

// Repeat gives the packet of that number, if it is to be sent again now: not
// one that was repeated within half a round trip, whose copy is still under
// way. The payload is valid until the next call of Keep.
func (h *History) Repeat(seq uint16, now time.Time, rtt time.Duration) (rtp.Header, []byte, bool) {
	s := &h.ring[seq%historySize]
	switch {
	case s.at.IsZero() || s.header.SequenceNumber != seq || now.Sub(s.at) > historyAge,
		s.repeats >= maxRepeats,
		!s.again.IsZero() && now.Sub(s.again) < max(rtt/2, minRepeatGap),
		h.budget < len(s.payload):
		return rtp.Header{}, nil, false
	}
	s.repeats++
	s.again = now
	h.budget -= len(s.payload)
	return s.header, s.payload, true
}
