package peer

import (
	"github.com/pion/rtp"
)

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

// unpadded reads a packet; it is copied, since b is used again.
func unpadded(b []byte) (*rtp.Packet, error) {
	p := &rtp.Packet{}
	err := p.Unmarshal(append([]byte(nil), b...))
	return p, err
}
