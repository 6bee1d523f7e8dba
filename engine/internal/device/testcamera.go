package device

import (
	"math"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

// testCamera shows the test picture: colour bars, a ball, a clock and a time
// code for machines.
type testCamera struct {
	pool    *i420.Pool
	pattern *pattern
	pacer   pacer
	done    chan struct{}
	close   sync.Once
}

func newTestCamera(want CameraFormat, pool *i420.Pool) *testCamera {
	return &testCamera{
		pool:    pool,
		pattern: newPattern(want.Width, want.Height),
		pacer:   pacer{num: int64(math.Max(1, math.Round(want.FPS*1000))), den: 1000},
		done:    make(chan struct{}),
	}
}

func (c *testCamera) Read() (*i420.Picture, error) {
	if _, ok := c.pacer.wait(c.done); !ok {
		return nil, engine.ErrClosed
	}
	p := c.pool.Get(c.pattern.width, c.pattern.height)
	p.CapturedAt = time.Now()
	c.pattern.draw(p, p.CapturedAt)
	return p, nil
}

func (c *testCamera) Close() error {
	c.close.Do(func() { close(c.done) })
	return nil
}

func (c *testCamera) Name() string { return "Test picture" }
