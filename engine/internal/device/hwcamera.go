package device

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/video"

	"tring/engine"
	"tring/engine/internal/i420"
)

// A camera is taken for lost when it gave nothing but errors for so long and
// so often. Single damaged MJPEG pictures are common and only skipped. A
// driver that waits for a picture in vain says so every 3 to 5 s.
const (
	maxReadErrors  = 30
	readErrorPause = 20 * time.Millisecond
	lostAfter      = 4 * time.Second
	stalledAfter   = 9 * time.Second
)

// hwCamera is a camera of the system:
//
//	driver ─ pump (its goroutine): copy to I420 ─ latest (newest wins) ─ Read
//
// The pump alone talks to the driver, so that neither Read nor Close waits
// for it longer than they want.
type hwCamera struct {
	name   string
	driver driver.Driver
	reader video.Reader
	pool   *i420.Pool
	log    *slog.Logger

	latest chan *i420.Picture // holds one
	done   chan struct{}      // closed by Close
	ended  chan struct{}      // closed when the pump ended and the driver is closed
	lost   chan struct{}      // closed when the camera is lost; then err is set
	err    error
	close  sync.Once
}

// startCamera opens the driver with the best format that it takes.
func startCamera(ctx context.Context, f found, want CameraFormat, pool *i420.Pool, log *slog.Logger) (Camera, error) {
	if f.err != nil {
		return nil, cameraProblem(f, f.err)
	}
	reader, err := limited(ctx, openLimit,
		func() (video.Reader, error) { return startDriver(f.driver, want, log) },
		func(video.Reader) { _ = f.driver.Close() })
	if err != nil {
		return nil, cameraProblem(f, err)
	}
	c := &hwCamera{
		name: f.device.Name, driver: f.driver, reader: reader, pool: pool, log: log,
		latest: make(chan *i420.Picture, 1),
		done:   make(chan struct{}), ended: make(chan struct{}), lost: make(chan struct{}),
	}
	go c.pump()
	return c, nil
}

func startDriver(d driver.Driver, want CameraFormat, log *slog.Logger) (video.Reader, error) {
	recorder, ok := d.(driver.VideoRecorder)
	if !ok {
		return nil, errors.New("the driver gives no pictures")
	}
	var first error
	// Some cameras list formats that they then refuse, and the rate alone can
	// be refused: a few of the best are tried, each also without a rate.
	const tries = 3
	for i := 0; i < tries; i++ {
		if err := d.Open(); err != nil {
			return nil, err
		}
		formats := rankFormats(d.Properties(), want)
		if i >= len(formats) {
			_ = d.Close()
			if i == 0 {
				return nil, errors.New("it offers no picture format that can be read")
			}
			break
		}
		p := formats[i]
		reader, err := recorder.VideoRecord(p)
		if err == nil {
			log.Info("camera started", "camera", d.Info().Name, "width", p.Width, "height", p.Height,
				"fps", p.FrameRate, "format", p.FrameFormat)
			return reader, nil
		}
		// VideoRecord closed the driver when it failed.
		if isBusy(err) {
			return nil, err
		}
		if first == nil {
			first = err
		}
		if err := d.Open(); err != nil {
			return nil, err
		}
		p.FrameRate = 0
		if reader, err = recorder.VideoRecord(p); err == nil {
			log.Warn("camera refuses a frame rate", "camera", d.Info().Name, "error", first)
			return reader, nil
		}
	}
	return nil, first
}

// pump copies pictures from the driver until Close or the loss of the camera.
func (c *hwCamera) pump() {
	defer close(c.ended)
	err := c.run()
	if err != nil {
		c.err = unplugged(engine.Camera, c.name, err)
		c.log.Warn("camera lost", "camera", c.name, "error", err)
		close(c.lost)
	}
	// Closed here and only here: a second Close of the V4L2 driver would close
	// a descriptor that belongs to somebody else by then.
	if _, err := guarded(func() (struct{}, error) { return struct{}{}, c.driver.Close() }); err != nil {
		c.log.Warn("camera closed with an error", "camera", c.name, "error", err)
	}
}

// run reads until Close (nil) or until the camera is lost.
func (c *hwCamera) run() error {
	failures, since := 0, time.Now()
	for {
		p, err := guarded(c.readOne)
		select {
		case <-c.done:
			if p != nil {
				p.Release()
			}
			return nil
		default:
		}
		switch {
		case err == nil:
			failures, since = 0, time.Now()
			c.offer(p)
			continue
		case errors.Is(err, io.EOF), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.EBADF):
			return err
		}
		failures++
		if silent := time.Since(since); silent >= stalledAfter || silent >= lostAfter && failures >= maxReadErrors {
			return err
		}
		if failures == 1 {
			c.log.Debug("picture skipped", "camera", c.name, "error", err)
		}
		if !c.pause() {
			return nil
		}
	}
}

// pause keeps a driver that fails at once from keeping a core busy.
func (c *hwCamera) pause() bool {
	timer := time.NewTimer(readErrorPause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.done:
		return false
	}
}

// readOne takes one picture from the driver. The copy is made at once: the
// driver uses the memory again for the next one.
func (c *hwCamera) readOne() (*i420.Picture, error) {
	img, release, err := c.reader.Read()
	at := time.Now()
	if release != nil {
		defer release()
	}
	if err != nil {
		return nil, err
	}
	if img == nil {
		return nil, errors.New("empty picture")
	}
	if b := img.Bounds(); b.Dx() < 1 || b.Dy() < 1 || b.Dx() > maxSide || b.Dy() > maxSide || b.Dx()*b.Dy() > maxPixels {
		return nil, fmt.Errorf("picture of %v", b)
	}
	p, err := i420.FromImage(c.pool, img)
	if err != nil {
		return nil, err
	}
	p.CapturedAt = at
	return p, nil
}

// offer replaces the picture that nobody has read yet. Only the pump sends.
func (c *hwCamera) offer(p *i420.Picture) {
	for {
		select {
		case c.latest <- p:
			return
		default:
		}
		select {
		case old := <-c.latest:
			old.Release()
		default:
		}
	}
}

func (c *hwCamera) Read() (*i420.Picture, error) {
	select {
	case <-c.done:
		return nil, engine.ErrClosed
	default:
	}
	select {
	case p := <-c.latest:
		return p, nil
	case <-c.done:
		return nil, engine.ErrClosed
	case <-c.lost:
		return nil, c.err
	}
}

func (c *hwCamera) Close() error {
	var err error
	c.close.Do(func() {
		close(c.done)
		timer := time.NewTimer(closeLimit)
		defer timer.Stop()
		select {
		case <-c.ended:
			select {
			case p := <-c.latest:
				p.Release()
			default:
			}
		case <-timer.C:
			// A stalled V4L2 camera keeps its reader for up to 5 s. The pump
			// closes the driver when it comes back.
			c.log.Warn("camera is slow to close", "camera", c.name)
			err = fmt.Errorf("camera %s: %w", c.name, errHung)
		}
	})
	return err
}

func (c *hwCamera) Name() string { return c.name }
