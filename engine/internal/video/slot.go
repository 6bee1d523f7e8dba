package video

import (
	"sync"

	"tring/engine/internal/i420"
)

// slot hands pictures from one goroutine to another. It has room for one, and
// the newest wins.
type slot struct {
	filled chan struct{} // has one entry when there may be something to take

	mu      sync.Mutex
	picture *i420.Picture
	missed  int // pictures that a newer one came in place of, since misses was asked
	closed  bool
}

func newSlot() *slot { return &slot{filled: make(chan struct{}, 1)} }

// put retains p and leaves it for the taker. It never blocks.
func (s *slot) put(p *i420.Picture) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	old := s.picture
	if old != nil {
		s.missed++
	}
	s.picture = p.Retain()
	s.mu.Unlock()
	if old != nil {
		old.Release()
	}
	s.wake()
}

// wake lets the taker look, even if there is no picture.
func (s *slot) wake() {
	select {
	case s.filled <- struct{}{}:
	default:
	}
}

// take gives what is there, to be released by the caller, or nil; open is false
// after close.
func (s *slot) take() (p *i420.Picture, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, s.picture = s.picture, nil
	return p, !s.closed
}

// misses gives how many pictures were replaced since it was asked last.
func (s *slot) misses() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, s.missed = s.missed, 0
	return n
}

// clear forgets what is there.
func (s *slot) clear() {
	if p, _ := s.take(); p != nil {
		p.Release()
	}
}

// close forgets what is there and everything to come, and wakes the taker.
func (s *slot) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.clear()
	s.wake()
}
