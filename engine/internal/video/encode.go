package video

import (
	"errors"
	"fmt"
	"image"
	"time"

	mdcodec "github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// frameEncoder drives an encoder of mediadevices' kind from the other side: it
// is given a picture and gives its frame. So wishes reach the encoder between
// pictures, when it holds no lock, and nothing ever waits inside it for a
// camera. A broken encoder is replaced. For one goroutine.
type frameEncoder struct {
	builder mdcodec.VideoEncoderBuilder
	input   handover
	enc     mdcodec.ReadCloser // nil until needed and after a failure
	told    wishes             // what enc knows

	failures int
	retryAt  time.Time
}

// wishes are what an encoder is asked for, beside a key frame. A wish that it
// has no controller for is not fulfilled.
type wishes struct {
	bitrate   int  // bit/s
	speed     int  // see codec.VP8Params
	resilient bool // prepare for loss
}

// encoded is one frame, none if data is nil; data is valid until release.
type encoded struct {
	data    []byte
	key     bool
	release func()
}

var errEmpty = errors.New("video: no picture waits")

// handover gives the encoder the one picture that it is meant to encode.
type handover struct{ picture *i420.Picture }

// Read implements the reader of mediadevices. The picture stays the sender's.
func (h *handover) Read() (image.Image, func(), error) {
	p := h.picture
	if p == nil {
		return nil, func() {}, errEmpty
	}
	h.picture = nil
	return p, func() {}, nil
}

func newFrameEncoder(b mdcodec.VideoEncoderBuilder) *frameEncoder {
	return &frameEncoder{builder: b}
}

// Waiting times after an encoder has failed.
const (
	firstRebuild = 100 * time.Millisecond
	lastRebuild  = 5 * time.Second
)

// encode gives the frame of p; none if the encoder left it out or is not
// working. An error is told once for each failure, not for each picture.
func (e *frameEncoder) encode(p *i420.Picture, w wishes, key bool) (encoded, error) {
	if e.enc == nil && time.Now().Before(e.retryAt) {
		return encoded{}, nil
	}
	frame, err := e.try(p, w, key)
	if err == nil {
		e.failures = 0
		return frame, nil
	}
	e.close()
	e.retryAt = time.Now().Add(min(firstRebuild<<min(e.failures, 10), lastRebuild))
	e.failures++
	return encoded{}, err
}

func (e *frameEncoder) try(p *i420.Picture, w wishes, key bool) (encoded, error) {
	if err := e.prepare(p, w, key); err != nil {
		return encoded{}, err
	}
	e.input.picture = p
	data, release, err := e.enc.Read()
	e.input.picture = nil
	if errors.Is(err, errEmpty) {
		return encoded{}, nil // left out by the rate control
	}
	if err != nil {
		return encoded{}, fmt.Errorf("video: encode: %w", err)
	}
	if release == nil {
		release = func() {}
	}
	if len(data) == 0 {
		release()
		return encoded{}, nil
	}
	header, err := codec.ParseVP8Header(data)
	if err != nil {
		release()
		return encoded{}, err
	}
	return encoded{data, header.KeyFrame, release}, nil
}

// prepare makes the encoder if there is none, and tells it the wishes.
func (e *frameEncoder) prepare(p *i420.Picture, w wishes, key bool) error {
	if e.enc == nil {
		enc, err := e.builder.BuildVideoEncoder(&e.input, prop.Media{Video: prop.Video{
			Width: p.Width(), Height: p.Height(), FrameRate: 30,
		}})
		if err != nil {
			return fmt.Errorf("video: make an encoder: %w", err)
		}
		e.enc, e.told = enc, wishes{}
	}
	control := e.enc.Controller()
	if c, ok := control.(mdcodec.BitRateController); ok && e.told.bitrate != w.bitrate {
		if err := c.SetBitRate(w.bitrate); err != nil {
			return fmt.Errorf("video: set the bit rate: %w", err)
		}
	}
	if c, ok := control.(codec.SpeedController); ok && e.told.speed != w.speed {
		if err := c.SetSpeed(w.speed); err != nil {
			return fmt.Errorf("video: set the encoder's speed: %w", err)
		}
	}
	if c, ok := control.(codec.ResilienceController); ok && e.told.resilient != w.resilient {
		if err := c.SetErrorResilient(w.resilient); err != nil {
			return fmt.Errorf("video: prepare for loss: %w", err)
		}
	}
	e.told = w
	if c, ok := control.(mdcodec.KeyFrameController); ok && key {
		if err := c.ForceKeyFrame(); err != nil {
			return fmt.Errorf("video: force a key frame: %w", err)
		}
	}
	return nil
}

func (e *frameEncoder) close() {
	if e.enc != nil {
		_ = e.enc.Close() // whatever is wrong with it, it is gone
		e.enc = nil
	}
}
