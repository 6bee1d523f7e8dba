package codec

import (
	"runtime"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

const (
	defaultVideoBitrateBPS = 1_000_000
	minVideoBitrateBPS     = 20_000
	maxVideoBitrateBPS     = 50_000_000

	// defaultVP8Speed costs a fifth less than 6, which is libvpx's own idea of
	// real time, for 0.1 dB; see ARCHITECTURE.md. From 12 on its search for
	// motion is so short that what it misses costs more to code.
	defaultVP8Speed = 10
	maxVP8Speed     = 16
)

// VP8Params describes a VP8 encoder for conversation: constant bit rate, no
// look-ahead, key frames only on request. It is a codec.VideoEncoderBuilder.
type VP8Params struct {
	codec.BaseParams // BitRate in bit/s, 0 is 1 Mbit/s; KeyFrameInterval in frames, 0 is none but on request

	// Speed trades quality for CPU, from 1 to 16; 0 is 10. It is libvpx's
	// cpu-used with the sign turned.
	Speed int

	// Threads is how many threads encode a picture; 0 is one, but two for large
	// pictures with many cores. With few cores more than one thread is many
	// times slower.
	Threads int

	// ErrorResilient makes frames decodable that follow a lost one, for a few
	// per cent more bits.
	ErrorResilient bool

	// KeepAllFrames never leaves out a picture, even when the bit rate cannot
	// be kept otherwise.
	KeepAllFrames bool
}

var _ codec.VideoEncoderBuilder = VP8Params{}

// NewVP8Params gives the parameters to start from.
func NewVP8Params() VP8Params {
	return VP8Params{
		BaseParams: codec.BaseParams{BitRate: defaultVideoBitrateBPS},
		Speed:      defaultVP8Speed,
	}
}

// RTPCodec describes VP8 in RTP (RFC 7741).
func (p VP8Params) RTPCodec() *codec.RTPCodec { return codec.NewRTPVP8Codec(90000) }

// BuildVideoEncoder makes an encoder of what r gives; it reads r only within
// Read. The size comes from the pictures and may change from one to the next.
// property gives the frame rate to start with. Timestamps are
// i420.Picture.CapturedAt where the pictures have it, else the time of reading.
func (p VP8Params) BuildVideoEncoder(r video.Reader, property prop.Media) (codec.ReadCloser, error) {
	return newVP8Encoder(r, property, p.normal())
}

// normal fills in the defaults and pulls everything into its range.
func (p VP8Params) normal() VP8Params {
	if p.BitRate == 0 {
		p.BitRate = defaultVideoBitrateBPS
	}
	if p.Speed == 0 {
		p.Speed = defaultVP8Speed
	}
	p.BitRate = clampVideoBitrate(p.BitRate)
	p.Speed = clampVP8Speed(p.Speed)
	p.Threads = min(max(p.Threads, 0), 16)
	p.KeyFrameInterval = max(p.KeyFrameInterval, 0)
	return p
}

// threads is how many to use for pictures of the size.
func (p VP8Params) threads(w, h int) int {
	switch {
	case p.Threads > 0:
		return p.Threads
	case runtime.NumCPU() >= 8 && w*h >= 1920*1080:
		return 2
	}
	return 1
}

func clampVideoBitrate(bps int) int { return min(max(bps, minVideoBitrateBPS), maxVideoBitrateBPS) }

func clampVP8Speed(speed int) int { return min(max(speed, 1), maxVP8Speed) }
