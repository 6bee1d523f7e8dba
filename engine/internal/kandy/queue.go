package kandy

import (
	"context"
	"sync"

	"tring/engine/internal/signaling"
)

// queue hands events over in order without ever blocking whoever has one: a
// slow reader makes it grow.
type queue struct {
	out chan signaling.Event

	mu      sync.Mutex
	waiting []signaling.Event
	more    chan struct{} // holds one when waiting is not empty
}

func newQueue() *queue {
	return &queue{out: make(chan signaling.Event), more: make(chan struct{}, 1)}
}

// put adds events as one step.
func (q *queue) put(events ...signaling.Event) {
	if len(events) == 0 {
		return
	}
	q.mu.Lock()
	q.waiting = append(q.waiting, events...)
	q.mu.Unlock()
	select {
	case q.more <- struct{}{}:
	default:
	}
}

// run delivers until ctx ends, and then closes out.
func (q *queue) run(ctx context.Context) {
	defer close(q.out)
	for {
		select {
		case <-ctx.Done():
			return
		case <-q.more:
		}
		q.mu.Lock()
		batch := q.waiting
		q.waiting = nil
		q.mu.Unlock()
		for _, e := range batch {
			select {
			case <-ctx.Done():
				return
			case q.out <- e:
			}
		}
	}
}
