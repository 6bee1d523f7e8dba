package i420

import (
	"encoding/binary"
	"fmt"
)

// scratch lends the intermediate pictures of ScaleToRGBA.
var scratch Pool

// Scale fills dst with src, scaled to the size of dst without regard to its
// shape. The capture time goes along.
func Scale(dst, src *Picture) error {
	from, err := src.planes()
	if err != nil {
		return err
	}
	to, err := dst.planes()
	if err != nil {
		return err
	}
	dst.CapturedAt = src.CapturedAt
	for i := range to {
		resample(to[i], from[i])
	}
	return nil
}

func resample(dst, src plane) {
	if dst.w == src.w && dst.h == src.h {
		copyPlane(dst, src)
		return
	}
	scalePlane(dst, src)
}

// ScaleToRGBA fills dst with src as w by h pixels of tight RGBA (4*w*h bytes,
// alpha 255), if mirror with left and right exchanged. Colours are taken as
// BT.601 with limited range, which is what cameras and VP8 calls carry.
func ScaleToRGBA(dst []byte, w, h int, src *Picture, mirror bool) error {
	from, err := src.planes()
	if err != nil {
		return err
	}
	if err := checkSize(w, h); err != nil {
		return err
	}
	if len(dst) < 4*w*h {
		return fmt.Errorf("%w: %d bytes for %dx%d RGBA", ErrSize, len(dst), w, h)
	}
	if w != src.Width() || h != src.Height() {
		small := scratch.Get(w, h)
		defer small.Release()
		if err := Scale(small, src); err != nil {
			return err
		}
		if from, err = small.planes(); err != nil {
			return err
		}
	}
	out := plane{dst[:4*w*h], 4 * w, 4 * w, h}
	toRGBA(out, from)
	if mirror {
		mirrorRGBA(out)
	}
	return nil
}

// mirrorRGBA exchanges left and right in place.
func mirrorRGBA(p plane) {
	for y := range p.h {
		row := p.row(y)
		for i, j := 0, len(row)-4; i < j; i, j = i+4, j-4 {
			a, b := binary.NativeEndian.Uint32(row[i:]), binary.NativeEndian.Uint32(row[j:])
			binary.NativeEndian.PutUint32(row[i:], b)
			binary.NativeEndian.PutUint32(row[j:], a)
		}
	}
}

// CropEven gives src without its last column or line where the size is odd, for
// encoders and files that only take even sizes. The result is the caller's to
// release; it is src itself, retained, if nothing has to go.
func CropEven(pool *Pool, src *Picture) (*Picture, error) {
	w, h := src.Width()&^1, src.Height()&^1
	if w == src.Width() && h == src.Height() {
		return src.Retain(), nil
	}
	from, err := src.planes()
	if err != nil {
		return nil, err
	}
	return build(pool, w, h, func(to [3]plane) {
		for i := range to {
			copyPlane(to[i], from[i])
		}
	}, src)
}

// build lends a picture from pool and lets fill write its planes.
func build(pool *Pool, w, h int, fill func([3]plane), like *Picture) (*Picture, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	p := pool.Get(w, h)
	if like != nil {
		p.CapturedAt = like.CapturedAt
	}
	to, err := p.planes()
	if err != nil {
		p.Release()
		return nil, err
	}
	fill(to)
	return p, nil
}
