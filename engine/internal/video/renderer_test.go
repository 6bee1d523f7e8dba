package video

import (
	"bytes"
	"image/png"
	"sync/atomic"
	"testing"

	"tring/engine"
	"tring/engine/internal/i420"
)

// screen is a sink whose frames come out of a channel.
type screen struct {
	size   atomic.Int64
	asked  chan struct{} // one entry for each question for the size
	frames chan engine.Frame
}

func newScreen(w, h int) *screen {
	s := &screen{asked: make(chan struct{}, 64), frames: make(chan engine.Frame)}
	s.resize(w, h)
	return s
}

func (s *screen) resize(w, h int) { s.size.Store(int64(w)<<32 | int64(h)) }

func (s *screen) TargetSize() (int, int) {
	s.asked <- struct{}{}
	n := s.size.Load()
	return int(n >> 32), int(n & 0xffffffff)
}

func (s *screen) ShowFrame(f engine.Frame) { s.frames <- f }

func TestRendererFitsAndGivesBuffersBack(t *testing.T) {
	var pool i420.Pool
	s := newScreen(200, 200)
	r := NewRenderer(s, false)
	defer r.Close()
	p := painted(&pool, 320, 180, 0)
	defer p.Release()
	r.Show(p)
	f := within(t, s.frames, "frame")
	if f.Width != 200 || f.Height != 113 || len(f.Pix) != 4*200*113 || f.SourceWidth != 320 || f.SourceHeight != 180 || f.Pix[3] != 255 {
		t.Errorf("%dx%d of %dx%d, %d bytes", f.Width, f.Height, f.SourceWidth, f.SourceHeight, len(f.Pix))
	}
	first := &f.Pix[0]
	f.Release()
	f.Release() // harmless
	r.Refresh()
	f = within(t, s.frames, "frame again")
	if &f.Pix[0] != first {
		t.Error("the buffer was not used again")
	}
	s.resize(640, 100)
	r.Refresh()
	g := within(t, s.frames, "frame of another size")
	if g.Width != 178 || g.Height != 100 {
		t.Errorf("%dx%d", g.Width, g.Height)
	}
	f.Release()
	g.Release()
}

func TestRendererDrawsNothingWhileHidden(t *testing.T) {
	var pool i420.Pool
	s := newScreen(0, 0)
	r := NewRenderer(s, false)
	defer r.Close()
	for i := range 3 {
		p := painted(&pool, 32, 32, i)
		r.Show(p)
		p.Release()
		within(t, s.asked, "question for the size")
	}
	select {
	case <-s.frames:
		t.Error("drawn while hidden")
	default:
	}
	s.resize(64, 64)
	r.Refresh() // shown again: the last picture comes at once
	f := within(t, s.frames, "frame")
	if f.Width != 64 || f.SourceWidth != 32 {
		t.Errorf("%d of %d", f.Width, f.SourceWidth)
	}
	f.Release()
}

func TestRendererShowsTheNewest(t *testing.T) {
	var pool i420.Pool
	s := newScreen(8, 8)
	r := NewRenderer(s, false)
	defer r.Close()
	first := pool.Get(8, 8)
	r.Show(first)
	first.Release()
	within(t, s.asked, "question for the size") // busy in ShowFrame from now on
	for w := 10; w <= 20; w += 2 {
		p := pool.Get(w, w)
		r.Show(p) // would hang if it waited
		p.Release()
	}
	within(t, s.frames, "first").Release()
	f := within(t, s.frames, "second")
	if f.SourceWidth != 20 {
		t.Errorf("picture of %d came next", f.SourceWidth)
	}
	f.Release()
}

func TestRendererCloseIsFinal(t *testing.T) {
	var pool i420.Pool
	s := newScreen(8, 8)
	r := NewRenderer(s, true)
	p := painted(&pool, 8, 8, 0)
	r.Show(p)
	within(t, s.frames, "frame").Release()
	for range 2 {
		r.Close()
	}
	r.Show(p)
	r.Refresh()
	p.Release() // the last owner: Retain would panic had the renderer kept more than it gave back
	if again := pool.Get(8, 8); again != p {
		t.Error("the renderer still owns the picture")
	}
}

func TestRendererMirrors(t *testing.T) {
	var pool i420.Pool
	p := pool.Get(16, 16)
	for i := range p.Y {
		p.Y[i] = 20
		if i%16 >= 8 {
			p.Y[i] = 220
		}
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = 128, 128
	}
	s := newScreen(16, 16)
	r := NewRenderer(s, true)
	defer r.Close()
	r.Show(p)
	p.Release()
	f := within(t, s.frames, "frame")
	defer f.Release()
	if f.Pix[0] < 200 || f.Pix[4*15] > 50 {
		t.Errorf("left %d, right %d", f.Pix[0], f.Pix[4*15])
	}
}

func TestEncodePNG(t *testing.T) {
	var pool i420.Pool
	p := painted(&pool, 33, 21, 0)
	defer p.Release()
	var b bytes.Buffer
	if err := EncodePNG(&b, p); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil || img.Bounds().Dx() != 33 || img.Bounds().Dy() != 21 {
		t.Errorf("%v", err)
	}
}
