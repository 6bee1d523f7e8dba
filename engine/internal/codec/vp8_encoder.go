package codec

import (
	"fmt"
	"image"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine/internal/i420"
)

// SpeedController is an encoder controller that trades quality for CPU while
// running.
type SpeedController interface {
	SetSpeed(speed int) error // 1 to 16, see VP8Params
}

// ResilienceController is an encoder controller that prepares its frames for
// loss, or stops doing so.
type ResilienceController interface {
	SetErrorResilient(on bool) error
}

// vp8Encoder is the encoder that VP8Params builds, and its own controller. Wishes
// (bit rate, key frame, …) are noted and take effect with the next picture.
type vp8Encoder struct {
	r    video.Reader
	pool i420.Pool // for pictures that come in another layout

	mu     sync.Mutex // never held while waiting for r
	closed bool
	params VP8Params
	wishes vp8Wishes
	clock  vp8Clock
	vpx    *vpxEncoder // made with the first picture, remade when the size changes; nil before
	w, h   int
	spare  atomic.Pointer[vp8Frame] // not lent; callers give one frame back before the next
	target int                      // bit rate that libvpx was told last
}

// vp8Frame is the memory of one encoded frame, lent to the caller of Read.
type vp8Frame struct {
	data    []byte
	lent    atomic.Bool
	release func() // gives it back; made once, since each would be garbage
}

func (e *vp8Encoder) newFrame() *vp8Frame {
	f := e.spare.Swap(nil)
	if f == nil {
		f = &vp8Frame{data: make([]byte, 0, 16<<10)}
		f.release = func() {
			if f.lent.CompareAndSwap(true, false) {
				e.spare.Store(f)
			}
		}
	}
	f.lent.Store(true)
	return f
}

// vp8Wishes is what changed since the last picture.
type vp8Wishes struct {
	keyFrame bool
	config   bool
	speed    bool
}

var (
	_ codec.KeyFrameController = (*vp8Encoder)(nil)
	_ codec.BitRateController  = (*vp8Encoder)(nil)
	_ SpeedController          = (*vp8Encoder)(nil)
	_ ResilienceController     = (*vp8Encoder)(nil)
)

func newVP8Encoder(r video.Reader, property prop.Media, params VP8Params) (*vp8Encoder, error) {
	if r == nil {
		return nil, fmt.Errorf("codec: VP8 encoder without pictures")
	}
	return &vp8Encoder{r: r, params: params, clock: newVP8Clock(float64(property.FrameRate))}, nil
}

// Read waits for a picture and gives its frame, valid until release, which is
// called once. Pictures that the rate control leaves out are skipped. After Close it returns io.EOF.
func (e *vp8Encoder) Read() (frame []byte, release func(), err error) {
	for {
		if e.isClosed() {
			return nil, func() {}, io.EOF
		}
		img, done, err := e.r.Read()
		if err != nil {
			return nil, func() {}, err
		}
		f, err := e.encode(img)
		if done != nil {
			done()
		}
		if err != nil {
			return nil, func() {}, err
		}
		if f != nil {
			return f.data, f.release, nil
		}
	}
}

// encode gives the frame of one picture, or nil if it was left out.
func (e *vp8Encoder) encode(img image.Image) (*vp8Frame, error) {
	at := time.Now()
	p, ok := img.(*i420.Picture)
	if ok && !p.CapturedAt.IsZero() {
		at = p.CapturedAt
	}
	if !ok {
		var err error
		if p, err = i420.FromImage(&e.pool, img); err != nil {
			return nil, err
		}
		defer p.Release()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, io.EOF
	}
	if err := e.prepare(p.Width(), p.Height()); err != nil {
		return nil, err
	}
	f := e.newFrame()
	pts, duration := e.clock.next(at)
	var err error
	f.data, err = e.vpx.encode(f.data[:0], p, pts, duration, e.wishes.keyFrame)
	if err != nil {
		f.release()
		e.drop() // its state is unknown: start afresh with the next picture
		return nil, err
	}
	if len(f.data) == 0 {
		f.release()
		return nil, nil
	}
	e.wishes.keyFrame = false
	return f, nil
}

// prepare makes the libvpx encoder fit the picture and the wishes.
func (e *vp8Encoder) prepare(w, h int) error {
	if e.vpx != nil && (e.w != w || e.h != h) {
		// libvpx can only shrink in place, and with faults: a new one costs
		// 2 ms, and a key frame is due anyway.
		e.drop()
	}
	if e.vpx == nil {
		vpx, err := newVPXEncoder(e.params, w, h)
		if err != nil {
			return err
		}
		e.vpx, e.w, e.h, e.target = vpx, w, h, e.params.BitRate
		e.wishes.config, e.wishes.speed = false, false
		return nil
	}
	if e.wishes.config {
		if err := e.vpx.configure(e.params); err != nil {
			return err
		}
		e.target = e.params.BitRate
	}
	if e.wishes.speed {
		if err := e.vpx.setSpeed(e.params.Speed); err != nil {
			return err
		}
	}
	e.wishes.config, e.wishes.speed = false, false
	return nil
}

func (e *vp8Encoder) drop() {
	if e.vpx != nil {
		e.vpx.close()
		e.vpx = nil
	}
}

// Controller gives what implements codec.KeyFrameController,
// codec.BitRateController, SpeedController and ResilienceController.
func (e *vp8Encoder) Controller() codec.EncoderController { return e }

// ForceKeyFrame makes the next frame a key frame.
func (e *vp8Encoder) ForceKeyFrame() error {
	return e.wish(func() { e.wishes.keyFrame = true })
}

// SetBitRate changes the target, in bit/s. An estimator changes its mind many
// times a second: less than one per cent off what libvpx was told last is not
// worth setting up its rate control again.
func (e *vp8Encoder) SetBitRate(bps int) error {
	return e.wish(func() {
		bps = clampVideoBitrate(bps)
		e.params.BitRate = bps
		if off := bps - e.target; max(off, -off)*100 >= e.target {
			e.wishes.config = true
		}
	})
}

// SetSpeed changes VP8Params.Speed.
func (e *vp8Encoder) SetSpeed(speed int) error {
	return e.wish(func() {
		speed = clampVP8Speed(speed)
		e.wishes.speed = e.wishes.speed || speed != e.params.Speed
		e.params.Speed = speed
	})
}

// SetErrorResilient changes VP8Params.ErrorResilient.
func (e *vp8Encoder) SetErrorResilient(on bool) error {
	return e.wish(func() {
		e.wishes.config = e.wishes.config || on != e.params.ErrorResilient
		e.params.ErrorResilient = on
	})
}

func (e *vp8Encoder) wish(note func()) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrClosed
	}
	note()
	return nil
}

func (e *vp8Encoder) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Close frees the encoder. It does not wait for a Read that waits for a
// picture; that one ends with io.EOF. More than one call does no harm.
func (e *vp8Encoder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.drop()
	return nil
}
