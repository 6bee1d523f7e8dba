package video

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine/internal/i420"
)

// opened makes an opener that reports each camera it opens.
func opened(cameras chan<- *fakeCamera) Opener {
	return func(context.Context) (Source, error) {
		c := newFakeCamera()
		cameras <- c
		return c, nil
	}
}

func TestHubOpensForTheFirstAndClosesAfterTheLast(t *testing.T) {
	var pool i420.Pool
	h := NewHub(nil)
	defer h.Close()
	cameras := make(chan *fakeCamera, 4)
	h.SetOpener(opened(cameras))
	select {
	case <-cameras:
		t.Fatal("opened for nobody")
	default:
	}
	a, b := make(chan int, 9), make(chan int, 9)
	cancelA := h.Subscribe(func(p *i420.Picture) { a <- p.Width() })
	camera := within(t, cameras, "camera")
	cancelB := h.Subscribe(func(p *i420.Picture) { b <- p.Width() })
	camera.give(t, pool.Get(10, 10))
	if within(t, a, "picture for a") != 10 || within(t, b, "picture for b") != 10 {
		t.Error("another picture was delivered")
	}
	cancelA()
	cancelA()
	camera.give(t, pool.Get(12, 10))
	if within(t, b, "second picture for b") != 12 {
		t.Error("another picture was delivered")
	}
	cancelB()
	within(t, camera.closed, "closing of the camera")
	if len(a) != 0 {
		t.Error("delivered after cancel")
	}
	cancel := h.Subscribe(func(*i420.Picture) {})
	again := within(t, cameras, "camera again")
	cancel()
	within(t, again.closed, "closing again")
}

func TestHubSwapsLive(t *testing.T) {
	var pool i420.Pool
	h := NewHub(nil)
	defer h.Close()
	cameras := make(chan *fakeCamera, 4)
	widths := make(chan int, 4)
	defer h.Subscribe(func(p *i420.Picture) { widths <- p.Width() })()
	h.SetOpener(opened(cameras))
	first := within(t, cameras, "camera")
	h.SetOpener(opened(cameras))
	second := within(t, cameras, "other camera")
	within(t, first.closed, "closing of the first")
	second.give(t, pool.Get(20, 10))
	if within(t, widths, "picture") != 20 {
		t.Error("not from the second camera")
	}
	h.SetOpener(nil)
	within(t, second.closed, "closing of the second")
}

func TestHubSlowSubscriberGetsTheNewest(t *testing.T) {
	var pool i420.Pool
	h := NewHub(nil)
	defer h.Close()
	cameras := make(chan *fakeCamera, 1)
	h.SetOpener(opened(cameras))
	busy, resume := make(chan struct{}), make(chan struct{})
	var widths []int
	done := make(chan struct{})
	defer h.Subscribe(func(p *i420.Picture) {
		widths = append(widths, p.Width())
		if len(widths) == 1 {
			close(busy)
			<-resume
		} else {
			close(done)
		}
	})()
	camera := within(t, cameras, "camera")
	camera.give(t, pool.Get(2, 2))
	within(t, busy, "delivery")
	fast := make(chan int, 9)
	defer h.Subscribe(func(p *i420.Picture) { fast <- p.Width() })()
	for w := 4; w <= 12; w += 2 {
		camera.give(t, pool.Get(w, 2))
		within(t, fast, "picture for the fast one")
	}
	close(resume)
	within(t, done, "second delivery")
	if widths[1] != 12 {
		t.Errorf("the slow one got %v", widths)
	}
}

func TestHubRetriesWithBackOffAndTellsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		defer h.Close()
		var told []string
		h.OnProblem(func(err error) { told = append(told, err.Error()) })
		var tries []time.Duration
		begun := time.Now()
		broken := errors.New("busy")
		h.SetOpener(func(context.Context) (Source, error) {
			tries = append(tries, time.Since(begun))
			if len(tries) == 5 {
				c := newFakeCamera()
				c.fail <- errors.New("unplugged")
				return c, nil
			}
			return nil, broken
		})
		cancel := h.Subscribe(func(*i420.Picture) {})
		time.Sleep(60 * time.Second) // of the bubble's own clock
		cancel()
		synctest.Wait()
		if len(told) != 3 || told[0] != "busy" || told[1] != "unplugged" || told[2] != "busy" {
			t.Errorf("told %q", told)
		}
		if len(tries) < 7 || len(tries) > 12 || tries[1]-tries[0] != firstRetry || tries[2]-tries[1] != 2*firstRetry {
			t.Errorf("tried at %v", tries)
		}
		n := len(tries)
		time.Sleep(time.Minute)
		if len(tries) != n {
			t.Error("tried for nobody")
		}
	})
}

func TestHubNobodyWaitsForASlowCamera(t *testing.T) {
	h := NewHub(nil)
	entered, leave := make(chan struct{}), make(chan struct{})
	h.SetOpener(func(context.Context) (Source, error) {
		close(entered)
		<-leave // a driver that hangs, and takes no notice of the context
		return newFakeCamera(), nil
	})
	cancel := h.Subscribe(func(*i420.Picture) {})
	within(t, entered, "opening")
	cancel()         // all of these
	h.SetOpener(nil) // would hang
	h.Subscribe(func(*i420.Picture) {})()
	close(leave)
	h.Close()
	h.Close()
	h.Subscribe(func(*i420.Picture) { t.Error("delivered after Close") })()
}
