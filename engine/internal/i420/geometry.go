package i420

import (
	"errors"
	"fmt"
)

// Limits of what this package converts: larger than any camera or screen, small
// enough that a wrong number cannot eat the memory.
const (
	maxSide   = 16384
	maxPixels = 64 << 20
)

// ErrSize says that a picture has no pixels, has too many, or that its memory
// is shorter than its size claims.
var ErrSize = errors.New("i420: impossible picture size")

// Fit gives the largest size of the shape srcW:srcH inside a box, at least one
// pixel each way; 0, 0 if any of the four is not positive.
func Fit(srcW, srcH, boxW, boxH int) (w, h int) {
	if srcW <= 0 || srcH <= 0 || boxW <= 0 || boxH <= 0 {
		return 0, 0
	}
	if boxW*srcH <= boxH*srcW { // the width is what limits
		return boxW, max(1, (boxW*srcH+srcW/2)/srcW)
	}
	return max(1, (boxH*srcW+srcH/2)/srcH), boxH
}

func checkSize(w, h int) error {
	if w <= 0 || h <= 0 || w > maxSide || h > maxSide || w*h > maxPixels {
		return fmt.Errorf("%w: %dx%d", ErrSize, w, h)
	}
	return nil
}

// plane is one rectangle of bytes within a picture.
type plane struct {
	pix    []byte
	stride int
	w, h   int // of one byte each
}

// check makes sure that the memory holds what the size says, so that neither C
// nor Go code reads beyond it.
func (p plane) check() error {
	if p.w <= 0 || p.h <= 0 || p.stride < p.w || len(p.pix) < (p.h-1)*p.stride+p.w {
		return fmt.Errorf("%w: %d bytes for %dx%d with stride %d", ErrSize, len(p.pix), p.w, p.h, p.stride)
	}
	return nil
}

// row is line y, exactly w bytes long.
func (p plane) row(y int) []byte { return p.pix[y*p.stride : y*p.stride+p.w : y*p.stride+p.w] }

// planes are luma and the two chroma planes of p, checked.
func (p *Picture) planes() ([3]plane, error) {
	w, h := p.Width(), p.Height()
	if err := checkSize(w, h); err != nil {
		return [3]plane{}, err
	}
	cw, ch := (w+1)/2, (h+1)/2
	all := [3]plane{
		{p.Y, p.YStride, w, h},
		{p.Cb, p.CStride, cw, ch},
		{p.Cr, p.CStride, cw, ch},
	}
	for _, pl := range all {
		if err := pl.check(); err != nil {
			return all, err
		}
	}
	return all, nil
}

func copyPlane(dst, src plane) {
	for y := range dst.h {
		copy(dst.row(y), src.row(y))
	}
}
