package peer

import "tring/engine/internal/peer/fec"

// maxPayload leaves room for the RTP header (12), a header extension (8) and
// SRTP's tag inside 1200 bytes, which pass every path in use. What protects such
// a packet has its extension inside, and a header of its own.
const maxPayload = 1200 - 12 - 8 - 16 - 8 - fec.Overhead

// vp8Descriptor is the length of the payload descriptor written here.
const vp8Descriptor = 4

// packetizeVP8 cuts one access unit into payloads of about the same length,
// each with a descriptor that has a 15-bit picture id (RFC 7741 section 4.2),
// by which a receiver notices a lost frame.
func packetizeVP8(frame []byte, picture uint16) [][]byte {
	const room = maxPayload - vp8Descriptor
	count := (len(frame) + room - 1) / room
	payloads := make([][]byte, 0, count)
	backing := make([]byte, 0, len(frame)+count*vp8Descriptor) // one allocation for all
	for i := range count {
		part := frame[i*len(frame)/count : (i+1)*len(frame)/count]
		const extended, pictureID, long = 0x80, 0x80, 0x80
		first := byte(extended)
		if i == 0 {
			first |= 0x10 // S: start of partition 0
		}
		begin := len(backing)
		backing = append(backing, first, pictureID, long|byte(picture>>8)&0x7f, byte(picture))
		backing = append(backing, part...)
		payloads = append(payloads, backing[begin:len(backing):len(backing)])
	}
	return payloads
}
