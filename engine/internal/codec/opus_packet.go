package codec

import (
	"errors"
	"fmt"
)

// OpusClockRate is the rate of the RTP clock and of all PCM in this package,
// in samples per second (RFC 7587 §4.1).
const OpusClockRate = 48000

const (
	// opusUnit is 2.5 ms, the shortest Opus frame; every duration is a multiple.
	opusUnit = OpusClockRate / 400

	// MaxOpusSamples is 120 ms, the longest that one packet may last
	// (RFC 6716 §3.2.5).
	MaxOpusSamples = 48 * opusUnit

	// MaxOpusPacket is the largest packet taken or made, in bytes: what fits
	// into one datagram.
	MaxOpusPacket = 1500
)

// ErrOpusPacket says that a packet cannot be Opus.
var ErrOpusPacket = errors.New("codec: not an Opus packet")

// OpusPacketSamples tells how long a packet lasts, in samples at 48 kHz and per
// channel, from its first one or two bytes (RFC 6716 §3.1, §3.2). It fails for
// packets that are empty, over MaxOpusPacket bytes or over 120 ms.
func OpusPacketSamples(packet []byte) (int, error) {
	if len(packet) == 0 || len(packet) > MaxOpusPacket {
		return 0, fmt.Errorf("%w: %d bytes", ErrOpusPacket, len(packet))
	}
	frames := 2 // codes 1 and 2: two frames
	switch packet[0] & 3 {
	case 0:
		frames = 1
	case 3: // the second byte counts them
		if len(packet) < 2 {
			return 0, fmt.Errorf("%w: no frame count", ErrOpusPacket)
		}
		frames = int(packet[1] & 0x3f)
	}
	samples := frames * opusFrameSamples(packet[0]>>3)
	if samples == 0 || samples > MaxOpusSamples {
		return 0, fmt.Errorf("%w: %d samples", ErrOpusPacket, samples)
	}
	return samples, nil
}

// opusFrameSamples is the length of one frame in the configuration, RFC 6716
// table 2.
func opusFrameSamples(config byte) int {
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		return [...]int{4, 8, 16, 24}[config&3] * opusUnit
	case config < 16: // hybrid: 10, 20 ms
		return [...]int{4, 8}[config&1] * opusUnit
	default: // CELT: 2.5, 5, 10, 20 ms
		return opusUnit << (config & 3)
	}
}

// checkOpusGap refuses spans that libopus cannot fill in: not a multiple of
// 2.5 ms, or over 120 ms.
func checkOpusGap(samples int) error {
	if samples <= 0 || samples > MaxOpusSamples || samples%opusUnit != 0 {
		return fmt.Errorf("codec: cannot fill in %d samples of sound", samples)
	}
	return nil
}
