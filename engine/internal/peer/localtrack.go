package peer

import (
	"errors"
	"strings"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// localTrack is what Pion's senders send. It differs from Pion's own static
// track in that telephone events can go out under their payload type.
//
// One track is added to every PeerConnection that may carry its kind; it is
// bound on those whose transport is negotiated.
type localTrack struct {
	kind Kind
	source

	mu       sync.RWMutex
	bindings []trackBinding
}

type trackBinding struct {
	id            string
	ssrc          webrtc.SSRC
	payloadType   uint8
	events        uint8 // payload type of telephone events; 0 for none
	eventsAtAudio bool  // they run on the audio's clock of 48 kHz
	writer        webrtc.TrackLocalWriter
}

func newLocalTrack(kind Kind, s source) *localTrack { return &localTrack{kind: kind, source: s} }

func (t *localTrack) mime() string {
	if t.kind == Video {
		return mimeVP8
	}
	return mimeOpus
}

// Bind is called by Pion when the transport of a sender is negotiated.
func (t *localTrack) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	b := trackBinding{id: c.ID(), ssrc: c.SSRC(), writer: c.WriteStream()}
	var codec *webrtc.RTPCodecParameters
	for _, p := range c.CodecParameters() {
		switch {
		case codec == nil && strings.EqualFold(p.MimeType, t.mime()):
			codec = &p
			b.payloadType = uint8(p.PayloadType)
		case strings.EqualFold(p.MimeType, mimeEvents) && (b.events == 0 || p.ClockRate == 48000):
			b.events, b.eventsAtAudio = uint8(p.PayloadType), p.ClockRate == 48000
		}
	}
	if codec == nil {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bindings = append(t.bindings, b)
	return *codec, nil
}

// Unbind undoes Bind.
func (t *localTrack) Unbind(c webrtc.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, b := range t.bindings {
		if b.id == c.ID() {
			t.bindings = append(t.bindings[:i], t.bindings[i+1:]...)
			return nil
		}
	}
	return webrtc.ErrUnbindFailed
}

// ID is the track's id in a=msid.
func (t *localTrack) ID() string { return t.track }

// RID is empty: there is no simulcast.
func (t *localTrack) RID() string { return "" }

// StreamID groups the tracks of one call.
func (t *localTrack) StreamID() string { return t.stream }

// Kind is the kind in Pion's words.
func (t *localTrack) Kind() webrtc.RTPCodecType {
	if t.kind == Video {
		return webrtc.RTPCodecTypeVideo
	}
	return webrtc.RTPCodecTypeAudio
}

// write sends a packet with the track's SSRC and payload type. The header is
// copied, the payload only read.
func (t *localTrack) write(header rtp.Header, payload []byte) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var errs error
	for _, b := range t.bindings {
		h := header
		h.SSRC, h.PayloadType = uint32(b.ssrc), b.payloadType
		if _, err := b.writer.WriteRTP(&h, payload); err != nil {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// writeEvent sends a telephone-event packet.
func (t *localTrack) writeEvent(header rtp.Header, payload []byte) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var errs error
	for _, b := range t.bindings {
		if b.events == 0 {
			continue
		}
		h := header
		h.SSRC, h.PayloadType = uint32(b.ssrc), b.events
		if _, err := b.writer.WriteRTP(&h, payload); err != nil {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// eventClock is the clock rate of telephone events; 0 if none are negotiated.
func (t *localTrack) eventClock() uint32 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, b := range t.bindings {
		switch {
		case b.events != 0 && b.eventsAtAudio:
			return 48000
		case b.events != 0:
			return 8000
		}
	}
	return 0
}
