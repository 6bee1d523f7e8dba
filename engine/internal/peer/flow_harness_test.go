package peer

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
)

// wire is both ends of one PeerConnection's interceptors.
type wire struct {
	link *link
	flow interceptor.Interceptor

	mu      sync.Mutex
	sent    []*rtp.Packet
	at      []time.Time
	control []rtcp.Packet
	target  int
	ruins   int // key frames that were asked for at once
}

// newWire must be called in a bubble of synctest.
func newWire(t *testing.T) *wire {
	w := &wire{}
	w.link = newLink(2_500_000, func() time.Duration { return 40 * time.Millisecond }, func(bps int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.target = bps
	}, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ruins++
	})
	flow, err := w.link.NewInterceptor("")
	if err != nil {
		t.Fatal(err)
	}
	w.flow = flow
	t.Cleanup(func() {
		if err := flow.Close(); err != nil {
			t.Error(err)
		}
	})
	flow.BindRTCPWriter(interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, _ interceptor.Attributes) (int, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.control = append(w.control, packets...)
		return 0, nil
	}))
	return w
}

func streamInfo(mime string, ssrc uint32) *interceptor.StreamInfo {
	info := &interceptor.StreamInfo{
		MimeType: mime, SSRC: ssrc, ClockRate: 90000, PayloadType: 96,
		RTPHeaderExtensions: []interceptor.RTPHeaderExtension{{URI: sdp.TransportCCURI, ID: 3}},
	}
	if mime == mimeVP8 {
		info.SSRCRetransmission, info.PayloadTypeRetransmission = rtxSSRC, 97
		info.RTCPFeedback = []interceptor.RTCPFeedback{{Type: "nack"}}
	}
	return info
}

func (w *wire) sender(mime string, ssrc uint32) interceptor.RTPWriter {
	return w.flow.BindLocalStream(streamInfo(mime, ssrc), interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sent = append(w.sent, &rtp.Packet{Header: header.Clone(), Payload: bytes.Clone(payload)})
		w.at = append(w.at, time.Now())
		return len(payload), nil
	}))
}

// hear lets the far end's RTCP come in.
func (w *wire) hear(t *testing.T, packets ...rtcp.Packet) {
	t.Helper()
	raw, err := rtcp.Marshal(packets)
	if err != nil {
		t.Fatal(err)
	}
	w.hearRaw(raw)
}

func (w *wire) hearRaw(raw []byte) {
	reader := w.flow.BindRTCPReader(interceptor.RTCPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		return copy(b, raw), a, nil
	}))
	_, _, _ = reader.Read(make([]byte, max(len(raw), 1500)), nil)
}

func (w *wire) take() (sent []*rtp.Packet, at []time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent, at = w.sent, w.at
	w.sent, w.at = nil, nil
	return sent, at
}

func header(ssrc uint32, seq uint16) *rtp.Header {
	return &rtp.Header{Version: 2, SSRC: ssrc, SequenceNumber: seq, Timestamp: uint32(seq) * 9, PayloadType: 96}
}
