package video

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errNoPicture = errors.New("video: the camera gave no picture")

// run owns the camera: it waits until one is wanted, uses it until it is not or
// fails, and so on.
func (h *Hub) run(ctx context.Context) {
	defer close(h.ended)
	o := new(outage)
	for ctx.Err() == nil {
		open, wanted := h.begin(ctx, o)
		if open == nil {
			select {
			case <-h.wake:
			case <-ctx.Done():
			}
			continue
		}
		if err := h.use(wanted, open, o); err != nil && wanted.Err() == nil {
			h.log.Warn("camera failed", "error", err, "next attempt in", o.delay())
			if o.isNews(err) {
				h.tell(err)
			}
			pause(wanted, o.next())
		}
		h.end()
	}
}

// begin gives the opener if a camera is wanted, and a context that lasts as long
// as that one is.
func (h *Hub) begin(ctx context.Context, o *outage) (Opener, context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.changes != o.camera {
		*o = outage{camera: h.changes}
	}
	if h.opener == nil || h.watchers == 0 {
		return nil, nil
	}
	wanted, cancel := context.WithCancel(ctx)
	h.session = cancel
	return h.opener, wanted
}

func (h *Hub) end() {
	h.mu.Lock()
	h.endSessionLocked()
	h.session = nil
	h.mu.Unlock()
}

// use opens the camera and delivers its pictures until ctx ends or it fails.
func (h *Hub) use(ctx context.Context, open Opener, o *outage) error {
	src, err := open(ctx)
	if err != nil {
		return err
	}
	if src == nil {
		return errNoPicture
	}
	// Read is ended by Close, from another goroutine; the last line waits for it.
	closeOnce := sync.OnceFunc(func() {
		if err := src.Close(); err != nil {
			h.log.Debug("closing the camera", "error", err)
		}
	})
	defer closeOnce()
	stop := context.AfterFunc(ctx, closeOnce)
	defer stop()
	for {
		p, err := src.Read()
		switch {
		case err != nil:
			return err
		case p == nil:
			return errNoPicture
		case ctx.Err() != nil:
			p.Release()
			return nil
		}
		o.over()
		h.out.put(p)
		p.Release()
	}
}

// outage remembers for how long, and why, a camera has not worked.
type outage struct {
	camera   int // Hub.changes when it was chosen
	attempts int
	told     string
}

// isNews reports whether nobody was told of the failure yet.
func (o *outage) isNews(err error) bool {
	if o.told == err.Error() {
		return false
	}
	o.told = err.Error()
	return true
}

func (o *outage) delay() time.Duration {
	return min(firstRetry<<min(o.attempts, 10), lastRetry)
}

func (o *outage) next() time.Duration {
	d := o.delay()
	o.attempts++
	return d
}

// over notes that the camera works.
func (o *outage) over() { o.attempts, o.told = 0, "" }

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
