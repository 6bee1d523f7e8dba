package widgets

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"tring/engine"
	"tring/engine/enginetest"
	"tring/ui/theme"
	"tring/ui/uitest"
)

// stand is a view in a window with a scripted engine's frames.
type stand struct {
	queue *uitest.Queue
	pump  *FramePump
	view  *VideoView
	fake  *enginetest.Fake
}

func newStand(t *testing.T, width, height float32) *stand {
	t.Helper()
	s := &stand{queue: uitest.NewQueue(), fake: enginetest.New()}
	s.pump = NewFramePump(s.queue.Do)
	s.view = NewVideoView(s.pump, false, 0)
	shown(t, s.view, width, height)
	t.Cleanup(s.pump.Stop)
	return s
}

// settle stops everything and checks that each frame came back exactly once.
func (s *stand) settle(t *testing.T) {
	t.Helper()
	s.pump.Stop()
	s.queue.Drain()
	given, released, twice := s.fake.Frames()
	if given != released || twice != 0 {
		t.Errorf("%d frames given, %d released, %d of them more than once", given, released, twice)
	}
}

func TestTargetSize(t *testing.T) {
	s := newStand(t, 640, 360)
	check := func(when string, wantW, wantH int) {
		t.Helper()
		if w, h := s.view.TargetSize(); w != wantW || h != wantH {
			t.Errorf("%s: target is %dx%d, want %dx%d", when, w, h, wantW, wantH)
		}
	}
	check("inactive", 0, 0)
	s.view.SetActive(true)
	check("active", 640, 360)
	s.view.Hide()
	check("hidden", 0, 0)
	s.view.Show()
	check("shown again", 640, 360)
	c := fyne.CurrentApp().Driver().CanvasForObject(s.view).(test.WindowlessCanvas)
	c.SetScale(1.5)
	s.view.Refresh()
	check("at scale 1.5", 960, 540)
	s.view.SetActive(false)
	check("inactive again", 0, 0)
}

func TestNewestFrameWinsAndEachIsReleasedOnce(t *testing.T) {
	s := newStand(t, 640, 360)
	s.view.SetActive(true)
	var last engine.Frame
	for range 5 {
		last = s.fake.NewFrame(640, 360)
		s.view.ShowFrame(last)
	}
	if _, released, _ := s.fake.Frames(); released != 4 {
		t.Errorf("%d frames were released before the flush, want the 4 older ones", released)
	}
	if n := s.queue.Drain(); n != 1 {
		t.Errorf("%d flushes were posted, want 1 for all frames", n)
	}
	if !s.view.HasPicture() || &s.view.picture.Pix[0] != &last.Pix[0] {
		t.Error("the newest frame is not the one on screen")
	}
	if s.view.picture.Stride != 4*640 {
		t.Error("the picture is not tightly packed")
	}
	s.settle(t)
}

func TestOneFlushServesAllViews(t *testing.T) {
	s := newStand(t, 640, 360)
	other := NewVideoView(s.pump, true, 8)
	other.Resize(fyne.NewSize(100, 50))
	s.view.SetActive(true)
	other.SetActive(true)
	s.view.ShowFrame(s.fake.NewFrame(640, 360))
	other.ShowFrame(s.fake.NewFrame(100, 50))
	if n := s.queue.Drain(); n != 1 {
		t.Errorf("%d flushes were posted, want 1", n)
	}
	if !s.view.HasPicture() || !other.HasPicture() {
		t.Error("one of the views got no picture")
	}
	s.settle(t)
}

