package peer

import (
	"encoding/binary"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"

	"tring/engine/internal/peer/repair"
)

// withoutParity takes parity out of what is read of a stream, and uses it.
func (i *repairInterceptor) withoutParity(ssrc uint32, reader interceptor.RTPReader) interceptor.RTPReader {
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		for {
			n, a, err := reader.Read(b, a)
			if err != nil || n <= 0 || n > len(b) || !i.link.isParity(b[:n]) {
				return n, a, err
			}
			i.parity(ssrc, b[:n])
		}
	})
}

// parity takes a parity packet of a stream.
func (i *repairInterceptor) parity(ssrc uint32, b []byte) {
	var p rtp.Packet // its payload stays in b
	if p.Unmarshal(b) != nil {
		return
	}
	i.mu.Lock()
	s := i.inbound[ssrc]
	if s == nil {
		i.mu.Unlock()
		return
	}
	recovered, last, ok := s.decoder.Parity(p.Payload)
	i.mu.Unlock()
	i.recovered(ssrc, recovered)
	if ok {
		i.note(ssrc, func(r *repair.Requester) { r.Parity(last, time.Now()) })
	}
}

// known takes a packet that came for what parity is to be made of, as parity is
// made: without its transport-wide number, which it got later.
func (i *repairInterceptor) known(ssrc uint32, b []byte) {
	if i.link.fecType.Load() == 0 {
		return
	}
	i.mu.Lock()
	s := i.inbound[ssrc]
	if s == nil {
		i.mu.Unlock()
		return
	}
	s.scratch = append(s.scratch[:0], b...)
	clearExtension(s.scratch, s.numbering)
	recovered := s.decoder.Packet(s.scratch)
	i.mu.Unlock()
	i.recovered(ssrc, recovered)
}

// knownAgain is known for a packet out of a retransmission, whose number is that
// of the retransmission.
func (i *repairInterceptor) knownAgain(p *rtp.Packet) {
	if i.link.fecType.Load() == 0 {
		return
	}
	i.mu.Lock()
	s := i.inbound[p.SSRC]
	i.mu.Unlock()
	if s == nil {
		return
	}
	i.known(p.SSRC, appendPacket(nil, &p.Header, p.Payload, s.numbering))
}

// recovered hands over packets that parity has brought back.
func (i *repairInterceptor) recovered(ssrc uint32, packets [][]byte) {
	track := i.link.trackOf(ssrc)
	if track == nil {
		return // its first packet is yet to be handed over
	}
	count := 0
	for _, b := range packets {
		p, err := unpadded(b)
		if err != nil || p.PayloadType != track.PayloadType() {
			continue
		}
		i.received(ssrc, p.SequenceNumber, repair.Recovered)
		track.repaired(p)
		count++
	}
	if count > 0 && i.link.onRecovered != nil {
		i.link.onRecovered(count)
	}
}

// appendPacket marshals a packet as it is protected: with a transport-wide
// number of zero if it is to get one (RFC 8285 section 4.2).
func appendPacket(b []byte, header *rtp.Header, payload []byte, numbering uint8) []byte {
	const version, extended, marker = 0x80, 0x10, 0x80
	first, second := byte(version), header.PayloadType
	if numbering != 0 {
		first |= extended
	}
	if header.Marker {
		second |= marker
	}
	b = append(b, first, second)
	b = binary.BigEndian.AppendUint16(b, header.SequenceNumber)
	b = binary.BigEndian.AppendUint32(b, header.Timestamp)
	b = binary.BigEndian.AppendUint32(b, header.SSRC)
	if numbering != 0 {
		b = append(b, 0xbe, 0xde, 0, 1, numbering<<4|1, 0, 0, 0)
	}
	return append(b, payload...)
}

// clearExtension puts zeros into a one-byte header extension of a marshalled
// packet (RFC 8285 section 4.2).
func clearExtension(b []byte, id uint8) {
	const fixed, word, extended, oneByte = 12, 4, 0x10, 0xbede
	if id == 0 || len(b) < fixed || b[0]&extended == 0 {
		return
	}
	start, end := fixed+int(b[0]&0x0f)*word+word, payloadOf(b)
	if end < start || int(b[start-4])<<8|int(b[start-3]) != oneByte {
		return
	}
	for at := start; at < end; {
		if b[at] == 0 { // padding
			at++
			continue
		}
		size := int(b[at]&0x0f) + 1
		if b[at]>>4 == id {
			clear(b[at+1 : min(at+1+size, end)])
		}
		at += 1 + size
	}
}
