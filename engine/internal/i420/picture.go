// Package i420 holds pictures in planar YCbCr 4:2:0, as cameras, VP8 and
// screens exchange them: reference-counted and pooled, with conversion and
// scaling by libyuv (pure Go with the build tag noyuv).
package i420

import (
	"image"
	"sync"
	"sync/atomic"
	"time"
)

// Picture is one I420 picture. Planes have their own strides; chroma planes
// are (width+1)/2 by (height+1)/2.
//
// A Picture is shared by reference counting: whoever keeps it beyond the call
// that handed it over calls Retain, and each owner calls Release once. A
// picture with more than one owner must not be written to.
type Picture struct {
	image.YCbCr
	CapturedAt time.Time // with a monotonic clock; zero if not known

	refs atomic.Int32
	pool *Pool
}

// Retain adds an owner and returns p.
func (p *Picture) Retain() *Picture {
	if p.refs.Add(1) <= 1 {
		panic("i420: Retain after the last Release")
	}
	return p
}

// Release gives up one ownership. After the last the memory goes back to the
// pool.
func (p *Picture) Release() {
	switch n := p.refs.Add(-1); {
	case n < 0:
		panic("i420: Release without ownership")
	case n == 0 && p.pool != nil:
		p.pool.put(p)
	}
}

// Width is in pixels.
func (p *Picture) Width() int { return p.Rect.Dx() }

// Height is in pixels.
func (p *Picture) Height() int { return p.Rect.Dy() }

// Pool lends pictures of any size and keeps the memory of a few for reuse. The
// zero value is ready. A Pool can be shared by goroutines.
type Pool struct {
	mu     sync.Mutex
	free   []*Picture
	pixels int // of all in free
	closed bool
}

// What an idle pool keeps at most: a camera, an encoder, a self-view and a decoder
// each hold two pictures; eight of 1920x1080 take 24 MB. A stranger who sends
// eight megapixels once must not have a hundred megabytes kept for it.
const (
	maxFree       = 8
	maxFreePixels = 17 << 20
)

// Get lends a picture of the size with one owner. Its content is undefined.
func (l *Pool) Get(width, height int) *Picture {
	l.mu.Lock()
	for i := len(l.free) - 1; i >= 0; i-- {
		p := l.free[i]
		if p.Width() == width && p.Height() == height {
			l.removeLocked(i)
			l.mu.Unlock()
			p.CapturedAt = time.Time{}
			p.refs.Store(1)
			return p
		}
	}
	l.mu.Unlock()
	p := &Picture{YCbCr: *image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420), pool: l}
	p.refs.Store(1)
	return p
}

// Close lets go of all memory that is kept. Pictures that are still lent, or
// that are asked for later, go to the garbage collector when they come back. More
// than one call does no harm.
func (l *Pool) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed, l.free, l.pixels = true, nil, 0
}

func (l *Pool) put(p *Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.free = append(l.free, p)
	l.pixels += p.Width() * p.Height()
	for len(l.free) > maxFree || l.pixels > maxFreePixels && len(l.free) > 1 {
		l.removeLocked(0) // sizes change seldom: the oldest is the one of no use
	}
}

// removeLocked takes out one of the free pictures, without leaving a hidden
// reference to it.
func (l *Pool) removeLocked(i int) {
	l.pixels -= l.free[i].Width() * l.free[i].Height()
	last := len(l.free) - 1
	copy(l.free[i:], l.free[i+1:])
	l.free[last] = nil
	l.free = l.free[:last]
}
