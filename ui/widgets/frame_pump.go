package widgets

import (
	"slices"
	"sync"
	"time"
)

// FramePump moves pictures from the engine's goroutines to the screen for all
// views of one window.
//
//	ShowFrame (engine) → pending slot of the view → one posted flush → image
//
// Fyne's queue to the main goroutine is unbounded and repaints the whole
// window, so at most one flush is posted at any time and it serves every view:
// pictures that arrive meanwhile replace each other in their slots. Pictures of
// a view that follows post none as long as those of another view come: drawing
// the window costs the same for one new picture as for two.
type FramePump struct {
	do  func(func())
	now func() time.Time

	mu      sync.Mutex
	led     time.Time // when a view that does not follow last had a picture
	views   []*VideoView
	posted  bool
	stopped bool
}

// NewFramePump posts through do, e.g. fyne.Do.
func NewFramePump(do func(func())) *FramePump { return &FramePump{do: do, now: time.Now} }

func (p *FramePump) add(v *VideoView) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.views = append(p.views, v)
}

// Remove forgets a view that is not needed any more. It must be inactive.
func (p *FramePump) Remove(v *VideoView) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// A copy: flush may be walking the old one.
	p.views = slices.DeleteFunc(slices.Clone(p.views), func(other *VideoView) bool { return other == v })
}

// leadership is for how long followers wait for a view that leads: less than
// three pictures of a slow camera.
const leadership = 150 * time.Millisecond

// wake posts a flush unless one is on its way, or one is bound to come. Any
// goroutine may call it.
func (p *FramePump) wake(follow bool) {
	p.mu.Lock()
	now := p.now()
	if !follow {
		p.led = now
	}
	if p.posted || p.stopped || follow && now.Sub(p.led) < leadership {
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
