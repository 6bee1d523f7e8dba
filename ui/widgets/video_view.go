package widgets

import (
	"encoding/binary"
	"image"
	"image/color"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/engine"
	"tring/ui/theme"
)

// VideoView shows a moving picture, letterboxed and never stretched. It is an
// engine.VideoSink: the engine scales each picture to exactly the pixels that
// the view has, and nothing scales it again.
//
// At most two frames are held, the one on screen and the newest pending one;
// every other is given back at once.
type VideoView struct {
	widget.BaseWidget

	// OnShape is told on the main goroutine when the shape of the source
	// changes.
	OnShape func(width, height int)

	// Margin fills what the picture leaves free; "" for nothing. It is what
	// spares a ground under the whole picture: each layer costs as much to draw
	// as the picture itself.
	Margin fyne.ThemeColorName

	pump   *FramePump
	follow bool
	mirror atomic.Bool
	target atomic.Uint64 // width<<32 | height in pixels; 0 while nothing can be seen

	mu      sync.Mutex
	active  bool
	pending *engine.Frame

	// Of the main goroutine alone.
	shown   *engine.Frame
	picture image.RGBA           // header over shown.Pix
	image   *canvas.Image        // where the picture is, shown or not
	surface *surface             // shows it instead of image, where it can; nil if Fyne is to
	margins [4]*canvas.Rectangle // above, below, left and right of the picture
	sourceW int
	sourceH int
}

var _ engine.VideoSink = (*VideoView)(nil)

// NewVideoView is an inactive view fed by pump. mirror swaps left and right;
// radius rounds the corners.
func NewVideoView(pump *FramePump, mirror bool, radius float32) *VideoView {
	v := &VideoView{pump: pump}
	v.mirror.Store(mirror)
	for i := range v.margins {
		v.margins[i] = canvas.NewRectangle(color.Transparent)
	}
	v.image = &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels, CornerRadius: radius}
	v.image.Hide()
	if direct && radius == 0 { // corners need blending
		v.surface = newSurface(v, newPlate())
	}
	v.ExtendBaseWidget(v)
	pump.add(v)
	return v
}

// Follow makes the view wait for the pictures of the others: its own are shown
// together with theirs, so that the window is drawn once for both. It returns
// the view.
func (v *VideoView) Follow() *VideoView {
	v.follow = true
	return v
}

// SetMirror says whether left and right are swapped from the next picture on.
func (v *VideoView) SetMirror(on bool) { v.mirror.Store(on) }

// TargetSize implements engine.VideoSink.
func (v *VideoView) TargetSize() (width, height int) {
	packed := v.target.Load()
	return int(packed >> 32), int(packed & 0xffffffff)
}

// ShowFrame implements engine.VideoSink.
func (v *VideoView) ShowFrame(f engine.Frame) {
	if f.Width <= 0 || f.Height <= 0 || len(f.Pix) != 4*f.Width*f.Height {
		release(&f)
		return
	}
	if v.mirror.Load() {
		mirror(f)
	}
	v.mu.Lock()
	old := &f
	if v.active {
		old, v.pending = v.pending, &f
	}
	v.mu.Unlock()
	release(old)
	if old != &f {
		v.pump.wake(v.follow)
	}
}

// SetActive says whether the view can be seen. An inactive one asks for no
// pictures, holds none and shows none.
func (v *VideoView) SetActive(on bool) {
	v.mu.Lock()
	v.active = on
	var dropped *engine.Frame
	if !on {
		dropped, v.pending = v.pending, nil
	}
	v.mu.Unlock()
	release(dropped)
	if !on {
		v.clear()
	}
	v.aim()
}

// HasPicture reports whether a picture is on screen.
func (v *VideoView) HasPicture() bool { return v.shown != nil }

func (v *VideoView) clear() {
	old := v.shown
	v.shown = nil
	v.sourceW, v.sourceH = 0, 0
	v.hideImage()
	if v.surface != nil {
		v.surface.clear()
	}
	release(old)
	v.place()
}

// Show implements fyne.CanvasObject.
func (v *VideoView) Show() { v.BaseWidget.Show(); v.aim() }

// Hide implements fyne.CanvasObject.
func (v *VideoView) Hide() { v.BaseWidget.Hide(); v.aim() }

// aim stores what TargetSize answers.
func (v *VideoView) aim() {
	v.mu.Lock()
	active := v.active
	v.mu.Unlock()
	w, h := v.room()
	if !active || !v.Visible() || w <= 0 || h <= 0 {
		w, h = 0, 0
	}
	v.target.Store(uint64(w)<<32 | uint64(h))
}

// room is the view's size in whole pixels.
func (v *VideoView) room() (width, height int) {
	size := v.Size()
	c := fyne.CurrentApp().Driver().CanvasForObject(v)
	if c == nil {
		return int(size.Width), int(size.Height)
	}
	return c.PixelCoordinateForPosition(fyne.NewPos(size.Width, size.Height))
}

// swap puts the pending frame on screen. The texture of the old one was
// uploaded on this same goroutine, so its pixels are free to go.
func (v *VideoView) swap() {
	v.mu.Lock()
	next := v.pending
	v.pending = nil
	v.mu.Unlock()
	if next == nil {
		return
	}
	old := v.shown
	v.shown = next
	v.aim() // the window may have moved to a screen of another scale
	v.place()
	if v.surface == nil || !v.surface.update() {
		v.showImage()
	} else if v.image.Visible() {
		v.hideImage()
	}
	release(old)
	v.tellShape()
}

