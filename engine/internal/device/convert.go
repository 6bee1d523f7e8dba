package device

import (
	"fmt"
	"image"

	"tring/engine/internal/i420"
)

// fromImage copies what a camera driver gives into a picture of the pool.
func fromImage(pool *i420.Pool, img image.Image) (*i420.Picture, error) {
	src, ok := img.(*image.YCbCr)
	if !ok {
		return nil, fmt.Errorf("picture of type %T", img)
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	stepX, stepY := 1, 1
	switch src.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
	case image.YCbCrSubsampleRatio422:
		stepY = 2
	case image.YCbCrSubsampleRatio444:
		stepX, stepY = 2, 2
	default:
		return nil, fmt.Errorf("chroma subsampling %v", src.SubsampleRatio)
	}
	p := pool.Get(w, h)
	for y := range h {
		copy(p.Y[y*p.YStride:y*p.YStride+w], src.Y[y*src.YStride:])
	}
	cw, ch := (w+1)/2, (h+1)/2
	for y := range ch {
		for x := range cw {
			from := min(y*stepY*src.CStride+x*stepX, len(src.Cb)-1, len(src.Cr)-1)
			p.Cb[y*p.CStride+x] = src.Cb[from]
			p.Cr[y*p.CStride+x] = src.Cr[from]
		}
	}
	return p, nil
}
