package peer

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// flow says where outbound media of one kind goes now, and whether it may.
// It is replaced as a whole after each step of negotiation.
type flow struct {
	track     *localTrack
	transport *transport
	may       bool // wanted, not on hold, and the far end receives
}

func (f *flow) open() bool { return f != nil && f.may && f.transport.connected() }

// writer numbers outbound packets of one kind, so that frames, raw packets and
// telephone events can follow one another in one stream.
type writer struct {
	flow      atomic.Pointer[flow]
	keyFrames atomic.Uint64
	lastKey   atomic.Int64 // when the last one was written, in Unix nanoseconds

	mu        sync.Mutex
	next      uint16 // sequence number
	rawOffset uint16 // added to the numbers of WriteRTP's packets
	rawLast   uint16 // the last of them, as given
	rawBegun  bool

	lastTime    uint32 // RTP time of the last audio frame …
	lastWritten time.Time
	eventBusy   bool // a telephone event is on the line: audio waits
	picture     uint16
}

// Sending reports whether media of that kind may flow now: it is wanted, not
// held, the far end receives it, and the transport is up.
func (c *Conn) Sending(k Kind) bool {
	return k >= 0 && k < kinds && c.writers[k].flow.Load().open()
}

// WriteRTP sends a packet as it is, but for SSRC, payload type and sequence
// number: numbers keep their gaps but go on from what was sent before. Header
// extensions are not sent on. The packet is only read. It is dropped silently
// while that kind must not be written.
func (c *Conn) WriteRTP(k Kind, p *rtp.Packet) error {
	if k < 0 || k >= kinds || p == nil {
		return nil
	}
	w := c.writers[k]
	f := w.flow.Load()
	if !f.open() {
		return nil
	}
	w.mu.Lock()
	if w.eventBusy {
		w.mu.Unlock()
		return nil
	}
	header := rtp.Header{
		Version: 2, Marker: p.Marker, Timestamp: p.Timestamp,
		SequenceNumber: w.rawSequence(p.SequenceNumber),
	}
	w.lastTime, w.lastWritten = p.Timestamp, time.Now()
	w.mu.Unlock()
	return f.track.write(header, p.Payload)
}

// rawSequence continues the stream: small steps of the source are kept, so that
// its losses and reordering stay visible; a jump (another source) is closed up,
// since SRTP's roll-over count would not survive it (RFC 3711 section 3.3.1).
func (w *writer) rawSequence(seq uint16) uint16 {
	const near = 512
	step := int16(seq - w.rawLast)
	if !w.rawBegun || step > near || step < -near || w.rawOffset+seq+near-w.next > 2*near {
		w.rawBegun = true
		w.rawOffset = w.next - seq
	}
	w.rawLast = seq
	out := seq + w.rawOffset
	if int16(out-w.next) >= 0 {
		w.next = out + 1
	}
	return out
}

// WriteAudio sends one Opus frame. rtpTime counts in 48 kHz from anywhere;
// marker says that it is the first after a silence. The payload is only read.
// It is dropped silently while audio must not be written.
func (c *Conn) WriteAudio(payload []byte, rtpTime uint32, marker bool) error {
	w := c.writers[Audio]
	f := w.flow.Load()
	if !f.open() {
		return nil
	}
	w.mu.Lock()
	if w.eventBusy {
		w.mu.Unlock()
		return nil
	}
	header := rtp.Header{Version: 2, Marker: marker, Timestamp: rtpTime, SequenceNumber: w.take()}
	now := time.Now()
	w.lastTime, w.lastWritten = rtpTime, now
	w.mu.Unlock()
	err := f.track.write(header, payload)
	if err != nil || !c.meter.repeat.on.Load() {
		return err
	}
	if l := c.link.Load(); l != nil && l.roomy(now) {
		return f.track.write(header, payload)
	}
	return nil
}

// WriteVideo sends one VP8 access unit. rtpTime counts in 90 kHz from
// anywhere. The frame is only read. It is dropped silently while video must
// not be written.
func (c *Conn) WriteVideo(frame []byte, rtpTime uint32, keyFrame bool) error {
	w := c.writers[Video]
	f := w.flow.Load()
	if !f.open() || len(frame) == 0 {
		return nil
	}
	w.mu.Lock()
	w.picture++
	payloads := packetizeVP8(frame, w.picture)
	first := w.next
	w.next += uint16(len(payloads))
	w.mu.Unlock()
	if keyFrame {
		w.keyFrames.Add(1)
		w.lastKey.Store(time.Now().UnixNano())
	}
	for i, payload := range payloads {
		header := rtp.Header{
			Version: 2, Marker: i == len(payloads)-1, Timestamp: rtpTime,
			SequenceNumber: first + uint16(i),
		}
		if err := f.track.write(header, payload); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) take() uint16 {
	seq := w.next
	w.next++
	return seq
}
