package widgets

import (
	"fyne.io/fyne/v2"

	"tring/ui/theme"
)

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
