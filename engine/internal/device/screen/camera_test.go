package screen

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

// fakeSource gives a picture when it is told that something changed.
type fakeSource struct {
	pool    *i420.Pool
	changed func() bool
	hidden  bool
	err     error
	took    time.Duration // how long a picture takes
	grabs   int
	freed   int
}

func (f *fakeSource) grab(force bool) (*i420.Picture, error) {
	f.grabs++
	time.Sleep(f.took) // of the bubble's clock
	if f.err != nil || f.hidden || !force && !f.changed() {
		return nil, f.err
	}
	return f.pool.Get(32, 32), nil
}

func (f *fakeSource) abort()      {}
func (f *fakeSource) free() error { f.freed++; return nil }

func always() bool { return true }
func never() bool  { return false }

// count reads for a time and counts.
func count(t *testing.T, c *Camera, d time.Duration) (pictures int) {
	t.Helper()
	for end := time.Now().Add(d); ; {
		p, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		if p.CapturedAt.IsZero() {
			t.Error("no capture time")
		}
		p.Release()
		if !time.Now().Before(end) {
			return pictures
		}
		pictures++
	}
}

func TestSchedule(t *testing.T) {
	for name, c := range map[string]struct {
		fps     float64
		source  fakeSource
		want    int // pictures in ten seconds, and one more is read
		looking int // and looks, about
	}{
		"15 a second":           {15, fakeSource{changed: always}, 150, 150},
		"no rate given":         {0, fakeSource{changed: always}, 150, 150},
		"too much asked":        {10000, fakeSource{changed: always}, 600, 600},
		"unchanged":             {15, fakeSource{changed: never}, 10, 161},
		"slow":                  {15, fakeSource{changed: always, took: 50 * time.Millisecond}, 150, 150},
		"slower than its pace":  {15, fakeSource{changed: always, took: 100 * time.Millisecond}, 100, 100},
		"far slower than that":  {15, fakeSource{changed: always, took: 3 * time.Second}, 4, 4},
		"one in twenty seconds": {0.05, fakeSource{changed: always}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pool := new(i420.Pool)
				src := c.source
				src.pool = pool
				cam := newCamera("x", c.fps, pool, &src)
				got := count(t, cam, 10*time.Second)
				if d := got - c.want; d < -1 || d > 1 {
					t.Errorf("%d pictures in ten seconds, want %d", got, c.want)
				}
				if d := src.grabs - c.looking; d < -2 || d > 2 {
					t.Errorf("looked %d times, want %d", src.grabs, c.looking)
				}
				for range 2 {
					if err := cam.Close(); err != nil {
						t.Error(err)
					}
				}
				if n := src.freed; n != 1 {
					t.Errorf("freed %d times", n)
				}
				if _, err := cam.Read(); !errors.Is(err, engine.ErrClosed) {
					t.Errorf("after Close: %v", err)
				}
			})
		})
	}
}

func TestHiddenKeepsLastPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := new(i420.Pool)
		src := &fakeSource{pool: pool, changed: always}
		cam := newCamera("x", 15, pool, src)
		defer cam.Close()
		first, err := cam.Read()
		if err != nil {
			t.Fatal(err)
		}
		first.Y[5] = 77
		src.hidden = true
		if got := count(t, cam, 10*time.Second); got < 9 || got > 10 {
			t.Errorf("%d repetitions in ten seconds", got)
		}
		again, err := cam.Read()
		if err != nil || again == first || again.Y[5] != 77 {
			t.Errorf("repeated another picture: %v", err)
		}
		again.Release()
		first.Release()
	})
}

func TestFailureStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := new(i420.Pool)
		broken := errors.New("broken")
		src := &fakeSource{pool: pool, err: broken}
		cam := newCamera("x", 15, pool, src)
		for range 3 {
			if _, err := cam.Read(); !errors.Is(err, broken) {
				t.Errorf("got %v", err)
			}
		}
		if src.grabs != 1 {
			t.Errorf("%d attempts", src.grabs)
		}
		if err := cam.Close(); err != nil {
			t.Error(err)
		}
	})
}
