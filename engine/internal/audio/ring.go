package audio

import "sync/atomic"

// ring is a queue of samples for exactly one producer and one consumer, which
// may be real-time threads: no method locks, waits or allocates.
type ring struct {
	buf  []float32     // length is a power of two
	head atomic.Uint64 // samples ever taken; written by the consumer
	tail atomic.Uint64 // samples ever put; written by the producer
}

// ringSamples is room for 341 ms: three of the longest callbacks.
const ringSamples = 1 << 14

func newRing() *ring { return &ring{buf: make([]float32, ringSamples)} }

// len is how many samples wait.
func (r *ring) len() int { return int(r.tail.Load() - r.head.Load()) }

// put appends as much of pcm as there is room for and returns how much.
func (r *ring) put(pcm []float32) int {
	tail := r.tail.Load()
	n := min(len(pcm), len(r.buf)-int(tail-r.head.Load()))
	at := int(tail) & (len(r.buf) - 1)
	first := copy(r.buf[at:], pcm[:n])
	copy(r.buf, pcm[first:n])
	r.tail.Store(tail + uint64(n))
	return n
}

// take fills pcm from the front as far as samples wait and returns how far.
func (r *ring) take(pcm []float32) int {
	head := r.head.Load()
	n := min(len(pcm), int(r.tail.Load()-head))
	at := int(head) & (len(r.buf) - 1)
	first := copy(pcm[:n], r.buf[at:])
	copy(pcm[first:n], r.buf)
	r.head.Store(head + uint64(n))
	return n
}

// skip takes n samples, or as many as wait, and forgets them.
func (r *ring) skip(n int) int {
	head := r.head.Load()
	n = min(n, int(r.tail.Load()-head))
	r.head.Store(head + uint64(n))
	return n
}
