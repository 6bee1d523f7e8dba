package core

import (
	"context"
	"sync"

	"tring/engine"
)

// eventBacklog is how far a reader of events may fall behind.
const eventBacklog = 1024

// board hands snapshots and events to their readers. Publishing never blocks.
type board struct {
	mu       sync.Mutex
	current  engine.Snapshot
	watchers map[chan engine.Snapshot]func() bool
	readers  map[chan engine.Event]func() bool
	closed   bool
}

func newBoard() *board {
	return &board{
		watchers: make(map[chan engine.Snapshot]func() bool),
		readers:  make(map[chan engine.Event]func() bool),
	}
}

func (b *board) snapshot() engine.Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.current
}

func (b *board) watch(ctx context.Context) <-chan engine.Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	ch := make(chan engine.Snapshot, 1)
	ch <- b.current
	subscribe(ctx, b, b.watchers, ch)
	return ch
}

func (b *board) events(ctx context.Context) <-chan engine.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	ch := make(chan engine.Event, eventBacklog)
	subscribe(ctx, b, b.readers, ch)
	return ch
}

// subscribe enters ch until ctx or the board ends. The board's lock is held.
func subscribe[T any](ctx context.Context, b *board, all map[chan T]func() bool, ch chan T) {
	if b.closed {
		close(ch)
		return
	}
	all[ch] = context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, ok := all[ch]; ok {
			delete(all, ch)
			close(ch)
		}
	})
}

// publish replaces what a slow watcher has not read yet.
func (b *board) publish(s engine.Snapshot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Revision = b.current.Revision + 1
	b.current = s
	for ch := range b.watchers {
		deliver(ch, s)
	}
}

func (b *board) emit(e engine.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.readers {
		deliver(ch, e)
	}
}

// deliver drops the oldest if ch is full. Only the board sends, under its lock.
func deliver[T any](ch chan T, v T) {
	for {
		select {
		case ch <- v:
			return
		default:
		}
		select {
		case <-ch:
		default:
		}
	}
}

func (b *board) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for ch, stop := range b.watchers {
		stop()
		close(ch)
	}
	for ch, stop := range b.readers {
		stop()
		close(ch)
	}
	clear(b.watchers)
	clear(b.readers)
}
