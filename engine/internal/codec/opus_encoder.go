package codec

import (
	"errors"
	"fmt"
	"sync"

	"github.com/hraban/opus"
)

// ErrClosed is returned by codecs after Close.
var ErrClosed = errors.New("codec: closed")

// Defaults for the zero values of OpusConfig.
const (
	defaultOpusBitrateBPS = 40000 // full-band speech without audible faults

	// defaultOpusComplexity takes 30 % less time than the 9 that browsers choose on
	// desktops, and is at most 0.04 dB further from human voices at 24 and 40
	// kbit/s (BenchmarkOpusEncode).
	defaultOpusComplexity = 6
)

// Limits of libopus (opus_defines.h).
const (
	minOpusBitrateBPS = 6000
	maxOpusBitrateBPS = 510000
)

// OpusConfig says how to encode sound. The zero value is good for speech.
type OpusConfig struct {
	BitrateBPS        int  // 6000 to 510000, others are pulled in; 0 is 40000
	FEC               bool // carry a coarse copy of each packet in the next (RFC 6716 §2.1.7)
	DTX               bool // send next to nothing while there is silence
	Complexity        int  // 1 to 10, CPU against quality; 0 is 6
	PacketLossPercent int  // expected loss; FEC needs more than 0 to have an effect
}

// OpusEncoder encodes 48 kHz mono sound. Its methods may be called from any
// goroutine.
type OpusEncoder struct {
	mu     sync.Mutex
	enc    *opus.Encoder // its memory is Go memory; nil after Close
	closed bool
}

// NewOpusEncoder makes an encoder tuned for speech.
func NewOpusEncoder(config OpusConfig) (*OpusEncoder, error) {
	enc, err := opus.NewEncoder(OpusClockRate, 1, opus.AppVoIP)
	if err != nil {
		return nil, fmt.Errorf("codec: make Opus encoder: %w", err)
	}
	if config.BitrateBPS == 0 {
		config.BitrateBPS = defaultOpusBitrateBPS
	}
	if config.Complexity == 0 {
		config.Complexity = defaultOpusComplexity
	}
	err = errors.Join(
		enc.SetBitrate(clampOpusBitrate(config.BitrateBPS)),
		enc.SetComplexity(min(max(config.Complexity, 1), 10)),
		enc.SetInBandFEC(config.FEC),
		enc.SetDTX(config.DTX),
		enc.SetPacketLossPerc(clampPercent(config.PacketLossPercent)),
	)
	if err != nil {
		return nil, fmt.Errorf("codec: set up Opus encoder: %w", err)
	}
	return &OpusEncoder{enc: enc}, nil
}

// Encode writes one packet for pcm into out and returns its length in bytes.
// pcm is 2.5, 5, 10, 20, 40 or 60 ms of sound (960 samples are 20 ms), each
// sample within −1 to 1. At most MaxOpusPacket bytes of out are used. A packet
// of one or two bytes comes from DTX and need not be sent.
func (e *OpusEncoder) Encode(pcm []float32, out []byte) (int, error) {
	switch len(pcm) / opusUnit {
	case 1, 2, 4, 8, 16, 24:
	default:
		return 0, fmt.Errorf("codec: Opus has no frame of %d samples", len(pcm))
	}
	if len(pcm)%opusUnit != 0 {
		return 0, fmt.Errorf("codec: Opus has no frame of %d samples", len(pcm))
	}
	n := min(len(out), MaxOpusPacket)
	if n == 0 {
		return 0, errors.New("codec: no room for an Opus packet")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return 0, ErrClosed
	}
	// The binding goes by capacity, not by length: cut both to the same.
	n, err := e.enc.EncodeFloat32(pcm, out[:n:n])
	if err != nil {
		return 0, fmt.Errorf("codec: encode Opus: %w", err)
	}
	return n, nil
}

// SetBitrate changes the bit rate from the next packet on, pulled in to what
// Opus can do.
func (e *OpusEncoder) SetBitrate(bps int) error {
	return e.set(func(enc *opus.Encoder) error { return enc.SetBitrate(clampOpusBitrate(bps)) })
}

// SetPacketLoss tells how much of what is sent gets lost, 0 to 100. With FEC
// the encoder spends bits on the coarse copy accordingly.
func (e *OpusEncoder) SetPacketLoss(percent int) error {
	return e.set(func(enc *opus.Encoder) error { return enc.SetPacketLossPerc(clampPercent(percent)) })
}

func (e *OpusEncoder) set(change func(*opus.Encoder) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrClosed
	}
	if err := change(e.enc); err != nil {
		return fmt.Errorf("codec: set up Opus encoder: %w", err)
	}
	return nil
}

// Close ends the encoder. More than one call does no harm.
func (e *OpusEncoder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed, e.enc = true, nil
	return nil
}

func clampOpusBitrate(bps int) int { return min(max(bps, minOpusBitrateBPS), maxOpusBitrateBPS) }

func clampPercent(p int) int { return min(max(p, 0), 100) }