func TestFramesNobodyWantsComeBack(t *testing.T) {
	s := newStand(t, 640, 360)
	s.view.ShowFrame(s.fake.NewFrame(8, 8)) // not active
	s.view.SetActive(true)
	bad := s.fake.NewFrame(8, 8)
	bad.Width = 9 // more than Pix holds
	s.view.ShowFrame(bad)
	negative := s.fake.NewFrame(8, 8)
	negative.Height = -8
	s.view.ShowFrame(negative)
	if n := s.queue.Drain(); n != 0 {
		t.Errorf("%d flushes were posted for nothing", n)
	}
	s.view.ShowFrame(s.fake.NewFrame(8, 8))
	s.view.SetActive(false) // with one pending
	s.queue.Drain()
	if s.view.HasPicture() {
		t.Error("an inactive view shows a picture")
	}
	s.pump.Stop()
	s.view.SetActive(true)
	s.view.ShowFrame(s.fake.NewFrame(8, 8)) // after the end
	s.view.SetActive(false)
	s.settle(t)
}

func TestLetterbox(t *testing.T) {
	tests := []struct {
		name                string
		frameW, frameH      int
		wantX, wantY        float32
		wantWidth, wantHigh float32
	}{
		{"exact", 640, 360, 0, 0, 640, 360},
		{"pillars", 480, 360, 80, 0, 480, 360},
		{"bars", 640, 320, 0, 20, 640, 320},
		{"made for a smaller view", 320, 180, 0, 0, 640, 360},
		{"made for a larger view", 1280, 960, 80, 0, 480, 360},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStand(t, 640, 360)
			s.view.SetActive(true)
			s.view.ShowFrame(s.fake.NewFrame(tt.frameW, tt.frameH))
			s.queue.Drain()
			at, size := s.view.image.Position(), s.view.image.Size()
			if at != fyne.NewPos(tt.wantX, tt.wantY) || size != fyne.NewSize(tt.wantWidth, tt.wantHigh) {
				t.Errorf("the picture is at %v with %v, want %v,%v and %vx%v", at, size, tt.wantX, tt.wantY, tt.wantWidth, tt.wantHigh)
			}
			s.settle(t)
		})
	}
}

func TestShapeIsToldOnce(t *testing.T) {
	s := newStand(t, 640, 360)
	s.view.SetActive(true)
	var told [][2]int
	s.view.OnShape = func(w, h int) { told = append(told, [2]int{w, h}) }
	for _, size := range [][2]int{{1280, 720}, {1280, 720}, {640, 480}} {
		f := s.fake.NewFrame(64, 36)
		f.SourceWidth, f.SourceHeight = size[0], size[1]
		s.view.ShowFrame(f)
		s.queue.Drain()
	}
	if len(told) != 2 || told[1] != [2]int{640, 480} {
		t.Errorf("told %v, want the two shapes", told)
	}
	s.settle(t)
}

func TestMirror(t *testing.T) {
	f := engine.Frame{Width: 3, Height: 2, Pix: []byte{
		1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 255,
		4, 4, 4, 255, 5, 5, 5, 255, 6, 6, 6, 255,
	}}
	mirror(f)
	want := []byte{
		3, 3, 3, 255, 2, 2, 2, 255, 1, 1, 1, 255,
		6, 6, 6, 255, 5, 5, 5, 255, 4, 4, 4, 255,
	}
	if !bytes.Equal(f.Pix, want) {
		t.Errorf("mirrored to %v", f.Pix)
	}
}

// Frames come from one goroutine while the main one swaps, hides and asks.
func TestFramesWhileSwapping(t *testing.T) {
	s := newStand(t, 64, 36)
	s.view.SetActive(true)
	var engine sync.WaitGroup
	engine.Go(func() {
		for range 2000 {
			if w, h := s.view.TargetSize(); w > 0 {
				s.view.ShowFrame(s.fake.NewFrame(w, h))
			}
		}
	})
	for i := range 500 {
		s.queue.Drain()
		if i%50 == 0 {
			s.view.SetActive(i%100 != 0)
		}
	}
	engine.Wait()
	s.settle(t)
}

