package device

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"
)

// noCard fails the test if a real device is asked for.
func noCard(t *testing.T) cardOpener {
	return func(context.Context, cardWish, cardEvents, *slog.Logger) (card, error) {
		t.Error("a sound card was opened")
		return nil, noSound(nil)
	}
}

// taken collects what a SoundIO captures.
type taken struct {
	mu  sync.Mutex
	pcm []float32
}

func (c *taken) capture(pcm []float32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pcm = append(c.pcm, pcm...)
}

func (c *taken) get() []float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]float32(nil), c.pcm...)
}

// fakeCard calls back from its own goroutine.
type fakeCard struct {
	events cardEvents
	pace   time.Duration // for 480 samples
	stop   chan struct{}
	ended  chan struct{}
	dead   chan struct{} // closed: it stops calling back
	deaf   chan struct{} // closed: its microphone stops calling back
	mute   chan struct{} // closed: its speaker stops calling back
	exited chan struct{} // closed: running() is false
	once   sync.Once
}

func newFakeCard(pace time.Duration) *fakeCard {
	c := &fakeCard{pace: pace}
	for _, ch := range []*chan struct{}{&c.stop, &c.ended, &c.dead, &c.deaf, &c.mute, &c.exited} {
		*ch = make(chan struct{})
	}
	return c
}

func isClosed(ch chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func (c *fakeCard) open(_ context.Context, wish cardWish, events cardEvents, _ *slog.Logger) (card, error) {
	c.events = events
	go func() {
		defer close(c.ended)
		var in, out []float32
		for n := 0; ; n++ {
			select {
			case <-c.stop:
				return
			case <-c.dead:
				<-c.stop
				return
			case <-time.After(c.pace):
			}
			if wish.microphone != "" {
				in = make([]float32, tickSamples)
				fillWith(in, 0.5)
			}
			if wish.speaker != "" {
				out = make([]float32, tickSamples)
				fillWith(out, 9)
			}
			if out != nil && !isClosed(c.mute) {
				events.played(out)
			}
			if in != nil && !isClosed(c.deaf) {
				events.captured(in)
			}
			for _, v := range out {
				if v == 9 && !isClosed(c.mute) {
					panic("the speaker gets what was not written")
				}
			}
		}
	}()
	return c, nil
}

func fillWith(pcm []float32, v float32) {
	for i := range pcm {
		pcm[i] = v
	}
}

func (c *fakeCard) names() (string, string) { return "Fake microphone", "Fake speaker" }
func (c *fakeCard) running() bool           { return !isClosed(c.exited) }

func (c *fakeCard) close() error {
	c.once.Do(func() { close(c.stop) })
	<-c.ended
	return nil
}
