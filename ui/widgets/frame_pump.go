package widgets

import "sync"

// FramePump moves pictures from the engine's goroutines to the screen for all
// views of one window.
//
//	ShowFrame (engine) → pending slot of the view → one posted flush → image
//
// Fyne's queue to the main goroutine is unbounded and repaints the whole
// window, so at most one flush is posted at any time and it serves every view:
// pictures that arrive meanwhile replace each other in their slots.
type FramePump struct {
	do func(func())

	mu      sync.Mutex
	views   []*VideoView
	posted  bool
	stopped bool
}

// NewFramePump posts through do, e.g. fyne.Do.
func NewFramePump(do func(func())) *FramePump { return &FramePump{do: do} }

func (p *FramePump) add(v *VideoView) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.views = append(p.views, v)
}

// wake posts a flush unless one is on its way. Any goroutine may call it.
func (p *FramePump) wake() {
	p.mu.Lock()
	if p.posted || p.stopped {
		p.mu.Unlock()
		return
	}
	p.posted = true
	p.mu.Unlock()
	p.do(p.flush)
}

func (p *FramePump) flush() {
	p.mu.Lock()
	p.posted = false
	stopped := p.stopped
	views := p.views
	p.mu.Unlock()
	if stopped {
		return
	}
	for _, v := range views {
		v.swap()
	}
}

// Stop gives back every frame; later ones are given back at once. To be called
// on the main goroutine after the sinks were detached.
func (p *FramePump) Stop() {
	p.mu.Lock()
	p.stopped = true
	views := p.views
	p.mu.Unlock()
	for _, v := range views {
		v.SetActive(false)
	}
}
