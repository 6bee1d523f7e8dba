package peer

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"

	"tring/engine/internal/peer/fec"
	"tring/engine/internal/peer/repair"
)

func newRepairInterceptor(l *link) *repairInterceptor {
	return &repairInterceptor{
		link: l, sender: rand.Uint32(),
		inbound: make(map[uint32]*repairedStream), outbound: make(map[uint32]*repairStream), counters: make(map[uint32]*counters),
		worker: newWorker(),
	}
}

// repairInterceptor asks for lost packets of what it receives, and sends again
// what the far end has lost.
type repairInterceptor struct {
	interceptor.NoOp
	link   *link
	sender uint32 // SSRC of our requests

	mu       sync.Mutex
	inbound  map[uint32]*repairedStream // by SSRC, of streams that can be repaired
	outbound map[uint32]*repairStream
	counters map[uint32]*counters // of outbound streams, present and past

	worker worker // woken when something is missing
}

// repairedStream is one that comes in.
type repairedStream struct {
	requester repair.Requester
	decoder   *fec.Decoder
	numbering uint8  // header extension with transport-wide numbers; 0 for none
	scratch   []byte // a packet without its number
}

// maxRequested bounds the numbers in one RTCP packet, to stay below 1200 bytes
// whatever their order.
const maxRequested = 250

// BindRTCPWriter starts the goroutine that asks; Close waits for it.
func (i *repairInterceptor) BindRTCPWriter(writer interceptor.RTCPWriter) interceptor.RTCPWriter {
	i.worker.start(func() { i.run(writer) })
	return writer
}

// Close ends the asking and waits for it.
func (i *repairInterceptor) Close() error {
	i.worker.close()
	return nil
}

// run sleeps until a packet has been missing for long enough.
func (i *repairInterceptor) run(writer interceptor.RTCPWriter) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-i.worker.done:
			return
		case <-i.worker.wake:
		case <-timer.C:
		}
		requests, sleep := i.due(time.Now())
		if len(requests) > 0 {
			// While the transport is down nothing can be asked; the tries are bounded.
			_, _ = writer.Write(requests, nil)
		}
		timer.Reset(sleep)
	}
}

// due lists the requests for now, and says for how long there are no others.
func (i *repairInterceptor) due(now time.Time) (requests []rtcp.Packet, sleep time.Duration) {
	sleep = time.Hour
	var list []uint16
	rtt := i.link.roundTrip()
	i.mu.Lock()
	defer i.mu.Unlock()
	for ssrc, s := range i.inbound {
		r := &s.requester
		r.SetRoundTrip(rtt)
		list = r.Due(now, list[:0])
		for rest := list; len(rest) > 0; {
			n := min(len(rest), maxRequested)
			requests = append(requests, &rtcp.TransportLayerNack{
				SenderSSRC: i.sender, MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(rest[:n]),
			})
			rest = rest[n:]
		}
		if next := r.Next(); !next.IsZero() {
			sleep = min(sleep, max(next.Sub(now), 0))
		}
	}
	return requests, sleep
}

// BindRemoteStream watches what is received for gaps.
func (i *repairInterceptor) BindRemoteStream(info *interceptor.StreamInfo, reader interceptor.RTPReader) interceptor.RTPReader {
	ssrc := info.SSRC
	if strings.EqualFold(info.MimeType, webrtc.MimeTypeRTX) {
		return watchReader(reader, func(b []byte) { i.repeated(ssrc, b) })
	}
	if !canRepair(info) {
		return reader
	}
	i.mu.Lock()
	i.inbound[ssrc] = &repairedStream{decoder: fec.NewDecoder(ssrc), numbering: numbering(info)}
	i.mu.Unlock()
	i.link.takesParity(ssrc, true)
	return i.withoutParity(ssrc, watchReader(reader, func(b []byte) { i.original(ssrc, b) }))
}

// UnbindRemoteStream forgets a stream.
func (i *repairInterceptor) UnbindRemoteStream(info *interceptor.StreamInfo) {
	i.link.takesParity(info.SSRC, false)
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.inbound, info.SSRC)
}

// watchReader shows each packet to look.
func watchReader(reader interceptor.RTPReader, look func(b []byte)) interceptor.RTPReader {
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err == nil && n > 0 && n <= len(b) {
			look(b[:n])
		}
		return n, a, err
	})
}

// canRepair reports whether generic NACK is agreed on for a stream.
func canRepair(info *interceptor.StreamInfo) bool {
	for _, feedback := range info.RTCPFeedback {
		if feedback.Type == "nack" && feedback.Parameter == "" {
			return true
		}
	}
	return false
}

// original takes a packet of the stream itself.
func (i *repairInterceptor) original(ssrc uint32, b []byte) {
	start := payloadOf(b)
	if start == 0 || i.link.isParity(b) || binary.BigEndian.Uint32(b[8:]) != ssrc {
		return // the last: parity that was under way when its payload type changed
	}
	i.received(ssrc, uint16(b[2])<<8|uint16(b[3]), wayOf(b[1]&0x80 != 0, b[start:]))
	i.known(ssrc, b)
}

func (i *repairInterceptor) received(ssrc uint32, seq uint16, way repair.Way) {
	i.note(ssrc, func(r *repair.Requester) { r.Received(seq, way, time.Now()) })
}

// note tells the requester of a stream something, by which more may be missing.
func (i *repairInterceptor) note(ssrc uint32, tell func(*repair.Requester)) {
	i.mu.Lock()
	s := i.inbound[ssrc]
	missing := false
	if s != nil {
		before := s.requester.Next()
		tell(&s.requester)
		next := s.requester.Next()
		missing = !next.IsZero() && (before.IsZero() || next.Before(before))
	}
	i.mu.Unlock()
	if missing {
		i.worker.rouse()
	}
}

// wayOf looks for the ends of VP8 key frames (RFC 7741 section 4, RFC 6386
// section 9.1).
func wayOf(marker bool, payload []byte) repair.Way {
	var header codecs.VP8Packet
	frame, err := header.Unmarshal(payload)
	starts := err == nil && len(frame) > 0 && header.S == 1 && header.PID == 0 && frame[0]&1 == 0
	switch {
	case starts && marker:
		return repair.KeyWhole
	case starts:
		return repair.KeyStart
	case marker:
		return repair.FrameEnds
	}
	return repair.Original
}

// repeated takes a retransmission, and hands the packet in it over at once: it
// would otherwise lie until the next packet of the stream itself comes.
func (i *repairInterceptor) repeated(rtxSSRC uint32, b []byte) {
	p, err := unpadded(b)
	if err != nil {
		return
	}
	seq, payload, ok := repair.Unwrap(p)
	if !ok {
		return
	}
	track := i.link.trackOf(rtxSSRC)
	if track == nil {
		return // its first packet is yet to be handed over; Pion keeps this one
	}
	i.received(track.ssrc, seq, repair.Repeated)
	p.SSRC, p.PayloadType, p.SequenceNumber, p.Payload = track.ssrc, track.PayloadType(), seq, payload
	track.repaired(p)
	i.knownAgain(p)
}
