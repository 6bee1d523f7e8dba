package codec

import (
	"fmt"
	"sync"

	"github.com/hraban/opus"
)

// OpusDecoder decodes packets of one sender, in order, into 48 kHz mono sound;
// stereo packets are mixed down. Its methods may be called from any goroutine.
type OpusDecoder struct {
	mu     sync.Mutex
	dec    *opus.Decoder // its memory is Go memory; nil after Close
	closed bool
}

// NewOpusDecoder makes a decoder.
func NewOpusDecoder() (*OpusDecoder, error) {
	dec, err := opus.NewDecoder(OpusClockRate, 1)
	if err != nil {
		return nil, fmt.Errorf("codec: make Opus decoder: %w", err)
	}
	return &OpusDecoder{dec: dec}, nil
}

// Decode writes the sound of a packet into pcm and returns how many samples
// those are. pcm needs room for OpusPacketSamples(packet); MaxOpusSamples is
// always enough.
func (d *OpusDecoder) Decode(packet []byte, pcm []float32) (samples int, err error) {
	want, err := OpusPacketSamples(packet)
	if err != nil {
		return 0, err
	}
	if len(pcm) < want {
		return 0, fmt.Errorf("codec: room for %d samples, Opus packet has %d", len(pcm), want)
	}
	err = d.with(func(dec *opus.Decoder) error {
		samples, err = dec.DecodeFloat32(packet, pcm[:want:want])
		return err
	})
	return samples, err
}

// DecodeFEC fills pcm with the sound of the packet lost before this one, from
// the coarse copy in it (RFC 6716 §2.1.7) or, without a copy, by concealment.
// pcm is exactly as long as what is missing, a multiple of 2.5 ms. Decode for
// the packet itself comes next.
func (d *OpusDecoder) DecodeFEC(packet []byte, pcm []float32) error {
	if _, err := OpusPacketSamples(packet); err != nil {
		return err
	}
	if err := checkOpusGap(len(pcm)); err != nil {
		return err
	}
	return d.with(func(dec *opus.Decoder) error {
		return dec.DecodeFECFloat32(packet, pcm[:len(pcm):len(pcm)])
	})
}

// Conceal fills pcm with sound that continues what was heard, for a packet lost
// for good. pcm is exactly as long as what is missing, a multiple of 2.5 ms.
func (d *OpusDecoder) Conceal(pcm []float32) error {
	if err := checkOpusGap(len(pcm)); err != nil {
		return err
	}
	return d.with(func(dec *opus.Decoder) error {
		return dec.DecodePLCFloat32(pcm[:len(pcm):len(pcm)])
	})
}

func (d *OpusDecoder) with(decode func(*opus.Decoder) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	if err := decode(d.dec); err != nil {
		return fmt.Errorf("codec: decode Opus: %w", err)
	}
	return nil
}

// Close ends the decoder. More than one call does no harm.
func (d *OpusDecoder) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed, d.dec = true, nil
	return nil
}
