package video

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/engine"
	"tring/engine/internal/i420"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// within fails the test if c is not ready in time: only then does it wait.
func within[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// painted makes a picture that tells which one it is by its brightness, with a
// moving block and some noise.
func painted(pool *i420.Pool, w, h, i int) *i420.Picture {
	p := pool.Get(w, h)
	rnd := rand.New(rand.NewPCG(uint64(i), 1))
	for y := range h {
		for x := range w {
			v := 60 + (x*y)%64
			if (x+i*3)%w < w/4 {
				v = 180
			}
			p.Y[y*p.YStride+x] = byte(v + rnd.IntN(4))
		}
	}
	for j := range p.Cb {
		p.Cb[j], p.Cr[j] = 110, 140
	}
	p.CapturedAt = time.Now()
	return p
}

// fakeCamera gives the pictures that the test feeds.
type fakeCamera struct {
	pictures chan *i420.Picture
	fail     chan error
	closed   chan struct{}
	once     sync.Once
}

func newFakeCamera() *fakeCamera {
	return &fakeCamera{pictures: make(chan *i420.Picture), fail: make(chan error, 1), closed: make(chan struct{})}
}

func (c *fakeCamera) Read() (*i420.Picture, error) {
	select {
	case p := <-c.pictures:
		return p, nil
	case err := <-c.fail:
		return nil, err
	case <-c.closed:
		return nil, engine.ErrClosed
	}
}

func (c *fakeCamera) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

// give hands a picture to whoever reads the camera.
func (c *fakeCamera) give(t *testing.T, p *i420.Picture) {
	t.Helper()
	select {
	case c.pictures <- p:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody reads the camera")
	}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
