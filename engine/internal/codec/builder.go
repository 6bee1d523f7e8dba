package codec

import (
	"fmt"
	"image"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/codec/vpx"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine/internal/i420"
)

// Names of the VP8 encoders that can be chosen.
const (
	EncoderTring        = "tring"        // this package's, the default
	EncoderMediadevices = "mediadevices" // that of github.com/pion/mediadevices, several times slower
)

// VP8Builder gives the encoder of the name, "" for the default, with as much of
// the parameters as it understands; without parameters, those of NewVP8Params.
func VP8Builder(name string, params ...VP8Params) (codec.VideoEncoderBuilder, error) {
	p := NewVP8Params()
	if len(params) > 0 {
		p = params[0]
	}
	switch name {
	case "", EncoderTring:
		return p, nil
	case EncoderMediadevices:
		theirs, err := vpx.NewVP8Params()
		if err != nil {
			return nil, fmt.Errorf("codec: encoder of mediadevices: %w", err)
		}
		p = p.normal()
		theirs.BaseParams = p.BaseParams
		theirs.RateControlEndUsage = vpx.RateControlCBR
		theirs.RateControlUndershootPercent = 100
		theirs.RateControlOvershootPercent = 15
		theirs.RateControlMinQuantizer = 2
		theirs.RateControlMaxQuantizer = 56
		theirs.LagInFrames = 0
		if p.ErrorResilient {
			theirs.ErrorResilient = vpx.ErrorResilientDefault
		}
		return plainBuilder{&theirs}, nil
	}
	return nil, fmt.Errorf("codec: no VP8 encoder is called %q; there are %q and %q", name, EncoderTring, EncoderMediadevices)
}

// plainBuilder feeds an encoder of mediadevices with the *image.YCbCr inside
// our pictures: any other type it converts pixel by pixel.
type plainBuilder struct{ codec.VideoEncoderBuilder }

func (b plainBuilder) BuildVideoEncoder(r video.Reader, p prop.Media) (codec.ReadCloser, error) {
	// It also forgets to release what it read, so that falls to the next Read.
	release := func() {}
	return b.VideoEncoderBuilder.BuildVideoEncoder(video.ReaderFunc(func() (image.Image, func(), error) {
		release()
		release = func() {}
		img, done, err := r.Read()
		if err != nil {
			return nil, nil, err
		}
		if done != nil {
			release = done
		}
		if picture, ok := img.(*i420.Picture); ok {
			img = &picture.YCbCr
		}
		return img, func() {}, nil
	}), p)
}
