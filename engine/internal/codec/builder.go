package codec

import (
	"fmt"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/codec/vpx"
)

// Names of the VP8 encoders that can be chosen.
const (
	EncoderTring        = "tring"        // this package's, the default
	EncoderMediadevices = "mediadevices" // that of github.com/pion/mediadevices, several times slower
)

// VP8Builder gives the encoder of the name, "" for the default, with as many of
// the parameters as it understands.
func VP8Builder(name string, p VP8Params) (codec.VideoEncoderBuilder, error) {
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
		return &theirs, nil
	}
	return nil, fmt.Errorf("codec: no VP8 encoder is called %q; there are %q and %q", name, EncoderTring, EncoderMediadevices)
}
