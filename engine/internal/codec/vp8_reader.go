package codec

import (
	"image"
	"io"
	"sync"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine/internal/i420"
)

// VP8DecoderBuilder offers VP8Decoder by the decoder interface of mediadevices:
// each Read of the source gives one whole frame.
type VP8DecoderBuilder struct {
	Pool *i420.Pool // nil for one of its own
}

var _ codec.VideoDecoderBuilder = VP8DecoderBuilder{}

// BuildVideoDecoder makes a decoder of the frames in r.
func (b VP8DecoderBuilder) BuildVideoDecoder(r io.Reader, _ prop.Media) (codec.VideoDecoder, error) {
	pool := b.Pool
	if pool == nil {
		pool = new(i420.Pool)
	}
	dec, err := NewVP8Decoder(pool)
	if err != nil {
		return nil, err
	}
	return &vp8Reader{r: r, dec: dec, buf: make([]byte, MaxVP8Frame)}, nil
}

type vp8Reader struct {
	r   io.Reader
	dec *VP8Decoder

	mu  sync.Mutex // Read by one at a time; Close does not wait for it
	buf []byte
}

// Read gives the next picture (an *i420.Picture).
func (v *vp8Reader) Read() (image.Image, func(), error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		n, err := v.r.Read(v.buf)
		if err != nil {
			return nil, nil, err
		}
		p, err := v.dec.Decode(v.buf[:n])
		if err != nil {
			return nil, nil, err
		}
		if p != nil {
			return p, sync.OnceFunc(p.Release), nil
		}
	}
}

func (v *vp8Reader) Close() error { return v.dec.Close() }
