package peer

import (
	"math/rand/v2"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"tring/engine/internal/peer/repair"
)

// repairStream is a stream of ours that can be repaired.
type repairStream struct {
	history     repair.History
	writer      interceptor.RTPWriter
	rtxSSRC     uint32 // 0: packets are repeated as they were (RFC 4585)
	rtxType     uint8
	rtxSequence uint16
}

// BindLocalStream keeps what is sent.
func (i *repairInterceptor) BindLocalStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	if !canRepair(info) {
		return writer
	}
	s := &repairStream{writer: writer, rtxSequence: uint16(rand.N(1 << 15))}
	if info.SSRCRetransmission != 0 && info.PayloadTypeRetransmission != 0 {
		s.rtxSSRC, s.rtxType = info.SSRCRetransmission, info.PayloadTypeRetransmission
	}
	ssrc := info.SSRC
	i.mu.Lock()
	i.outbound[ssrc] = s
	i.mu.Unlock()
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		if header.SSRC == ssrc {
			now := time.Now()
			i.mu.Lock()
			s.history.Keep(header, payload, now)
			i.mu.Unlock()
		}
		return writer.Write(header, payload, a)
	})
}

// UnbindLocalStream forgets a stream.
func (i *repairInterceptor) UnbindLocalStream(info *interceptor.StreamInfo) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.outbound, info.SSRC)
}

// BindRTCPReader listens to what the far end asks for.
func (i *repairInterceptor) BindRTCPReader(reader interceptor.RTCPReader) interceptor.RTCPReader {
	return interceptor.RTCPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err != nil || n <= 0 {
			return n, a, err
		}
		if a == nil {
			a = make(interceptor.Attributes)
		}
		if packets, err := a.GetRTCPPackets(b[:n]); err == nil {
			for _, packet := range packets {
				if nack, ok := packet.(*rtcp.TransportLayerNack); ok {
					i.repeat(nack)
				}
			}
		}
		return n, a, nil
	})
}

// repeat sends again what is asked for.
func (i *repairInterceptor) repeat(nack *rtcp.TransportLayerNack) {
	rtt := i.link.roundTrip()
	left := maxRequested * 2 // the rest is a flood, and is asked for again if it is none
	for _, pair := range nack.Nacks {
		pair.Range(func(seq uint16) bool {
			left--
			if header, payload, writer := i.again(nack.MediaSSRC, seq, rtt); writer != nil {
				// A transport that is down loses it like any other packet.
				_, _ = writer.Write(&header, payload, nil)
			}
			return left > 0
		})
		if left <= 0 {
			return
		}
	}
}

// again makes the retransmission of a packet; its writer is nil if there is
// none to be made.
func (i *repairInterceptor) again(ssrc uint32, seq uint16, rtt time.Duration) (rtp.Header, []byte, interceptor.RTPWriter) {
	now := time.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.outbound[ssrc]
	if s == nil {
		return rtp.Header{}, nil, nil
	}
	header, payload, ok := s.history.Repeat(seq, now, rtt)
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
