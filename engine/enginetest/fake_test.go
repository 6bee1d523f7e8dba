package enginetest

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"

	"tring/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWatchHoldsTheNewest(t *testing.T) {
	f := New()
	ctx, cancel := context.WithCancel(t.Context())
	w := f.Watch(ctx)
	if first := <-w; first.Revision != 0 {
		t.Errorf("first revision %d", first.Revision)
	}
	for range 3 {
		f.Update(func(s *engine.Snapshot) { s.DemoContact = "echo@example.com" })
	}
	if s := <-w; s.Revision != 3 {
		t.Errorf("revision %d, want only the newest, 3", s.Revision)
	}
	cancel()
	if _, open := <-w; open {
		t.Error("not closed with its context")
	}
	f.Update(func(*engine.Snapshot) {}) // must not send to a closed channel
}

func TestEventsLoseTheOldest(t *testing.T) {
	f := New()
	events := f.Events(t.Context())
	for range eventBuffer + 5 {
		f.Emit(engine.Event{Name: engine.EventNotice})
	}
	f.Emit(engine.Event{Name: engine.EventCallStart})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var last engine.Event
	count := 0
	for e := range events {
		last = e
		count++
	}
	if count != eventBuffer || last.Name != engine.EventCallStart {
		t.Errorf("%d events, the last is %s", count, last.Name)
	}
	if _, open := <-f.Events(t.Context()); open {
		t.Error("events of a closed engine")
	}
	if _, open := <-f.Watch(t.Context()); open {
		t.Error("snapshots of a closed engine")
	}
}

func TestActionsAndFailures(t *testing.T) {
	f := New()
	id, err := f.Call("bob", engine.CallOptions{Video: true})
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	f.Fail("Accept", engine.ErrWrongState)
	if err := f.Accept("in-1", false); !errors.Is(err, engine.ErrWrongState) {
		t.Errorf("got %v", err)
	}
	got := f.Actions()
	if len(got) != 2 || got[0].String() != "Call bob true" || got[1].String() != "Accept in-1 false" {
		t.Errorf("recorded %v", got)
	}
	if len(f.Actions()) != 0 {
		t.Error("Actions must forget")
	}
}

// sink takes frames of one size.
type sink struct {
	width, height int
	frames        []engine.Frame
}

func (s *sink) TargetSize() (int, int)   { return s.width, s.height }
func (s *sink) ShowFrame(f engine.Frame) { s.frames = append(s.frames, f) }

func TestPush(t *testing.T) {
	f, s := New(), &sink{width: 640, height: 640}
	detach := f.AttachVideo("c", engine.RemoteVideo, s)
	if n := f.Push("c", engine.RemoteVideo, 1280, 720, nil); n != 1 {
		t.Fatalf("%d sinks took it", n)
	}
	if got := s.frames[0]; got.Width != 640 || got.Height != 360 || got.SourceWidth != 1280 || len(got.Pix) != 4*640*360 {
		t.Errorf("got %dx%d from %d with %d bytes", got.Width, got.Height, got.SourceWidth, len(got.Pix))
	}
	s.width = 0
	if f.Push("c", engine.RemoteVideo, 1280, 720, nil) != 0 {
		t.Error("pushed to a sink that cannot be seen")
	}
	detach()
	if f.Attached("c", engine.RemoteVideo) || f.Push("c", engine.RemoteVideo, 8, 8, nil) != 0 {
		t.Error("still attached")
	}
	s.frames[0].Release()
	s.frames[0].Release()
	if given, released, twice := f.Frames(); given != 1 || released != 1 || twice != 1 {
		t.Errorf("counted %d %d %d", given, released, twice)
	}
}
