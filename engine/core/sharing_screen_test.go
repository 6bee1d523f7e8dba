package core_test

import (
	"errors"
	"image"
	"strings"
	"sync"
	"testing"

	"tring/engine"
	"tring/engine/internal/device/screen/x11/x11test"
	"tring/engine/switchboard"
)

// looker remembers the size and the middle of the last picture it was shown.
type looker struct {
	mu            sync.Mutex
	width, height int
	middle        [3]int
}

func (*looker) TargetSize() (int, int) { return 320, 240 }

func (l *looker) ShowFrame(f engine.Frame) {
	defer f.Release()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.width, l.height = f.SourceWidth, f.SourceHeight
	at := 4 * (f.Height/2*f.Width + f.Width/2)
	for i := range l.middle {
		l.middle[i] = int(f.Pix[at+i])
	}
}

// sees reports whether the last picture has a shape and a colour (0xRRGGBB).
func (l *looker) sees(w, h int, colour uint32) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.width == 0 || l.width*h != l.height*w {
		return false
	}
	for i, v := range l.middle {
		if d := v - int(colour>>(16-8*i)&0xff); d < -25 || d > 25 {
			return false
		}
	}
	return true
}

const (
	red   = 0xd02020
	green = 0x20a030
)

// shared is two people in a call, one of whom can share an X server's screens.
type shared struct {
	client *x11test.Client
	a, b   *phone
	at, bt engine.CallID
	own    *looker // what a sees of what is sent
	far    *looker // what b gets
}

func share(t *testing.T, video bool) *shared {
	t.Helper()
	s := &shared{client: x11test.Start(t).Client(t), own: new(looker), far: new(looker)}
	s.client.Paint(s.client.Root(), green)
	s.client.Point(5, 5) // out of the way
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	s.a, s.b = o.phone("alice"), o.phone("bob")
	s.at, s.bt = connect(s.a, s.b, video)
	t.Cleanup(s.a.AttachVideo(s.at, engine.LocalVideo, s.own))
	t.Cleanup(s.b.AttachVideo(s.bt, engine.RemoteVideo, s.far))
	return s
}

// id finds what is listed under a name.
func (s *shared) id(t *testing.T, name string) string {
	t.Helper()
	screens, err := s.a.Screens(t.Context())
	s.a.must(err)
	for _, found := range screens {
		if found.Name == name {
			return found.ID
		}
	}
	t.Fatalf("%q is not listed: %+v", name, screens)
	return ""
}

func (s *shared) sharing() bool {
	c, _ := s.a.Snapshot().Call(s.at)
	return c.ScreenShared
}

func TestScreenInAVoiceCall(t *testing.T) {
	s := share(t, false)
	s.a.must(s.a.ShareScreen(s.at, s.id(t, "Screen 1 (800×600)")))
	s.a.awaitOperation("addVideo", "finish")
	s.b.awaitMedia("video")
	waitFor(t, "the screen at the far end", func() bool { return s.far.sees(800, 600, green) })
	waitFor(t, "the screen at home", func() bool { return s.own.sees(800, 600, green) })
	if c, _ := s.a.Snapshot().Call(s.at); !c.ScreenShared || !c.SendingVideo {
		t.Errorf("alice: %+v", c)
	}
	s.client.Paint(s.client.Root(), red)
	waitFor(t, "the change at the far end", func() bool { return s.far.sees(800, 600, red) })
	s.a.must(s.a.ShareScreen(s.at, ""))
	s.a.awaitOperation("removeVideo", "finish")
	waitFor(t, "no video any more", func() bool {
		b, _ := s.b.Snapshot().Call(s.bt)
		return !s.sharing() && !b.RemoteVideo && b.State == engine.Connected
	})
}

func TestWindowInsteadOfTheCamera(t *testing.T) {
	s := share(t, true)
	window := s.client.Window("slides", image.Rect(100, 100, 500, 300), red)
	other := s.client.Window("other", image.Rect(200, 100, 500, 400), green)
	s.a.must(s.a.ShareScreen(s.at, s.id(t, "slides")))
	waitFor(t, "the window at the far end", func() bool { return s.far.sees(400, 200, red) })
	s.a.must(s.a.ShareScreen(s.at, s.id(t, "other")))
	waitFor(t, "the other window", func() bool { return s.far.sees(300, 300, green) })
	s.client.Resize(other, 300, 100)
	waitFor(t, "the other window's new size", func() bool { return s.far.sees(300, 100, green) })
	s.client.Destroy(window) // not shown any more
	s.a.must(s.a.ShareScreen(s.at, ""))
	waitFor(t, "the camera again", func() bool {
		s.far.mu.Lock()
		defer s.far.mu.Unlock()
		return !s.sharing() && s.far.width*3 == s.far.height*4 && s.far.width > 0
	})
	if c, _ := s.a.Snapshot().Call(s.at); !c.SendingVideo {
		t.Error("alice's camera stays off")
	}
}

func TestSharedWindowCloses(t *testing.T) {
	s := share(t, false)
	window := s.client.Window("letter", image.Rect(100, 100, 500, 300), red)
	id := s.id(t, "letter")
	s.a.must(s.a.ShareScreen(s.at, id))
	s.b.awaitMedia("video")
	waitFor(t, "the window at the far end", func() bool { return s.far.sees(400, 200, red) })
	s.client.Destroy(window)
	ev := s.a.await("call:error", func(ev engine.Event) bool { return ev.Name == engine.EventCallError })
	if ev.Problem == nil || !strings.Contains(ev.Problem.Cause, `"letter" was closed`) || !errors.Is(ev.Problem, engine.ErrDeviceMissing) {
		t.Errorf("alice is told %v", ev.Problem)
	}
	s.a.awaitOperation("removeVideo", "finish")
	before, err := s.b.Stats(t.Context(), s.bt)
	s.b.must(err)
	waitFor(t, "sound that goes on", func() bool {
		now, err := s.b.Stats(t.Context(), s.bt)
		call, _ := s.b.Snapshot().Call(s.bt)
		return err == nil && !s.sharing() && call.State == engine.Connected && !call.RemoteVideo &&
			now.Audio.Inbound.Energy > before.Audio.Inbound.Energy
	})
	// The same again cannot be shared, and the call is none the worse for it.
	s.a.must(s.a.ShareScreen(s.at, id))
	s.a.await("call:error", func(ev engine.Event) bool { return ev.Name == engine.EventCallError && ev.Problem != nil })
	waitFor(t, "the end of sharing", func() bool { return !s.sharing() })
}

func TestScreensOfAWaylandSession(t *testing.T) {
	t.Setenv("XDG_SESSION_TYPE", "wayland")
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	_, err := o.phone("alice").Screens(t.Context())
	if p := new(engine.Problem); !errors.As(err, &p) || !strings.Contains(p.Cause, "portal") || !errors.Is(err, engine.ErrNotSupported) {
		t.Errorf("got %v", err)
	}
}
