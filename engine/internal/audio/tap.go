package audio

import (
	"slices"
	"sync"
	"time"
)

// tap is somebody who listens to the microphone itself.
type tap struct {
	mu   sync.Mutex
	take func(pcm []float32) // nil after its end
}

func (t *tap) feed(pcm []float32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.take != nil {
		t.take(pcm)
	}
}

// Length is how long sound lasts.
func Length(pcm []float32) time.Duration { return duration(int64(len(pcm))) }

// Tap keeps the microphone open and hands over its sound as it was captured,
// before anything is done to it, 10 ms at a time, until stop is called. take runs
// in the desk's capture goroutine: it must not block, and copies what it keeps.
// Without a device that runs it is not called. stop waits for a take that is
// running and can be called more than once.
func (d *Desk) Tap(take func(pcm []float32)) (stop func()) {
	t := &tap{take: take}
	d.mu.Lock()
	if !d.closed {
		d.taps = append(d.taps, t)
	}
	d.mu.Unlock()
	wake(d.wakeManager)
	return func() {
		d.mu.Lock()
		d.taps = slices.DeleteFunc(d.taps, func(other *tap) bool { return other == t })
		d.mu.Unlock()
		t.mu.Lock()
		t.take = nil
		t.mu.Unlock()
		wake(d.wakeManager)
	}
}
