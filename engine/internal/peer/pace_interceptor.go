package peer

import (
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"tring/engine/internal/peer/congestion"
)

// paceInterceptor lets video leave in a measured step, numbers it, and listens
// to the feedback. Sound passes by: it never waits behind video.
//
// What may leave at once does so in the goroutine that writes; the rest waits
// for the interceptor's own.
type paceInterceptor struct {
	interceptor.NoOp
	link    *link
	repairs *repairInterceptor

	mu      sync.Mutex // held while a packet is written, too: they leave in their order
	pacer   congestion.Pacer[pacedPacket]
	buffers [][]byte
	video   map[uint32]bool // SSRCs that reports may tell of
	active  time.Time       // when something was last written
	ticked  time.Time
	asleep  bool // run waits for wake alone

	worker worker
}

// pacedPacket is one that waits. Its payload is a copy.
type pacedPacket struct {
	header  rtp.Header
	payload []byte
	stream  *pacedStream
	extra   bool // sent again, or parity
}

type pacedStream struct {
	writer    interceptor.RTPWriter
	extension uint8 // for the number; 0 for none
}

// againKey marks retransmissions in a packet's attributes.
type againKey struct{}

// parityKey marks parity: it is no more urgent than the packets of its frame.
type parityKey struct{}

const (
	tickEvery  = 50 * time.Millisecond
	holdTick   = 10 * time.Millisecond // while nothing may leave
	activeFor  = 2 * time.Second       // after the last packet the ticks end
	maxBuffers = 256
	// extensionSize is what the number adds to a header without extensions.
	extensionSize = 8
)

func newPaceInterceptor(l *link, repairs *repairInterceptor) *paceInterceptor {
	return &paceInterceptor{
		link: l, repairs: repairs, video: make(map[uint32]bool), asleep: true,
		worker: newWorker(),
	}
}

// BindRTCPWriter starts the interceptor's goroutine; Close waits for it.
func (i *paceInterceptor) BindRTCPWriter(writer interceptor.RTCPWriter) interceptor.RTCPWriter {
	i.worker.start(i.run)
	return writer
}

// Close ends the pacing and waits for it. What waits is dropped.
func (i *paceInterceptor) Close() error {
	i.worker.close()
	return nil
}

// run lets leave what had to wait, and ticks while video is sent.
func (i *paceInterceptor) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-i.worker.done:
			return
		case <-i.worker.wake:
		case <-timer.C:
		}
		timer.Reset(i.step(time.Now()))
	}
}

// step does what is due, and says for how long nothing is.
func (i *paceInterceptor) step(now time.Time) time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	if now.Sub(i.ticked) >= tickEvery || i.pacer.Stopped() {
		i.ticked = now
		i.link.tick(now)
		i.beginAnew()
	}
	waiting := i.drain(now)
	if i.asleep = !waiting && now.Sub(i.active) > activeFor; i.asleep {
		return time.Hour
	}
	sleep := i.ticked.Add(tickEvery).Sub(now)
	switch {
	case i.pacer.Stopped():
		sleep = holdTick
	case waiting:
		sleep = min(sleep, max(i.pacer.Free().Sub(now), 200*time.Microsecond))
	}
	return max(sleep, 0)
}

// beginAnew gives up what waits and what was lost, where so much was lost at
// once that a key frame is there sooner. i.mu is held.
func (i *paceInterceptor) beginAnew() {
	if !i.link.ruined() {
		return
	}
	i.pacer.Clear()
	i.repairs.forget()
	if i.link.onRuin != nil {
		i.link.onRuin()
	}
}

// drain lets leave what may. It reports whether something has to wait.
func (i *paceInterceptor) drain(now time.Time) (waiting bool) {
	defer func() { i.link.backlog.Store(int64(i.pacer.Delay())) }()
	for {
		bps, fill := i.link.pace(i.pacer.Bytes(), now)
		i.pacer.SetRate(bps)
		if fill && i.pacer.Queued() == 0 {
			if i.pacer.Free().After(now) {
				return true
			}
			if !i.fill(now) {
				i.link.stopProbe()
			}
		}
		p, size, ok := i.pacer.Pop(now)
		if !ok {
			return i.pacer.Queued() > 0
		}
		i.leave(&p.header, p.payload, p.stream, size, p.extra, now)
		if len(i.buffers) < maxBuffers {
			i.buffers = append(i.buffers, p.payload[:0])
		}
	}
}

