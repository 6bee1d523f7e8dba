package enginetest

import (
	"sync"
	"sync/atomic"

	"tring/engine"
)

// attachment is one AttachVideo that was not undone yet. Its lock is held
// while ShowFrame runs, so that detaching waits for it.
type attachment struct {
	mu     sync.Mutex
	gone   bool
	call   engine.CallID
	source engine.VideoSource
	sink   engine.VideoSink
}

type frameCount struct{ given, released, twice atomic.Int64 }

// AttachVideo implements Engine.
func (f *Fake) AttachVideo(id engine.CallID, source engine.VideoSource, sink engine.VideoSink) func() {
	a := &attachment{call: id, source: source, sink: sink}
	f.mu.Lock()
	f.attached[a] = struct{}{}
	f.mu.Unlock()
	return func() {
		f.mu.Lock()
		delete(f.attached, a)
		f.mu.Unlock()
		a.mu.Lock()
		defer a.mu.Unlock()
		a.gone = true
	}
}

// Attached reports whether a sink is attached for that picture.
func (f *Fake) Attached(id engine.CallID, source engine.VideoSource) bool {
	return len(f.find(id, source)) > 0
}

// Sinks counts all attached sinks.
func (f *Fake) Sinks() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.attached)
}

func (f *Fake) find(id engine.CallID, source engine.VideoSource) []*attachment {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []*attachment
	for a := range f.attached {
		if a.call == id && a.source == source {
			found = append(found, a)
		}
	}
	return found
}

// Painter fills a picture of the given size: 4 bytes a pixel, RGBA.
type Painter func(pix []byte, width, height int)

// Push shows a picture of the source's size sourceW x sourceH to every sink of
// that source, fitted into its target size as a real engine does. It reports
// how many sinks took it.
func (f *Fake) Push(id engine.CallID, source engine.VideoSource, sourceW, sourceH int, paint Painter) int {
	taken := 0
	for _, a := range f.find(id, source) {
		if f.pushTo(a, sourceW, sourceH, paint) {
			taken++
		}
	}
	return taken
}

func (f *Fake) pushTo(a *attachment, sourceW, sourceH int, paint Painter) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gone {
		return false
	}
	roomW, roomH := a.sink.TargetSize()
	if roomW <= 0 || roomH <= 0 {
		return false
	}
	w, h := Fit(sourceW, sourceH, roomW, roomH)
	frame := f.NewFrame(w, h)
	frame.SourceWidth, frame.SourceHeight = sourceW, sourceH
	if paint != nil {
		paint(frame.Pix, w, h)
	}
	a.sink.ShowFrame(frame)
	return true
}

// Fit is the largest picture of the shape w x h inside roomW x roomH, at least
// one pixel each way.
func Fit(w, h, roomW, roomH int) (int, int) {
	if w*roomH > roomW*h {
		return roomW, max(1, h*roomW/w)
	}
	return max(1, w*roomH/h), roomH
}

// NewFrame is an opaque black frame whose Release is counted.
func (f *Fake) NewFrame(w, h int) engine.Frame {
	f.frames.given.Add(1)
	pix := make([]byte, 4*w*h)
	for i := 3; i < len(pix); i += 4 {
		pix[i] = 255
	}
	var once atomic.Bool
	return engine.Frame{
		Pix: pix, Width: w, Height: h, SourceWidth: w, SourceHeight: h,
		Release: func() {
			if once.Swap(true) {
				f.frames.twice.Add(1)
				return
			}
			f.frames.released.Add(1)
		},
	}
}

// Frames tells how many frames were given out, how many of them came back, and
// how often one came back more than once (which is always a fault).
func (f *Fake) Frames() (given, released, twice int64) {
	return f.frames.given.Load(), f.frames.released.Load(), f.frames.twice.Load()
}
