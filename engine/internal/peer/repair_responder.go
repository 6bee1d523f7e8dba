package peer

import (
	"bytes"
	"math/rand/v2"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"tring/engine/internal/peer/fec"
	"tring/engine/internal/peer/repair"
)

// repairStream is a stream of ours that can be repaired.
type repairStream struct {
	history repair.History
	writer  interceptor.RTPWriter
	rtxSSRC uint32 // 0: packets are repeated as they were (RFC 4585)
	rtxType uint8
	frame   int // packets of the frame that is being sent

	numbering uint8 // header extension with transport-wide numbers; 0 for none
	parity    fec.Encoder
	scratch   []byte
	*counters
}

// counters number what goes out beside a stream. They outlive it: video that is
// dropped and added again has the sources that it had, in the same SRTP context,
// where no number may come twice (RFC 3711 section 9.1).
type counters struct{ rtxSequence, fecSequence uint16 }

// BindLocalStream keeps what is sent.
func (i *repairInterceptor) BindLocalStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	if !canRepair(info) {
		return writer
	}
	s := &repairStream{writer: writer, numbering: numbering(info)}
	if info.SSRCRetransmission != 0 && info.PayloadTypeRetransmission != 0 {
		s.rtxSSRC, s.rtxType = info.SSRCRetransmission, info.PayloadTypeRetransmission
	}
	ssrc := info.SSRC
	i.mu.Lock()
	if s.counters = i.counters[ssrc]; s.counters == nil {
		s.counters = &counters{uint16(rand.N(1 << 15)), uint16(rand.N(1 << 15))}
		i.counters[ssrc] = s.counters
	}
	i.outbound[ssrc] = s
	i.mu.Unlock()
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		n, err := writer.Write(header, payload, a)
		if header.SSRC == ssrc {
			i.keep(s, header, payload)
		}
		return n, err
	})
}

// keep remembers a packet that was sent. After the last one of a frame, where
// much is lost, the end of the frame is sent again: its loss would be noticed
// only when the next frame comes.
func (i *repairInterceptor) keep(s *repairStream, header *rtp.Header, payload []byte) {
	i.mu.Lock()
	s.history.Keep(header, payload, time.Now())
	s.frame++
	packets := s.frame
	if header.Marker {
		s.frame = 0
	}
	parity := i.protect(s, header, payload)
	i.mu.Unlock()
	for _, p := range parity {
		// A transport that is down loses it like any other packet.
		_, _ = s.writer.Write(&p.Header, p.Payload, interceptor.Attributes{parityKey{}: true})
	}
	if !header.Marker || s.rtxSSRC == 0 {
		return
	}
	for n := i.link.tail(packets); n > 0; n-- {
		// With no mark of being urgent: it comes after the packets of its frame.
		i.write(header.SSRC, header.SequenceNumber-uint16(n-1), 0, 1, nil)
	}
}

// protect adds a packet to those that are protected together, and makes their
// parity when the frame ends. i.mu is held.
func (i *repairInterceptor) protect(s *repairStream, header *rtp.Header, payload []byte) (parity []rtp.Packet) {
	payloadType := i.link.fecType.Load()
	if payloadType == 0 || s.rtxSSRC == 0 || len(header.CSRC) > 0 || header.Extension || header.Padding {
		s.parity.Drop()
		return nil
	}
	s.scratch = appendPacket(s.scratch[:0], header, payload, s.numbering)
	if !s.parity.Add(s.scratch) { // others' packets may come in any order
		s.parity.Drop()
		s.parity.Add(s.scratch)
	}
	if !header.Marker && s.parity.Len() < fec.MaxBlock {
		return nil
	}
	s.parity.Parity(i.link.parity(s.parity.Len()), func(payload []byte) {
		parity = append(parity, rtp.Packet{
			Header: rtp.Header{
				Version: 2, PayloadType: uint8(payloadType), SequenceNumber: s.fecSequence, Timestamp: header.Timestamp, SSRC: i.link.fecSSRC,
			},
			Payload: bytes.Clone(payload),
		})
		s.fecSequence++
	})
	return parity
}

