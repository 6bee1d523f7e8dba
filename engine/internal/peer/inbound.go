package peer

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// InboundTrack is what the far end sends of one kind.
type InboundTrack struct {
	kind        Kind
	codec       webrtc.RTPCodecParameters
	ssrc        uint32
	remote      *webrtc.TrackRemote
	transport   *transport
	events      map[uint8]bool // payload types of telephone events
	onDigit     func(rune)
	mu          sync.Mutex // one reader at a time
	window      seenWindow
	tones       toneDetector
	repairs     chan *rtp.Packet // from retransmissions
	requestMu   sync.Mutex
	lastRequest time.Time
}

// keyFrameGap is how far apart key-frame requests are at least: a key frame
// takes a round trip and more, and asking again meanwhile only makes more of
// them.
const keyFrameGap = 200 * time.Millisecond

func newInboundTrack(t *transport, remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) *InboundTrack {
	in := &InboundTrack{
		ssrc: uint32(remote.SSRC()), remote: remote, transport: t,
		events: make(map[uint8]bool), onDigit: t.session.conn.digit,
		repairs: make(chan *rtp.Packet, maxRepairs),
	}
	if remote.Kind() == webrtc.RTPCodecTypeVideo {
		in.kind = Video
	}
	for _, codec := range receiver.GetParameters().Codecs {
		switch {
		case strings.EqualFold(codec.MimeType, mimeEvents):
			in.events[uint8(codec.PayloadType)] = true
		case in.codec.MimeType == "" && !strings.EqualFold(codec.MimeType, webrtc.MimeTypeRTX):
			in.codec = codec
		}
	}
	t.session.link.register(in, uint32(remote.RtxSSRC()))
	return in
}

// maxRepairs bounds the repaired packets that wait for the reader. It never
// sleeps; more than a few are there only when the machine is too slow.
const maxRepairs = 256

// repaired takes a packet out of a retransmission, in any goroutine, and wakes
// the reader: it waits for the stream itself, where nothing may come before the
// next frame.
func (t *InboundTrack) repaired(p *rtp.Packet) {
	select {
	case t.repairs <- p:
		// Of a track that is over this fails, and nobody reads it.
		_ = t.remote.SetReadDeadline(time.Now())
	default:
	}
}

// Kind is the kind of media.
func (t *InboundTrack) Kind() Kind { return t.kind }

// CodecMime is the codec's name, audio/opus or video/VP8.
func (t *InboundTrack) CodecMime() string { return t.codec.MimeType }

// ClockRate is that of the packets' time stamps, in Hz.
func (t *InboundTrack) ClockRate() uint32 { return t.codec.ClockRate }

// PayloadType is the codec's number in the packets.
func (t *InboundTrack) PayloadType() uint8 { return uint8(t.codec.PayloadType) }

// SSRC is the far end's source.
func (t *InboundTrack) SSRC() uint32 { return t.ssrc }

// ReadRTP waits for the next packet, in the order of arrival, and hands it
// over: nothing in it is used again here. Packets that came twice (browsers
// probe the path that way) and the padding of retransmission streams are left
// out; a packet with an empty payload is padding of the stream itself and only
// fills the sequence. Telephone events are not handed over: they go to OnDTMF,
// and leave a gap in the sequence numbers. At the end of the track it returns
// io.EOF.
func (t *InboundTrack) ReadRTP() (*rtp.Packet, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for failures := 0; ; {
		p, err := t.next()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			continue
		}
		if err != nil {
			// A packet that cannot be read is the far end's fault, and skipped.
			// Errors without end mean that the track is over.
			if failures++; isOver(err) || failures > 100 || t.transport.isClosed() {
				return nil, io.EOF
			}
			continue
		}
		failures = 0
		if p.SSRC != t.ssrc || !t.window.first(p.SequenceNumber) {
			continue
		}
		if t.events[p.PayloadType] {
			if digit, ok := t.tones.digit(p); ok {
				t.onDigit(digit)
			}
			continue
		}
		if p.PayloadType != t.PayloadType() {
			continue
		}
		return p, nil
	}
}

// next waits for a packet of the stream or out of a retransmission. Woken for
// the latter, it first takes back the deadline, then looks for the packet, so
// that one which comes in between wakes it again.
func (t *InboundTrack) next() (*rtp.Packet, error) {
	select {
	case p := <-t.repairs:
		return p, nil
	default:
	}
	p, _, err := t.remote.ReadRTP()
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		_ = t.remote.SetReadDeadline(time.Time{}) // of a track that is over it fails
		return nil, os.ErrDeadlineExceeded
	}
	return p, err
}

func isOver(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe)
}

// RequestKeyFrame asks the far end for a key frame (PLI, RFC 4585 section
// 6.3.1). Calls within 200 ms of the last request do nothing.
func (t *InboundTrack) RequestKeyFrame() {
	t.requestMu.Lock()
	now := time.Now()
	if now.Sub(t.lastRequest) < keyFrameGap {
		t.requestMu.Unlock()
		return
	}
	t.lastRequest = now
	t.requestMu.Unlock()
	// The far end's transport may be down; then there is nobody to ask.
	_ = t.transport.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: t.ssrc}})
}

// seenWindow remembers the last 2048 sequence numbers.
type seenWindow struct {
	begun   bool
	highest int64
	late    int // packets in a row that fell out of the window
	seen    [seenSize / 64]uint64
}

const (
	seenSize    = 2048
	seenRestart = 64
)

// first reports whether seq is new, and notes it. Numbers that fell out of the
// window count as seen: they are too late for any use, unless there are so many
// of them that the source must have begun anew.
func (w *seenWindow) first(seq uint16) bool {
	if !w.begun || w.late >= seenRestart {
		*w = seenWindow{begun: true, highest: int64(seq)}
		w.set(w.highest)
		return true
	}
	ext := extend(w.highest, seq)
	if ext <= w.highest-seenSize {
		w.late++
		return false
	}
	w.late = 0
	if ext <= w.highest {
		if w.has(ext) {
			return false
		}
		w.set(ext)
		return true
	}
	for n := max(w.highest+1, ext-seenSize+1); n <= ext; n++ {
		w.clear(n)
	}
	w.highest = ext
	w.set(ext)
	return true
}

func slot(n int64) (word, bit uint64) {
	i := uint64(n) % seenSize
	return i / 64, i % 64
}

func (w *seenWindow) has(n int64) bool {
	word, bit := slot(n)
	return w.seen[word]>>bit&1 == 1
}

func (w *seenWindow) set(n int64) {
	word, bit := slot(n)
	w.seen[word] |= 1 << bit
}

func (w *seenWindow) clear(n int64) {
	word, bit := slot(n)
	w.seen[word] &^= 1 << bit
}