func BenchmarkShowFrame(b *testing.B) {
	test.NewTempApp(b)
	var posted []func()
	pump := NewFramePump(func(f func()) { posted = append(posted, f) })
	view := NewVideoView(pump, false, 0)
	view.Resize(fyne.NewSize(640, 360))
	view.SetActive(true)
	frame := engine.Frame{Pix: make([]byte, 4*640*360), Width: 640, Height: 360, Release: func() {}}
	b.ReportAllocs()
	for b.Loop() {
		view.ShowFrame(frame)
		posted[0]()
		posted = posted[:0]
	}
}

func BenchmarkMirrorSelfView(b *testing.B) {
	frame := engine.Frame{Pix: make([]byte, 4*260*195), Width: 260, Height: 195}
	for b.Loop() {
		mirror(frame)
	}
}

func TestFollowersWaitForWhoLeads(t *testing.T) {
	w := shown(t, NewGround(theme.ColorStage), 400, 300)
	posts := 0
	pump := NewFramePump(func(f func()) { posts++; f() })
	now := time.Now()
	pump.now = func() time.Time { return now }
	lead, follower := NewVideoView(pump, false, 0), NewVideoView(pump, false, 0).Follow()
	w.SetContent(container.NewGridWithColumns(2, lead, follower))
	released := 0
	frame := func() engine.Frame {
		return engine.Frame{Pix: make([]byte, 4*4*4), Width: 4, Height: 4, Release: func() { released++ }}
	}
	lead.SetActive(true)
	follower.SetActive(true)
	follower.ShowFrame(frame())
	if posts != 1 || !follower.HasPicture() {
		t.Fatal("alone, a follower shows its pictures at once")
	}
	lead.ShowFrame(frame())
	now = now.Add(10 * time.Millisecond)
	follower.ShowFrame(frame())
	if posts != 2 {
		t.Errorf("%d posts: a follower drew the window for itself", posts)
	}
	lead.ShowFrame(frame())
	if posts != 3 || released != 2 {
		t.Errorf("%d posts and %d released: both pictures must come with one post", posts, released)
	}
	now = now.Add(leadership)
	follower.ShowFrame(frame())
	if posts != 4 {
		t.Error("a follower waits for one that has stopped")
	}
	lead.SetActive(false)
	follower.SetActive(false)
	pump.Remove(follower)
	if released != 5 {
		t.Errorf("%d of 5 frames released", released)
	}
}

func TestMarginsFillWhatThePictureLeaves(t *testing.T) {
	pump := NewFramePump(func(f func()) { f() })
	v := NewVideoView(pump, false, 0)
	v.Margin = theme.ColorStage
	shown(t, v, 400, 300)
	covered := func() float32 {
		area := float32(0)
		for _, o := range test.WidgetRenderer(v).Objects() {
			if o.Visible() {
				area += o.Size().Width * o.Size().Height
			}
		}
		return area
	}
	if got := covered(); got != 400*300 {
		t.Errorf("without a picture %v is covered", got)
	}
	v.SetActive(true)
	for _, size := range [][2]int{{400, 225}, {200, 300}, {400, 300}} {
		w, h := size[0], size[1]
		v.ShowFrame(engine.Frame{Pix: make([]byte, 4*w*h), Width: w, Height: h})
		if got := covered(); got != 400*300 {
			t.Errorf("with a picture of %dx%d, %v is covered: gaps or layers on layers", w, h, got)
		}
	}
}

func TestMirrorCanChange(t *testing.T) {
	v := NewVideoView(NewFramePump(func(func()) {}), true, 0)
	show := func() byte {
		pix := []byte{1, 0, 0, 255, 2, 0, 0, 255}
		v.SetActive(true)
		v.ShowFrame(engine.Frame{Pix: pix, Width: 2, Height: 1})
		return pix[0]
	}
	if show() != 2 {
		t.Error("not mirrored")
	}
	v.SetMirror(false)
	if show() != 1 {
		t.Error("still mirrored")
	}
	v.SetActive(false)
}
