package congestion

import "time"

// Urgency orders what waits in a Pacer.
type Urgency int

// The urgencies. Sound is not among them: it does not wait at all.
const (
	Again Urgency = iota // retransmissions: somebody waits for them already
	Media                // video in its order
	urgencies
)

// Bounds of a Pacer.
const (
	// maxWait is how long the last packet in a Pacer waits at most: above, all
	// go faster than the rate says. What is older than that is worth nothing,
	// and what depends on it neither.
	maxWait = 350 * time.Millisecond
	// maxQueued bounds the packets of a sender that does not listen to the
	// rate: 10 Mbit/s for two seconds.
	maxQueued = 2048
	// slack is what packets may leave early, so that those of a picture leave in
	// a few bursts: each waking up costs both ends more than the packets do, and
	// no queue grows by two milliseconds.
	slack = 2 * time.Millisecond
	// initialWindow is how many bytes leave without any pace at the beginning: what
	// every path may be given before it is known (RFC 6928). The first picture is
	// mostly smaller.
	initialWindow = 10 * 1460
	// maxLag is what is made up for when packets leave late: timers are late by
	// a millisecond or two, and on a busy machine more.
	maxLag = 10 * time.Millisecond
)

// Pacer spreads packets over time. It has no clock, goroutine or lock. T is
// what waits in it.
type Pacer[T any] struct {
	rate    int // bit/s
	stopped bool
	queues  [urgencies]queue[T]
	bytes   int       // that wait
	left    int       // bytes that have left, up to initialWindow
	free    time.Time // when the next packet may leave
}

type queue[T any] struct {
	items []item[T]
	head  int
}

type item[T any] struct {
	value T
	size  int
}

func (q *queue[T]) empty() bool { return q.head == len(q.items) }

func (q *queue[T]) push(i item[T]) {
	if q.head > 64 && q.head*2 > len(q.items) { // move up, seldom
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, i)
}

func (q *queue[T]) pop() item[T] {
	i := q.items[q.head]
	q.items[q.head] = item[T]{}
	q.head++
	if q.empty() {
		q.items, q.head = q.items[:0], 0
	}
	return i
}

// Clear drops what waits.
func (p *Pacer[T]) Clear() {
	for u := range p.queues {
		clear(p.queues[u].items)
		p.queues[u] = queue[T]{items: p.queues[u].items[:0]}
	}
	p.bytes = 0
}

// SetRate sets how fast packets leave, in bits a second; 0 stops them.
func (p *Pacer[T]) SetRate(bps int) { p.rate, p.stopped = max(bps, 1000), bps <= 0 }

// Stopped reports whether nothing leaves until the rate is another one.
func (p *Pacer[T]) Stopped() bool { return p.stopped }

// Push lets a packet wait for its turn. It reports false, and takes nothing,
// when too many wait.
func (p *Pacer[T]) Push(value T, size int, u Urgency, now time.Time) bool {
	queued := p.Queued()
	if queued >= maxQueued {
		return false
	}
	if queued == 0 && p.free.Before(now) {
		p.free = now // time that nobody used is not saved up
	}
	p.queues[u].push(item[T]{value, size})
	p.bytes += size
	return true
}

// Queued is how many packets wait.
func (p *Pacer[T]) Queued() int {
	n := 0
	for u := range p.queues {
		n += len(p.queues[u].items) - p.queues[u].head
	}
	return n
}

// Bytes is how many bytes wait.
func (p *Pacer[T]) Bytes() int { return p.bytes }

// speed is the rate, or more where the last packet would wait too long.
func (p *Pacer[T]) speed() float64 {
	return max(float64(p.rate), float64(p.bytes)*8/maxWait.Seconds(), 1000)
}

// Delay is how long a packet waits that is pushed now.
func (p *Pacer[T]) Delay() time.Duration {
	return time.Duration(float64(p.bytes) * 8 / p.speed() * float64(time.Second))
}

// Pop gives the packet that leaves now, if one may.
func (p *Pacer[T]) Pop(now time.Time) (value T, size int, ok bool) {
	if p.stopped || p.bytes == 0 && p.Queued() == 0 || p.free.Sub(now) > slack {
		return value, 0, false
	}
	for u := range p.queues {
		if q := &p.queues[u]; !q.empty() {
			speed := p.speed()
			i := q.pop()
			p.bytes -= i.size
			p.spend(i.size, speed, now)
			return i.value, i.size, true
		}
	}
	return value, 0, false
}

func (p *Pacer[T]) spend(size int, speed float64, now time.Time) {
	if p.left < initialWindow {
		p.left += size
		return
	}
	if behind := now.Add(-maxLag); p.free.Before(behind) {
		p.free = behind
	}
	p.free = p.free.Add(time.Duration(float64(size) * 8 / speed * float64(time.Second)))
}

// Free is when the next packet may leave.
func (p *Pacer[T]) Free() time.Time { return p.free }
