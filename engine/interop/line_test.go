package interop

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// line is one direction of a network path, in user space: packets wait as the
// path would let them wait, in order, or are lost.
type line struct {
	delay  time.Duration // of every packet
	jitter time.Duration // up to so much more, evenly spread
	loss   float64       // 0 to 1, of each packet by itself
	rate   atomic.Int64  // bit/s; 0 for no limit
	room   time.Duration // the longest that a packet waits for the rate; the rest is dropped

	bytes         atomic.Int64 // that came in
	passed, taken atomic.Int64 // packets

	mu      sync.Mutex
	free    time.Time // when the last packet has left the bottleneck
	last    time.Time // when the last packet arrives
	waiting chan parcel
}

// parcel is a packet under way.
type parcel struct {
	due     time.Time
	deliver func()
}

// parcels bounds the packets under way: 4 s of 2.5 Mbit/s.
const parcels = 1024

func newLine(how conditions) *line {
	l := &line{delay: how.delay, jitter: how.jitter, loss: how.loss, room: how.room, waiting: make(chan parcel, parcels)}
	l.rate.Store(how.rate)
	return l
}

// carry lets what was sent arrive until the channel is closed.
func (l *line) carry() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for p := range l.waiting {
		if wait := time.Until(p.due); wait > 0 {
			timer.Reset(wait)
			<-timer.C
		}
		p.deliver()
	}
}

// straight: packets pass at once, or not at all.
func (l *line) straight() bool { return l.delay == 0 && l.jitter == 0 && l.rate.Load() == 0 }

// send takes a packet of that size. deliver is called when it arrives, on the
// goroutine of the caller or of carry.
func (l *line) send(size int, deliver func()) {
	l.bytes.Add(int64(size))
	if rand.Float64() < l.loss {
		l.taken.Add(1)
		return
	}
	if l.straight() {
		l.passed.Add(1)
		deliver()
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	left := now
	if rate := l.rate.Load(); rate > 0 {
		if l.free.Sub(now) > l.room {
			l.taken.Add(1)
			return
		}
		if l.free.After(now) {
			left = l.free
		}
		const header = 28 // IPv4 and UDP
		left = left.Add(time.Duration(float64(8*(size+header)) / float64(rate) * float64(time.Second)))
		l.free = left
	}
	due := left.Add(l.delay)
	if l.jitter > 0 {
		due = due.Add(rand.N(l.jitter))
	}
	if due.Before(l.last) {
		due = l.last
	}
	select {
	case l.waiting <- parcel{due, deliver}:
		l.last = due
		l.passed.Add(1)
	default:
		l.taken.Add(1)
	}
}
