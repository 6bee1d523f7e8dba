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
