package screen

import (
	"errors"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

// source takes pictures of a screen or window.
type source interface {
	// grab takes a picture, with an even number of columns and lines. Unless
	// forced it gives nil if nothing has changed since the last one; forced or
	// not, nil if there is nothing to see at present.
	grab(force bool) (*i420.Picture, error)
	// abort makes a grab under way, and all later ones, fail soon. It may be
	// called from any goroutine.
	abort()
	// free gives back what abort leaves. No grab is under way.
	free() error
}

// Camera shows a screen or a window.
type Camera struct {
	name     string
	pool     *i420.Pool
	source   source
	interval time.Duration
	done     chan struct{}
	close    sync.Once
	closeErr error

	reading sync.Mutex // held by Read; the rest is its own
	start   time.Time
	tick    int64 // number of the next picture
	sent    time.Time
	last    *i420.Picture
	failed  error
}

const (
	defaultFPS = 15
	topFPS     = 60

	// repeat is how long nothing may come: who joins later, or lost a picture,
	// gets one all the same.
	repeat = time.Second
)

func newCamera(name string, maxFPS float64, pool *i420.Pool, src source) *Camera {
	if !(maxFPS > 0) {
		maxFPS = defaultFPS
	}
	return &Camera{
		name: name, pool: pool, source: src, done: make(chan struct{}),
		interval: time.Duration(float64(time.Second) / min(max(maxFPS, 0.1), topFPS)),
	}
}

// Name is the screen's name or the window's title when it was opened.
func (c *Camera) Name() string { return c.name }

// Read waits for the next picture and hands over its ownership. Pictures come at
// a steady pace, those that would show nothing new are left out, but at least
// one a second comes. After Close it fails with engine.ErrClosed; when the window
// is closed or the screen lost with a *engine.Problem, again and again.
func (c *Camera) Read() (*i420.Picture, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	for c.wait() {
		if c.failed != nil {
			return nil, c.failed
		}
		now := time.Now()
		p, err := c.next(now)
		switch {
		case c.closed():
			if p != nil {
				p.Release()
			}
			return nil, engine.ErrClosed
		case err != nil:
			c.failed = err
			return nil, err
		case p != nil:
			c.sent = now
			return p, nil
		}
	}
	return nil, engine.ErrClosed
}

// next takes a picture, or repeats the last when it is time and there is nothing
// to be seen.
func (c *Camera) next(now time.Time) (*i420.Picture, error) {
	due := now.Sub(c.sent) >= repeat
	p, err := c.source.grab(due || c.last == nil)
	switch {
	case err != nil:
		return nil, err
	case p != nil:
		p.CapturedAt = now
		c.forget()
		c.last = p.Retain()
		return p, nil
	case !due || c.last == nil:
		return nil, nil
	}
	p = c.pool.Get(c.last.Width(), c.last.Height())
	if err := i420.Scale(p, c.last); err != nil {
		p.Release()
		return nil, err
	}
	p.CapturedAt = now
	return p, nil
}

func (c *Camera) forget() {
	if c.last != nil {
		c.last.Release()
		c.last = nil
	}
}

func (c *Camera) closed() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// wait sleeps until the next picture is due; false once the camera is closed.
// Times are counted from the first picture, so that late wake-ups do not add up;
// a reader that comes late misses pictures and gets no burst.
func (c *Camera) wait() bool {
	now := time.Now()
	if c.start.IsZero() {
		c.start = now
	}
	c.tick = max(c.tick, int64(now.Sub(c.start)/c.interval))
	timer := time.NewTimer(c.start.Add(time.Duration(c.tick) * c.interval).Sub(now))
	defer timer.Stop()
	c.tick++
	select {
	case <-c.done:
		return false
	case <-timer.C:
		return !c.closed()
	}
}

// Close ends a Read that waits, waits for it and frees everything. It can be
// called from any goroutine, more than once.
func (c *Camera) Close() error {
	c.close.Do(func() {
		close(c.done)
		c.source.abort()
		c.reading.Lock()
		defer c.reading.Unlock()
		c.forget()
		c.closeErr = errors.Join(c.source.free())
	})
	return c.closeErr
}
