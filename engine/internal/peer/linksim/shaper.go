package linksim

import (
	"container/heap"
	"sync"
	"time"
)

// Shaper delivers packets as a Link says, in real time.
type Shaper struct {
	mu     sync.Mutex
	link   *Link
	events events
	count  int
	closed bool

	wake chan struct{}
	done chan struct{}
}

// NewShaper makes a line of that kind. Close ends it.
func NewShaper(p Profile, seed uint64) *Shaper {
	s := &Shaper{link: NewLink(p, seed), wake: make(chan struct{}, 1), done: make(chan struct{})}
	go s.run() // Close waits for done
	return s
}

// Change makes another line of it.
func (s *Shaper) Change(p Profile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.Change(p)
}

// Counts gives the packets sent, those of them dropped, and the bytes sent.
func (s *Shaper) Counts() (sent, dropped, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link.Sent, s.link.Dropped, s.link.Bytes
}

// Send hands a copy of b to deliver when it arrives, if it does, from a
// goroutine of the Shaper.
func (s *Shaper) Send(b []byte, deliver func([]byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.link.Send(len(b), time.Now())
	if !ok || s.closed {
		return
	}
	packet := append([]byte(nil), b...)
	s.count++
	heap.Push(&s.events, event{at, s.count, func() { deliver(packet) }})
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Close drops what is on the way and waits for a delivery under way.
func (s *Shaper) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.wake)
	}
	s.mu.Unlock()
	<-s.done
}

func (s *Shaper) run() {
	defer close(s.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case _, open := <-s.wake:
			if !open {
				return
			}
		case <-timer.C:
		}
		timer.Reset(s.deliver())
	}
}

// deliver delivers what is due, and says for how long nothing is.
func (s *Shaper) deliver() time.Duration {
	for {
		s.mu.Lock()
		sleep := time.Hour
		if len(s.events) > 0 {
			sleep = time.Until(s.events[0].at)
		}
		if s.closed || sleep > 0 {
			s.mu.Unlock()
			return sleep
		}
		e := heap.Pop(&s.events).(event) //nolint:forcetypeassert // Send pushes nothing else
		s.mu.Unlock()
		e.f()
	}
}