// write sends a packet again, so many times.
func (i *repairInterceptor) write(ssrc uint32, seq uint16, rtt time.Duration, copies int, a interceptor.Attributes) {
	for n := range copies {
		header, payload, writer := i.again(ssrc, seq, rtt, n > 0)
		if writer == nil {
			return
		}
		// A transport that is down loses it like any other packet.
		_, _ = writer.Write(&header, payload, a)
	}
}

// UnbindLocalStream forgets a stream.
func (i *repairInterceptor) UnbindLocalStream(info *interceptor.StreamInfo) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.outbound, info.SSRC)
}

// BindRTCPReader listens to what the far end asks for.
func (i *repairInterceptor) BindRTCPReader(reader interceptor.RTCPReader) interceptor.RTCPReader {
	return overhear(reader, func(packets []rtcp.Packet) {
		for _, packet := range packets {
			if nack, ok := packet.(*rtcp.TransportLayerNack); ok {
				i.repeat(nack)
			}
		}
	})
}

// repeat sends again what is asked for.
func (i *repairInterceptor) repeat(nack *rtcp.TransportLayerNack) {
	rtt := i.link.roundTrip()
	reserve, copies := i.link.repeatLimits()
	i.mu.Lock()
	if s := i.outbound[nack.MediaSSRC]; s != nil {
		s.history.SetReserve(reserve)
	}
	i.mu.Unlock()
	urgent := interceptor.Attributes{againKey{}: true}
	left := maxRequested * 2 // the rest is a flood, and is asked for again if it is none
	for _, pair := range nack.Nacks {
		pair.Range(func(seq uint16) bool {
			left--
			i.write(nack.MediaSSRC, seq, rtt, copies, urgent)
			return left > 0
		})
		if left <= 0 {
			return
		}
	}
}

// forget gives up what was sent so far: it is not sent again.
func (i *repairInterceptor) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, s := range i.outbound {
		s.history.Forget()
		s.parity.Drop()
	}
}

// again makes the retransmission of a packet; its writer is nil if there is
// none to be made. A further copy is made whether or not one is under way.
func (i *repairInterceptor) again(ssrc uint32, seq uint16, rtt time.Duration, further bool) (rtp.Header, []byte, interceptor.RTPWriter) {
	now := time.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.outbound[ssrc]
	if s == nil {
		return rtp.Header{}, nil, nil
	}
	repeat := s.history.Repeat
	if further {
		repeat = s.history.Copy
	}
	header, payload, ok := repeat(seq, now, rtt)
	if !ok {
		return rtp.Header{}, nil, nil
	}
	return s.wrap(header, payload)
}

// wrap makes a retransmission with memory of its own.
func (s *repairStream) wrap(header rtp.Header, payload []byte) (rtp.Header, []byte, interceptor.RTPWriter) {
	if s.rtxSSRC == 0 {
		return header, append([]byte(nil), payload...), s.writer
	}
	wrapped := repair.Wrap(make([]byte, 0, len(payload)+2), header.SequenceNumber, payload)
	header.SSRC, header.PayloadType, header.SequenceNumber = s.rtxSSRC, s.rtxType, s.rtxSequence
	s.rtxSequence++
	return header, wrapped, s.writer
}

// filler makes a retransmission to probe the path with; its writer is nil if
// there is nothing to make it of.
func (i *repairInterceptor) filler(now time.Time) (rtp.Header, []byte, interceptor.RTPWriter) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, s := range i.outbound { // there is one
		if s.rtxSSRC == 0 {
			continue
		}
		if header, payload, ok := s.history.Filler(now); ok {
			return s.wrap(header, payload)
		}
	}
	return rtp.Header{}, nil, nil
}