// fill queues something to probe the path with.
func (i *paceInterceptor) fill(now time.Time) bool {
	header, payload, writer := i.repairs.filler(now)
	bound, ok := writer.(*pacedWriter)
	if !ok {
		return false
	}
	i.push(&header, payload, bound.stream, congestion.Again, true, now)
	return true
}

func (i *paceInterceptor) push(header *rtp.Header, payload []byte, s *pacedStream, urgency congestion.Urgency, extra bool, now time.Time) bool {
	var buffer []byte
	if n := len(i.buffers); n > 0 {
		buffer, i.buffers = i.buffers[n-1], i.buffers[:n-1]
	}
	p := pacedPacket{header: *header, payload: append(buffer, payload...), stream: s, extra: extra}
	return i.pacer.Push(p, packetSize(header, payload), urgency, now)
}

func packetSize(header *rtp.Header, payload []byte) int {
	return header.MarshalSize() + extensionSize + len(payload)
}

// leave writes a packet to the wire.
func (i *paceInterceptor) leave(header *rtp.Header, payload []byte, s *pacedStream, size int, extra bool, now time.Time) {
	number := i.link.leaves(size, extra, now)
	if s.extension != 0 {
		if raw, err := (rtp.TransportCCExtension{TransportSequence: number}).Marshal(); err == nil {
			_ = header.SetExtension(s.extension, raw) // the number's range was checked
		}
	}
	// A transport that is down loses it like any other packet.
	_, _ = s.writer.Write(header, payload, nil)
}

// BindLocalStream puts video into the queue.
func (i *paceInterceptor) BindLocalStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	if kindOf(info.MimeType) != Video {
		return writer
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.video[info.SSRC] = true
	return &pacedWriter{i, &pacedStream{writer: writer, extension: numbering(info)}}
}

// UnbindLocalStream forgets a stream.
func (i *paceInterceptor) UnbindLocalStream(info *interceptor.StreamInfo) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.video, info.SSRC)
}

// pacedWriter takes the packets of one stream.
type pacedWriter struct {
	pace   *paceInterceptor
	stream *pacedStream
}

// Write sends a packet, now or soon. Header and payload are only read.
func (w *pacedWriter) Write(header *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
	i, now := w.pace, time.Now()
	urgency, extra := congestion.Media, a.Get(parityKey{}) != nil
	if a.Get(againKey{}) != nil {
		urgency, extra = congestion.Again, true
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	select {
	case <-i.worker.done:
		return 0, nil
	default:
	}
	i.active = now
	if i.push(header, payload, w.stream, urgency, extra, now) && i.drain(now) || i.asleep {
		i.asleep = false
		i.worker.rouse()
	}
	return packetSize(header, payload), nil
}

// BindRTCPReader listens to feedback.
func (i *paceInterceptor) BindRTCPReader(reader interceptor.RTCPReader) interceptor.RTCPReader {
	return overhear(reader, func(packets []rtcp.Packet) { i.control(packets, time.Now()) })
}

// control takes the far end's RTCP. A limit of the bit rate by the receiver
// (REMB) is not asked for here and not needed beside feedback on each packet.
func (i *paceInterceptor) control(packets []rtcp.Packet, now time.Time) {
	for _, packet := range packets {
		switch p := packet.(type) {
		case *rtcp.TransportLayerCC:
			i.heard(p, now)
		case *rtcp.ReceiverReport:
			i.reports(p.Reports, now)
		case *rtcp.SenderReport:
			i.reports(p.Reports, now)
		}
	}
}

// heard takes feedback, and lets leave at once what it sets free.
func (i *paceInterceptor) heard(p *rtcp.TransportLayerCC, now time.Time) {
	i.link.feedback(p, now)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.beginAnew()
	if i.pacer.Stopped() {
		i.worker.rouse()
	}
}

func (i *paceInterceptor) reports(reports []rtcp.ReceptionReport, now time.Time) {
	for _, r := range reports {
		i.mu.Lock()
		known := i.video[r.SSRC]
		i.mu.Unlock()
		if known {
			i.link.lost(float64(r.FractionLost)/256, now)
		}
	}
}
