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
	// Repeating takes no more than half of what is sent, beyond a reserve:
	// requests are cheap to forge.
	repeatShare = 2
	// usualReserve is for a hole of 100 ms at 2.5 Mbit/s.
	usualReserve = 32 << 10
	// minRepeatGap is for round trips that are not known.
	minRepeatGap = 4 * time.Millisecond
	// fillerSpan ends a probe: the next begins at the newest packet again.
	fillerSpan = 20 * time.Millisecond
)

// History keeps the packets of one stream that were sent last.
type History struct {
	ring    [historySize]sent
	budget  int // bytes that may be repeated
	reserve int // most of it
	newest  uint16
	fill    uint16 // next for Filler
	fillAt  time.Time
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
	if h.reserve == 0 {
		h.reserve, h.budget = usualReserve, usualReserve
	}
	h.newest = header.SequenceNumber
	s := &h.ring[header.SequenceNumber%historySize]
	s.header = rtp.Header{
		Version: 2, Marker: header.Marker, PayloadType: header.PayloadType,
		SequenceNumber: header.SequenceNumber, Timestamp: header.Timestamp, SSRC: header.SSRC,
	}
	s.payload = append(s.payload[:0], payload...)
	s.at, s.again, s.repeats = now, time.Time{}, 0
	h.budget = min(h.budget+len(payload)/repeatShare, h.reserve)
}

// Forget gives up all packets: none of them is repeated any more.
func (h *History) Forget() {
	for i := range h.ring {
		h.ring[i].at = time.Time{}
	}
}

// SetReserve says how many bytes may be repeated at once, beyond half of what is
// sent. It should be little where the path is full: what is repeated then pushes
// out what is new.
func (h *History) SetReserve(bytes int) {
	h.reserve = max(bytes, 2*maxPacket)
	h.budget = min(h.budget, h.reserve)
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

// Copy gives a packet once more that Repeat has just given, against its loss.
func (h *History) Copy(seq uint16, now time.Time, _ time.Duration) (rtp.Header, []byte, bool) {
	s := &h.ring[seq%historySize]
	if s.header.SequenceNumber != seq || !s.again.Equal(now) && now.Sub(s.again) > minRepeatGap || h.budget < len(s.payload) {
		return rtp.Header{}, nil, false
	}
	h.budget -= len(s.payload)
	return s.header, s.payload, true
}

// Filler gives packets that were sent lately, one after the other from the
// newest back, to probe the path with something that is of use if the original
// was lost. The payload is valid until the next call of Keep.
func (h *History) Filler(now time.Time) (rtp.Header, []byte, bool) {
	if now.Sub(h.fillAt) > fillerSpan {
		h.fill = h.newest
	}
	s := &h.ring[h.fill%historySize]
	if s.at.IsZero() || s.header.SequenceNumber != h.fill || now.Sub(s.at) > historyAge {
		h.fill = h.newest
		if s = &h.ring[h.fill%historySize]; s.at.IsZero() || now.Sub(s.at) > historyAge {
			return rtp.Header{}, nil, false
		}
	}
	h.fill, h.fillAt = h.fill-1, now
	return s.header, s.payload, true
}
