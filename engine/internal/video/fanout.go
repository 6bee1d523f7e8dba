package video

import (
	"log/slog"
	"sync"

	"tring/engine/internal/i420"
)

// fanout delivers pictures to any number of subscribers, each on a goroutine
// and through a slot of its own, so that a slow one only misses pictures
// itself.
type fanout struct {
	running sync.WaitGroup

	mu     sync.Mutex
	slots  map[*slot]struct{}
	closed bool
}

// subscribe starts a delivery; first, which may be nil, is delivered at once.
// The picture belongs to deliver until it returns, unless it retains it. After
// close there are no deliveries.
func (f *fanout) subscribe(deliver func(*i420.Picture), first *i420.Picture) (cancel func()) {
	s := newSlot()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return func() {}
	}
	if f.slots == nil {
		f.slots = make(map[*slot]struct{})
	}
	f.slots[s] = struct{}{}
	if first != nil {
		s.put(first)
	}
	f.running.Go(func() {
		for range s.filled {
			p, open := s.take()
			if p != nil {
				deliver(p)
				p.Release()
			}
			if !open {
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		f.mu.Lock()
		delete(f.slots, s)
		f.mu.Unlock()
		s.close()
	})
}

// put delivers p to all. It never blocks.
func (f *fanout) put(p *i420.Picture) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.slots {
		s.put(p)
	}
}

// close ends all deliveries and waits for those under way.
func (f *fanout) close() {
	f.mu.Lock()
	f.closed = true
	for s := range f.slots {
		s.close()
		delete(f.slots, s)
	}
	f.mu.Unlock()
	f.running.Wait()
}

// logger makes nil a logger that says nothing.
func logger(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}
