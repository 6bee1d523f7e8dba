package widgets

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// paperPlate is a plate in a window that is drawn whenever the test says so.
type paperPlate struct {
	drawing, seen, fails, broken bool

	picture []byte
	size    image.Point
	drawn   image.Rectangle // in the last drawing
}

func (p *paperPlate) usable() bool { return p.seen && !p.broken }

func (p *paperPlate) begin() bool {
	p.seen = p.seen || p.drawing
	return p.drawing && !p.broken
}

func (p *paperPlate) load(pix []byte, width, height int) {
	p.picture, p.size = append([]byte(nil), pix...), image.Pt(width, height)
}

func (p *paperPlate) draw(x, y, width, height int) bool {
	if p.fails {
		p.broken = true
	} else if p.picture != nil {
		p.drawn = image.Rect(x, y, x+width, y+height)
	}
	return !p.broken
}

func (p *paperPlate) drop() { p.picture = nil }

// paint draws the window once.
func (p *paperPlate) paint(v *VideoView) {
	p.drawn = image.Rectangle{}
	p.drawing = true
	v.surface.paint()
	p.drawing = false
}

// A view draws by itself from the second picture on, gives pixels back as soon as
// they are on the plate, and lets Fyne draw where that fails.
func TestViewDrawsItself(t *testing.T) {
	s := newStand(t, 640, 400)
	paper := &paperPlate{}
	s.view.surface = newSurface(s.view, paper)
	s.view.SetActive(true)
	show := func() (first byte) {
		f := s.fake.NewFrame(640, 360)
		s.view.ShowFrame(f)
		s.queue.Drain()
		return f.Pix[0]
	}
	released := func() int64 { _, n, _ := s.fake.Frames(); return n }
	corner := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.view) // not 0 in this driver
	within := func(r image.Rectangle) image.Rectangle { return r.Add(image.Pt(int(corner.X), int(corner.Y))) }

	show()
	if !s.view.image.Visible() {
		t.Error("the first picture is not shown")
	}
	paper.paint(s.view)
	if !paper.drawn.Empty() {
		t.Error("the first picture is drawn twice")
	}
	first := show()
	if s.view.image.Visible() || s.view.image.Image != nil || s.view.picture.Pix != nil {
		t.Error("the second picture is shown by Fyne, or the first is kept")
	}
	if n := released(); n != 1 {
		t.Errorf("%d frames are back before the second was drawn", n)
	}
	for range 2 { // the second time for something else in the window
		paper.paint(s.view)
		if want := within(image.Rect(0, 20, 640, 380)); paper.drawn != want {
			t.Errorf("drawn at %v, want %v", paper.drawn, want)
		}
	}
	if paper.size != image.Pt(640, 360) || paper.picture[0] != first {
		t.Errorf("%v was loaded", paper.size)
	}
	if n := released(); n != 2 || !s.view.HasPicture() {
		t.Errorf("%d frames are back after the second was drawn", n)
	}
	s.view.Resize(fyne.NewSize(320, 400))
	if paper.paint(s.view); paper.drawn != within(image.Rect(0, 110, 320, 290)) {
		t.Errorf("drawn at %v after a resize", paper.drawn)
	}

	paper.fails = true
	show()
	paper.paint(s.view)
	s.queue.Drain()
	if !s.view.image.Visible() || s.view.image.Image == nil {
		t.Error("what could not be drawn is not shown")
	}
	show()
	if !s.view.image.Visible() || s.view.image.Image == nil {
		t.Error("nothing is shown after the plate broke")
	}
	s.view.SetActive(false)
	if paper.picture != nil || s.view.picture.Pix != nil {
		t.Error("a picture is kept")
	}
	if paper.paint(s.view); !paper.drawn.Empty() {
		t.Error("an inactive view is drawn")
	}
	s.settle(t)
}

// Drawing a view that lies upon another draws that alone, though Fyne asks both
// for their objects then.
func TestViewsUponEachOther(t *testing.T) {
	s := newStand(t, 640, 400)
	below, above := &paperPlate{}, &paperPlate{}
	bottom, top := NewVideoView(s.pump, false, 0), NewVideoView(s.pump, false, 0)
	bottom.surface, top.surface = newSurface(bottom, below), newSurface(top, above)
	shown(t, container.NewStack(bottom, top), 640, 400)
	for range 2 {
		for _, v := range []*VideoView{bottom, top} {
			v.SetActive(true)
			v.ShowFrame(s.fake.NewFrame(640, 360))
		}
		s.queue.Drain()
		below.paint(bottom)
		below.drawing = true
		below.drawn = image.Rectangle{}
		above.paint(top)
		below.drawing = false
	}
	if above.drawn.Empty() || !below.drawn.Empty() {
		t.Errorf("drawn: above %v, below %v", above.drawn, below.drawn)
	}
	s.settle(t)
}

func TestLoosen(t *testing.T) {
	box := image.Rect(10, 20, 110, 220)
	for picture, want := range map[image.Rectangle]image.Rectangle{
		image.Rect(10, 20, 110, 220): box,
		image.Rect(9, 19, 111, 221):  image.Rect(9, 19, 111, 221),
		image.Rect(10, 21, 110, 221): image.Rect(10, 20, 110, 221),
		image.Rect(30, 40, 50, 60):   box, // within
		image.Rect(0, 0, 300, 300):   box, // cut
	} {
		if got := loosen(box, picture); got != want {
			t.Errorf("%v: %v, want %v", picture, got, want)
		}
	}
}
