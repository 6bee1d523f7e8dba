package audio

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

var errStalled = errors.New("the device has stopped asking for sound")

// run is one device from its opening to its end, in a goroutine of its own.
type run struct {
	session *session
	capture bool
	cancel  context.CancelFunc
	done    chan struct{} // closed when the device is closed, or was never opened

	isOpen atomic.Bool
	mu     sync.Mutex
	failed error
}

func startRun(d *Desk, open OpenDevice, capture bool) *run {
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{
		session: newSession(d, func() { wake(d.wakeManager) }, capture),
		capture: capture, cancel: cancel, done: make(chan struct{}),
	}
	go r.live(ctx, d, open) // close waits, up to a limit
	return r
}

func (r *run) live(ctx context.Context, d *Desk, open OpenDevice) {
	defer close(r.done)
	fail := func(err error) {
		if err == nil {
			err = errors.New("the device is gone")
		}
		r.mu.Lock()
		if r.failed == nil {
			r.failed = err
		}
		r.mu.Unlock()
		wake(d.wakeManager)
	}
	dev, err := open(ctx, DeviceIO{
		NeedCapture: r.capture, Capture: r.session.capture, Playout: r.session.playout, OnLost: fail,
	})
	if err != nil {
		fail(err)
		return
	}
	if d, ok := dev.(Synthetic); ok {
		r.session.synthetic.Store(d.Synthetic())
	}
	r.isOpen.Store(true)
	wake(d.wakeManager)
	<-ctx.Done()
	if err := dev.Close(); err != nil {
		d.log.Warn("sound device closed badly", "err", err)
	}
}

func (r *run) opened() bool { return r.isOpen.Load() }

func (r *run) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// close ends the device and reports whether it ended in time.
func (r *run) close(limit time.Duration) bool {
	r.cancel()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-r.done:
		return true
	case <-timer.C:
		return false
	}
}
