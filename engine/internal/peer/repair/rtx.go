package repair

import (
	"encoding/binary"

	"github.com/pion/rtp"
)

// originalNumber is the length of the original sequence number that begins the
// payload of a retransmission (RFC 4588 section 4).
const originalNumber = 2

// Wrap makes the payload of a retransmission, in buffer's memory if it is large
// enough.
func Wrap(buffer []byte, seq uint16, payload []byte) []byte {
	buffer = binary.BigEndian.AppendUint16(buffer[:0], seq)
	return append(buffer, payload...)
}

// Unwrap gives the number and the payload of the packet inside a
// retransmission. ok is false for padding, which browsers probe the path with.
func Unwrap(p *rtp.Packet) (seq uint16, payload []byte, ok bool) {
	if len(p.Payload) <= originalNumber {
		return 0, nil, false
	}
	return binary.BigEndian.Uint16(p.Payload), p.Payload[originalNumber:], true
}
