package video

import (
	"sync"

	"tring/engine"
	"tring/engine/internal/i420"
)

// Renderer brings pictures to a sink: scaled to fit, in RGBA, the newest first.
type Renderer struct {
	sink    engine.VideoSink
	mirror  bool
	slot    *slot
	buffers rgbaPool
	close   sync.Once
	ended   chan struct{}
}

// NewRenderer starts a renderer; Close ends it. mirror exchanges left and right.
func NewRenderer(sink engine.VideoSink, mirror bool) *Renderer {
	r := &Renderer{sink: sink, mirror: mirror, slot: newSlot(), ended: make(chan struct{})}
	go r.run() // Close waits for ended
	return r
}

// Show has p drawn, unless a newer one comes first. It never blocks.
func (r *Renderer) Show(p *i420.Picture) { r.slot.put(p) }

// Refresh draws the last picture again, for a sink whose size has changed or
// that can be seen again. It never blocks.
func (r *Renderer) Refresh() { r.slot.wake() }

// Close ends drawing and waits for a ShowFrame under way: none comes later. It
// must not be called from ShowFrame. More than one call does no harm.
func (r *Renderer) Close() error {
	r.close.Do(r.slot.close)
	<-r.ended
	return nil
}

func (r *Renderer) run() {
	defer close(r.ended)
	var last *i420.Picture // kept for Refresh
	defer func() {
		if last != nil {
			last.Release()
		}
	}()
	for range r.slot.filled {
		p, open := r.slot.take()
		if p != nil {
			if last != nil {
				last.Release()
			}
			last = p
		}
		if !open {
			return
		}
		if last != nil {
			r.draw(last)
		}
	}
}

func (r *Renderer) draw(p *i420.Picture) {
	boxW, boxH := r.sink.TargetSize()
	w, h := i420.Fit(p.Width(), p.Height(), boxW, boxH)
	if w == 0 || h == 0 {
		return
	}
	pix := r.buffers.get(4 * w * h)
	if err := i420.ScaleToRGBA(pix, w, h, p, r.mirror); err != nil {
		r.buffers.put(pix)
		return // a size that no screen has: nothing can be shown
	}
	r.sink.ShowFrame(engine.Frame{
		Pix: pix, Width: w, Height: h,
		SourceWidth: p.Width(), SourceHeight: p.Height(),
		Release: sync.OnceFunc(func() { r.buffers.put(pix) }),
	})
}

// rgbaPool keeps a few buffers of one size.
type rgbaPool struct {
	mu   sync.Mutex
	free [][]byte
}

// maxBuffers is what a view holds at most: shown, waiting, being drawn, and one
// on its way back.
const maxBuffers = 4

func (l *rgbaPool) get(n int) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last := len(l.free) - 1; last >= 0 && len(l.free[last]) == n {
		b := l.free[last]
		l.free = l.free[:last]
		return b
	}
	l.free = nil // of another size, of no use any more
	return make([]byte, n)
}

func (l *rgbaPool) put(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.free) > 0 && len(l.free[0]) != len(b) {
		l.free = nil // the view has changed its size
	}
	if len(l.free) < maxBuffers {
		l.free = append(l.free, b)
	}
}
