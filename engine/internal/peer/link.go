package peer

import (
	"sync"
	"time"

	"github.com/pion/rtp"
)

// link is what the transports to one far end share in repairing losses and in
// watching the path. Packets of one section may come to run over another
// transport, and go on there with what was known.
type link struct {
	roundTrip func() time.Duration // from RTCP; 0 while not known

	mu     sync.Mutex
	tracks map[uint32]*InboundTrack // by the SSRC of their retransmissions
}

func newLink(roundTrip func() time.Duration) *link {
	return &link{roundTrip: roundTrip, tracks: make(map[uint32]*InboundTrack)}
}

// register tells where the packets inside retransmissions belong.
func (l *link) register(t *InboundTrack, rtxSSRC uint32) {
	if rtxSSRC == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tracks[rtxSSRC] = t // at most maxInbound of them
}

func (l *link) trackOf(rtxSSRC uint32) *InboundTrack {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tracks[rtxSSRC]
}

// payloadOf is where the payload of a marshalled RTP packet begins, or 0 if the
// packet is cut short (RFC 3550 section 5.1).
func payloadOf(b []byte) int {
	const fixed, word = 12, 4
	if len(b) < fixed {
		return 0
	}
	n := fixed + int(b[0]&0x0f)*word
	if b[0]&0x10 != 0 {
		if len(b) < n+word {
			return 0
		}
		n += word + word*(int(b[n+2])<<8|int(b[n+3]))
	}
	if n > len(b) {
		return 0
	}
	return n
}

// unpadded reads a packet's payload; the packet is copied, since b is used
// again.
func unpadded(b []byte) (*rtp.Packet, error) {
	p := &rtp.Packet{}
	err := p.Unmarshal(append([]byte(nil), b...))
	return p, err
}
