package fec

import (
	"crypto/subtle"
	"encoding/binary"
)

// Encoder makes the parities of one stream, block by block. The zero value is
// ready. Its memory is used again: a block makes no garbage.
type Encoder struct {
	packets [MaxBlock][]byte
	count   int
	codes   [MaxParity + 1][MaxBlock + 1][]column
	body    []byte
	out     []byte
}

// Add takes the next packet of the block, whole and with its RTP header; it is
// copied. It reports false if the packet cannot be part of the block: that is
// full, or the packet does not follow the last one.
func (e *Encoder) Add(packet []byte) bool {
	if e.count == MaxBlock || len(packet) < rtpHeader || len(packet) > maxPacket {
		return false
	}
	if e.count > 0 && sequence(packet) != sequence(e.packets[e.count-1])+1 {
		return false
	}
	e.packets[e.count] = append(e.packets[e.count][:0], packet...)
	e.count++
	return true
}

// Len is how many packets are in the block.
func (e *Encoder) Len() int { return e.count }

// Drop empties the block.
func (e *Encoder) Drop() { e.count = 0 }

// Parity gives the payload of each of so many parities of the block to give,
// which must not keep it, and empties the block.
func (e *Encoder) Parity(count int, give func(payload []byte)) {
	count = min(count, MaxParity)
	if e.count == 0 || count <= 0 {
		e.count = 0
		return
	}
	code := e.codes[count][e.count]
	if code == nil {
		code = makeCode(e.count, count)
		e.codes[count][e.count] = code
	}
	for i := range count {
		if payload := e.parity(code, i); payload != nil {
			give(payload)
		}
	}
	e.count = 0
}

// parity makes one of them; nil if it would protect nothing.
func (e *Encoder) parity(code []column, index int) []byte {
	var m mask
	var fields [recovery]byte
	e.body = e.body[:0]
	for i, c := range code {
		if c>>index&1 == 0 {
			continue
		}
		m.set(i)
		packet := e.packets[i]
		of := fieldsOf(packet)
		subtle.XORBytes(fields[:], fields[:], of[:])
		e.body = xorInto(e.body, packet[rtpHeader:])
	}
	if m.empty() {
		return nil
	}
	first := e.packets[0]
	e.out = appendHeader(e.out[:0], fields, binary.BigEndian.Uint32(first[8:]), sequence(first), m)
	e.out = append(e.out, e.body...)
	return e.out
}

// xorInto adds b to a, which grows to its length with zeros.
func xorInto(a, b []byte) []byte {
	if n := len(a); n < len(b) {
		a = append(a, b[n:]...)
		b = b[:n]
	}
	subtle.XORBytes(a, a, b)
	return a
}

func sequence(packet []byte) uint16 { return binary.BigEndian.Uint16(packet[2:]) }