func (v *VideoView) showImage() {
	v.picture = image.RGBA{Pix: v.shown.Pix, Stride: 4 * v.shown.Width, Rect: image.Rect(0, 0, v.shown.Width, v.shown.Height)}
	v.image.Image = &v.picture
	v.image.Show()
	v.image.Refresh()
}

func (v *VideoView) hideImage() {
	v.picture = image.RGBA{}
	v.image.Image = nil
	v.image.Hide()
	v.image.Refresh()
}

// fallBack shows the frame that its surface could not.
func (v *VideoView) fallBack() {
	if v.shown != nil && v.shown.Pix != nil {
		v.showImage()
	}
}

// handBack gives back the pixels of the frame that is shown, but not its shape.
func (v *VideoView) handBack() {
	frame := *v.shown
	frame.Pix, frame.Release = nil, nil
	release(v.shown)
	v.shown = &frame
}

func (v *VideoView) tellShape() {
	w, h := v.shown.SourceWidth, v.shown.SourceHeight
	if w <= 0 || h <= 0 {
		w, h = v.shown.Width, v.shown.Height
	}
	if w == v.sourceW && h == v.sourceH {
		return
	}
	v.sourceW, v.sourceH = w, h
	if v.OnShape != nil {
		v.OnShape(w, h)
	}
}

// place gives the image the frame's shape in the middle of the view, pixel for
// pixel if the frame was made for this size. One made for another size, during
// a resize, is stretched evenly until the next comes.
func (v *VideoView) place() {
	roomW, roomH := v.room()
	if roomW <= 0 || roomH <= 0 {
		return
	}
	unit := v.Size().Width / float32(roomW)
	if v.shown != nil {
		w, h := v.shown.Width, v.shown.Height
		if w > roomW || h > roomH || (w < roomW-1 && h < roomH-1) {
			w, h = fit(w, h, roomW, roomH)
		}
		v.image.Resize(fyne.NewSize(float32(w)*unit, float32(h)*unit))
		v.image.Move(fyne.NewPos(float32((roomW-w)/2)*unit, float32((roomH-h)/2)*unit))
	}
	v.placeMargins()
}

// placeMargins puts them around the picture; without one, the first is all.
func (v *VideoView) placeMargins() {
	if v.Margin == "" {
		return
	}
	all := v.Size()
	at, size := fyne.NewPos(0, all.Height), fyne.NewSize(all.Width, 0)
	if v.shown != nil {
		at, size = v.image.Position(), v.image.Size()
	}
	right, bottom := at.X+size.Width, at.Y+size.Height
	put := func(i int, x, y, width, height float32) {
		m := v.margins[i]
		m.Hidden = width <= 0 || height <= 0
		m.Move(fyne.NewPos(x, y))
		m.Resize(fyne.NewSize(max(0, width), max(0, height)))
	}
	put(0, 0, 0, all.Width, at.Y)
	put(1, 0, bottom, all.Width, all.Height-bottom)
	put(2, 0, at.Y, at.X, size.Height)
	put(3, right, at.Y, all.Width-right, size.Height)
}

// fit is the largest w x h of that shape in the room.
func fit(w, h, roomW, roomH int) (int, int) {
	if w*roomH > roomW*h {
		return roomW, max(1, h*roomW/w)
	}
	return max(1, w*roomH/h), roomH
}

func release(f *engine.Frame) {
	if f != nil && f.Release != nil {
		f.Release()
	}
}

// mirror swaps left and right in place. It runs on the engine's goroutine; the
// self-view is small.
func mirror(f engine.Frame) {
	stride := 4 * f.Width
	for y := range f.Height {
		row := f.Pix[y*stride : (y+1)*stride]
		for left, right := 0, stride-4; left < right; left, right = left+4, right-4 {
			a, b := binary.NativeEndian.Uint32(row[left:]), binary.NativeEndian.Uint32(row[right:])
			binary.NativeEndian.PutUint32(row[left:], b)
			binary.NativeEndian.PutUint32(row[right:], a)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (v *VideoView) CreateRenderer() fyne.WidgetRenderer {
	r := &videoRenderer{v: v}
	if v.Margin != "" {
		for _, m := range v.margins {
			r.objects = append(r.objects, m)
		}
	}
	r.objects = append(r.objects, v.image)
	if v.surface != nil {
		r.objects = append(r.objects, v.surface)
	}
	r.Refresh()
	return r
}

// videoRenderer holds no state: it may be thrown away while the view is
// hidden.
type videoRenderer struct {
	v       *VideoView
	objects []fyne.CanvasObject
}

func (r *videoRenderer) Destroy()                     {}
func (r *videoRenderer) Objects() []fyne.CanvasObject { return r.objects }

// MinSize is a constant: pictures must never push the window open.
func (r *videoRenderer) MinSize() fyne.Size { return fyne.NewSize(32, 18) }

func (r *videoRenderer) Layout(size fyne.Size) {
	if r.v.surface != nil {
		r.v.surface.Resize(size)
	}
	r.v.aim()
	r.v.place()
}

func (r *videoRenderer) Refresh() {
	v := r.v
	if v.Margin != "" {
		fill := theme.Color(v, v.Margin)
		for _, m := range v.margins {
			m.FillColor = fill
		}
	}
	v.aim()
	v.place()
}
