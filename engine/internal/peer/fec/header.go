package fec

import (
	"encoding/binary"
	"math/bits"
)

// Lengths in bytes.
const (
	rtpHeader = 12 // fixed part, RFC 3550 section 5.1
	// recovery is what begins the parity: the fields of the RTP header that have
	// to be recovered, and the length.
	recovery = 8
	// shortHeader and longHeader are the parity's header with a mask for 15, or
	// for 46 packets; fullHeader has one for 109.
	shortHeader = 20
	longHeader  = 24
	fullHeader  = 32

	// Overhead is by how much a parity's payload is longer at most than the
	// longest packet that it protects, without the fixed RTP header of that.
	Overhead = longHeader
)

// Packets that a mask can name.
const (
	shortMask = 15
	longMask  = 46
	fullMask  = 109
)

// maxPacket is the largest packet, with its RTP header, that is taken or given.
const maxPacket = 1500

// mask says which of the packets from a base on are protected; bit i of it is
// bit 63-i%64 of word i/64.
type mask [2]uint64

func (m *mask) set(i int)      { m[i/64] |= 1 << (63 - i%64) }
func (m *mask) has(i int) bool { return m[i/64]>>(63-i%64)&1 == 1 }
func (m *mask) empty() bool    { return m[0]|m[1] == 0 }

// last is the highest number in it; it must not be empty.
func (m *mask) last() int {
	if m[1] != 0 {
		return 127 - bits.TrailingZeros64(m[1])
	}
	return 63 - bits.TrailingZeros64(m[0])
}

// parity is what a parity packet's payload says.
type parity struct {
	base uint16
	mask mask
	body []byte // recovery fields, then the payload's
}

// parse reads a parity's payload. body is not copied. ok is false for what is
// not of the form that is used here: one protected stream, and a mask.
func parse(b []byte, ssrc uint32) (p parity, body []byte, ok bool) {
	const retransmission, fixed = 0x80, 0x40
	if len(b) < shortHeader || b[0]&(retransmission|fixed) != 0 || b[8] != 1 || binary.BigEndian.Uint32(b[12:]) != ssrc {
		return p, nil, false
	}
	p.base = binary.BigEndian.Uint16(b[16:])
	size := shortHeader
	first := uint64(binary.BigEndian.Uint16(b[18:]))
	p.mask[0] = first << 49 // 15 bits; the one before them says that they are all
	if first>>15 == 0 {
		if size = longHeader; len(b) < size {
			return p, nil, false
		}
		second := uint64(binary.BigEndian.Uint32(b[20:]))
		p.mask[0] |= second << 33 >> 15
		if second>>31 == 0 {
			if size = fullHeader; len(b) < size {
				return p, nil, false
			}
			third := binary.BigEndian.Uint64(b[24:])
			if third>>63 == 0 {
				return p, nil, false
			}
			third <<= 1 // 63 bits from place 46 on
			p.mask[0] |= third >> 46
			p.mask[1] |= third << 18
		}
	}
	return p, b[size:], !p.mask.empty() && len(b)-size <= maxPacket-rtpHeader
}

// appendHeader writes a parity's header; fields are the recovery fields.
func appendHeader(b []byte, fields [recovery]byte, ssrc uint32, base uint16, m mask) []byte {
	const last = 1 << 15
	b = append(b, fields[0]&0x3f)
	b = append(b, fields[1:]...)
	b = append(b, 1, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, ssrc)
	b = binary.BigEndian.AppendUint16(b, base)
	if m.last() < shortMask {
		return binary.BigEndian.AppendUint16(b, uint16(m[0]>>49)|last)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(m[0]>>49))
	return binary.BigEndian.AppendUint32(b, uint32(m[0]<<15>>33)|1<<31)
}

// fieldsOf gives the recovery fields of a packet.
func fieldsOf(packet []byte) (f [recovery]byte) {
	f[0], f[1] = packet[0]&0x3f, packet[1]
	binary.BigEndian.PutUint16(f[2:], uint16(len(packet)-rtpHeader))
	copy(f[4:], packet[4:8])
	return f
}
