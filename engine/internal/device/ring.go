package device

import "sync/atomic"

// ring passes samples from one goroutine or audio thread to another without
// locks. It is bounded: what does not fit is dropped.
type ring struct {
	buffer []float32     // length is a power of two
	taken  atomic.Uint64 // samples read since the beginning
	wrote  atomic.Uint64 // samples written since the beginning
}

// newRing makes a ring of 2^bits samples.
func newRing(bits int) *ring { return &ring{buffer: make([]float32, 1<<bits)} }

// length is how many samples wait to be read.
func (r *ring) length() int { return int(r.wrote.Load() - r.taken.Load()) }

// room is how many samples can be written.
func (r *ring) room() int { return len(r.buffer) - r.length() }

// write appends what fits and says how many that were. One writer.
func (r *ring) write(src []float32) int {
	n := min(len(src), r.room())
	at := r.wrote.Load()
	start := int(at & uint64(len(r.buffer)-1))
	k := copy(r.buffer[start:], src[:n])
	copy(r.buffer, src[k:n])
	r.wrote.Store(at + uint64(n))
	return n
}

// read takes up to len(dst) samples and says how many. One reader.
func (r *ring) read(dst []float32) int {
	n := min(len(dst), r.length())
	at := r.taken.Load()
	start := int(at & uint64(len(r.buffer)-1))
	k := copy(dst[:n], r.buffer[start:])
	copy(dst[k:n], r.buffer)
	r.taken.Store(at + uint64(n))
	return n
}
