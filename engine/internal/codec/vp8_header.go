package codec

import (
	"errors"
	"fmt"
)

// Limits of what is decoded. A key frame says its size in 14 bits each way, and
// a decoder allocates by it: 16383x16383 costs seconds and most of a gigabyte.
const (
	MaxVP8Side   = 4096
	MaxVP8Pixels = 8 << 20
	MaxVP8Frame  = 4 << 20 // bytes of one encoded frame

	// minKeyMacroblocks is how many macroblocks a byte of a key frame's first
	// partition can describe at most. Their modes are coded with fixed
	// probabilities (RFC 6386 §11.2, §11.3), by which the cheapest takes 3.4
	// bits; this allows for two. So nobody has eight megapixels decoded for
	// thirty bytes.
	minKeyMacroblocks = 4
)

// Errors of VP8Decoder.
var (
	// ErrVP8Frame says that a frame is not VP8 or is damaged.
	ErrVP8Frame = errors.New("codec: damaged VP8 frame")
	// ErrTooLarge says that a frame is larger than will be decoded.
	ErrTooLarge = errors.New("codec: VP8 frame too large")
	// ErrNoKeyFrame says that a frame depends on others that were not decoded:
	// ask the sender for a key frame.
	ErrNoKeyFrame = errors.New("codec: VP8 frame before a key frame")
)

// VP8Header is what the uncompressed start of a VP8 frame says (RFC 6386 §9.1).
type VP8Header struct {
	KeyFrame      bool
	Shown         bool // false for frames that only serve as reference
	Width, Height int  // in pixels; only of key frames
}

// ParseVP8Header reads the start of a frame and checks it against the limits of
// this package and the length of the frame.
func ParseVP8Header(frame []byte) (VP8Header, error) {
	if len(frame) > MaxVP8Frame {
		return VP8Header{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(frame))
	}
	if len(frame) < 3 {
		return VP8Header{}, fmt.Errorf("%w: %d bytes", ErrVP8Frame, len(frame))
	}
	tag := int(frame[0]) | int(frame[1])<<8 | int(frame[2])<<16
	h := VP8Header{KeyFrame: tag&1 == 0, Shown: tag>>4&1 == 1}
	if version := tag >> 1 & 7; version > 3 {
		return h, fmt.Errorf("%w: version %d", ErrVP8Frame, version)
	}
	rest := frame[3:]
	if h.KeyFrame {
		if len(rest) < 7 || rest[0] != 0x9d || rest[1] != 0x01 || rest[2] != 0x2a {
			return h, fmt.Errorf("%w: no start code", ErrVP8Frame)
		}
		h.Width = (int(rest[3]) | int(rest[4])<<8) & 0x3fff // the two bits above ask for upscaling, §9.1
		h.Height = (int(rest[5]) | int(rest[6])<<8) & 0x3fff
		rest = rest[7:]
		if h.Width == 0 || h.Height == 0 {
			return h, fmt.Errorf("%w: %dx%d", ErrVP8Frame, h.Width, h.Height)
		}
		if h.Width > MaxVP8Side || h.Height > MaxVP8Side || h.Width*h.Height > MaxVP8Pixels {
			return h, fmt.Errorf("%w: %dx%d", ErrTooLarge, h.Width, h.Height)
		}
	}
	first := tag >> 5
	if first == 0 || first > len(rest) {
		return h, fmt.Errorf("%w: first partition of %d in %d bytes", ErrVP8Frame, first, len(rest))
	}
	if macroblocks := (h.Width + 15) / 16 * ((h.Height + 15) / 16); macroblocks > first*minKeyMacroblocks {
		return h, fmt.Errorf("%w: %dx%d in %d bytes", ErrVP8Frame, h.Width, h.Height, first)
	}
	return h, nil
}
