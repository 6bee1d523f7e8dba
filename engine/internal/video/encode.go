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
	bitrate int                // as told to enc
	load    load

	failures int
	retryAt  time.Time
}

// encoded is one frame; data is valid until release.
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
	return &frameEncoder{builder: b, load: load{speed: baseSpeed}}
}

// Waiting times after an encoder has failed.
const (
	firstRebuild = 100 * time.Millisecond
	lastRebuild  = 5 * time.Second
)

// encode gives the frame of p; nil if the encoder left it out or is not working.
// An error is told once for each failure, not for each picture.
func (e *frameEncoder) encode(p *i420.Picture, bitrate int, key bool) (*encoded, error) {
	if e.enc == nil && time.Now().Before(e.retryAt) {
		return nil, nil
	}
	frame, err := e.try(p, bitrate, key)
	if err == nil {
		e.failures = 0
		return frame, nil
	}
	e.close()
	e.retryAt = time.Now().Add(min(firstRebuild<<min(e.failures, 10), lastRebuild))
	e.failures++
	return nil, err
}

func (e *frameEncoder) try(p *i420.Picture, bitrate int, key bool) (*encoded, error) {
	if err := e.prepare(p, bitrate, key); err != nil {
		return nil, err
	}
	e.input.picture = p
	data, release, err := e.enc.Read()
	e.input.picture = nil
	if errors.Is(err, errEmpty) {
		return nil, nil // left out by the rate control
	}
	if err != nil {
		return nil, fmt.Errorf("video: encode: %w", err)
	}
	if release == nil {
		release = func() {}
	}
	if len(data) == 0 {
		release()
		return nil, nil
	}
	header, err := codec.ParseVP8Header(data)
	if err != nil {
		release()
		return nil, err
	}
	return &encoded{data, header.KeyFrame, release}, nil
}

// prepare makes the encoder if there is none, and tells it the wishes.
func (e *frameEncoder) prepare(p *i420.Picture, bitrate int, key bool) error {
	if e.enc == nil {
		enc, err := e.builder.BuildVideoEncoder(&e.input, prop.Media{Video: prop.Video{
			Width: p.Width(), Height: p.Height(), FrameRate: 30,
		}})
		if err != nil {
			return fmt.Errorf("video: make an encoder: %w", err)
		}
		e.enc, e.bitrate = enc, 0
		e.load.changed = e.load.speed != baseSpeed
	}
	control := e.enc.Controller()
	if c, ok := control.(mdcodec.BitRateController); ok && e.bitrate != bitrate {
		if err := c.SetBitRate(bitrate); err != nil {
			return fmt.Errorf("video: set the bit rate: %w", err)
		}
		e.bitrate = bitrate
	}
	if c, ok := control.(codec.SpeedController); ok && e.load.changed {
		if err := c.SetSpeed(e.load.speed); err != nil {
			return fmt.Errorf("video: set the encoder's speed: %w", err)
		}
	}
	e.load.changed = false
	if c, ok := control.(mdcodec.KeyFrameController); ok && key {
		if err := c.ForceKeyFrame(); err != nil {
			return fmt.Errorf("video: force a key frame: %w", err)
		}
	}
	return nil
}

// observe watches whether the machine keeps up.
func (e *frameEncoder) observe(took, interval time.Duration) { e.load.add(took, interval) }

func (e *frameEncoder) close() {
	if e.enc != nil {
		_ = e.enc.Close() // whatever is wrong with it, it is gone
		e.enc = nil
	}
}

// Speeds that the load chooses from, see codec.VP8Params.
const (
	baseSpeed = 6
	topSpeed  = 14
	speedStep = 4
	loadSpan  = 30 // pictures between decisions
)

// load chooses the encoder's speed: faster when a picture takes most of the time
// until the next, back when there is plenty.
type load struct {
	speed   int
	changed bool
	spent   time.Duration
	count   int
}

func (l *load) add(took, interval time.Duration) {
	l.spent += took
	if l.count++; l.count < loadSpan {
		return
	}
	mean := l.spent / time.Duration(l.count)
	l.spent, l.count = 0, 0
	speed := l.speed
	switch {
	case mean > interval*6/10:
		speed = min(speed+speedStep, topSpeed)
	case mean < interval*2/10:
		speed = max(speed-speedStep, baseSpeed)
	}
	l.changed = l.changed || speed != l.speed
	l.speed = speed
}
