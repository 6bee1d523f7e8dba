package fec

import (
	"crypto/subtle"
	"encoding/binary"
)

// Bounds of a Decoder. A far end can send parities at will.
const (
	kept     = 256 // packets of the stream, a power of two: a second at 2.5 Mbit/s
	pending  = 32  // parities that wait for more
	unknowns = 64  // lost packets that are looked for at a time
)

// Decoder recovers lost packets of one stream. The zero value is not ready; use
// NewDecoder.
type Decoder struct {
	ssrc   uint32
	begun  bool
	newest uint16

	packets  [kept]held
	parities [pending]waiting
	next     int // of parities, to be overwritten
	waits    int // how many of them are in use

	work solver
}

// held is a packet that came or was recovered.
type held struct {
	seq    uint16
	there  bool
	packet []byte
}

// waiting is a parity that is yet to be of use.
type waiting struct {
	parity
	inUse bool
}

// NewDecoder makes a Decoder for the stream of that source.
func NewDecoder(ssrc uint32) *Decoder { return &Decoder{ssrc: ssrc} }

// Packet takes a packet of the stream, whole and with its RTP header; it is
// copied. It gives those that can be recovered now.
func (d *Decoder) Packet(packet []byte) [][]byte {
	if len(packet) < rtpHeader || len(packet) > maxPacket || binary.BigEndian.Uint32(packet[8:]) != d.ssrc {
		return nil
	}
	seq := sequence(packet)
	if !d.begun || int16(seq-d.newest) > 0 {
		d.begun, d.newest = true, seq
	}
	if d.old(seq) || d.has(seq) {
		return nil
	}
	d.hold(seq, packet)
	if d.waits == 0 {
		return nil
	}
	return d.solve()
}

// Parity takes the payload of a parity packet; it is copied. It gives those that
// can be recovered now, and the number of the last packet that the parity
// protects; ok is false if it is none for this stream.
func (d *Decoder) Parity(payload []byte) (recovered [][]byte, last uint16, ok bool) {
	p, body, ok := parse(payload, d.ssrc)
	if !ok || !d.begun {
		return nil, 0, false
	}
	last = p.base + uint16(p.mask.last())
	// Far ahead or long over: nothing of it can be known.
	if ahead := int16(last - d.newest); ahead > kept/2 || d.old(p.base) {
		return nil, 0, false
	}
	if d.complete(&p) {
		return nil, last, true
	}
	w := &d.parities[d.next]
	d.next = (d.next + 1) % pending
	if !w.inUse {
		d.waits++
	}
	old := w.body
	*w = waiting{p, true}
	w.body = append(append(old[:0], payload[:recovery]...), body...)
	return d.solve(), last, true
}

// old reports whether a packet is too long ago to be kept.
func (d *Decoder) old(seq uint16) bool { return int16(d.newest-seq) >= kept/2 }

func (d *Decoder) has(seq uint16) bool {
	h := &d.packets[seq%kept]
	return h.there && h.seq == seq
}

func (d *Decoder) hold(seq uint16, packet []byte) {
	h := &d.packets[seq%kept]
	h.seq, h.there = seq, true
	h.packet = append(h.packet[:0], packet...)
}

// complete reports whether all that p protects is there.
func (d *Decoder) complete(p *parity) bool {
	for i := range p.mask.last() + 1 {
		if p.mask.has(i) && !d.has(p.base+uint16(i)) {
			return false
		}
	}
	return true
}

func (d *Decoder) release(w *waiting) {
	if w.inUse {
		w.inUse = false
		d.waits--
	}
}

// restore makes the packet of that number out of some parities: they are added
// up, and so is all that is known of what they protect. The other unknown ones
// are in an even number of them. It is nil if that makes no packet.
func (d *Decoder) restore(seq uint16, parities uint32) []byte {
	var fields [recovery]byte
	body := make([]byte, 0, maxPacket)
	for i := range d.parities {
		if parities>>i&1 == 0 {
			continue
		}
		w := &d.parities[i]
		subtle.XORBytes(fields[:], fields[:], w.body[:recovery])
		body = xorInto(body, w.body[recovery:])
		for n := range w.mask.last() + 1 {
			s := w.base + uint16(n)
			if !w.mask.has(n) || !d.has(s) {
				continue
			}
			packet := d.packets[s%kept].packet
			of := fieldsOf(packet)
			subtle.XORBytes(fields[:], fields[:], of[:])
			body = xorInto(body, packet[rtpHeader:])
		}
	}
	length := int(binary.BigEndian.Uint16(fields[2:]))
	if length > len(body) {
		return nil
	}
	const version = 2 << 6
	packet := make([]byte, rtpHeader, rtpHeader+length)
	packet[0], packet[1] = version|fields[0]&0x3f, fields[1]
	binary.BigEndian.PutUint16(packet[2:], seq)
	copy(packet[4:], fields[4:])
	binary.BigEndian.PutUint32(packet[8:], d.ssrc)
	return append(packet, body[:length]...)
}
