package i420

import (
	"fmt"
	"image"
	"image/draw"
)

// The From functions copy a picture in another layout into one from pool, owned
// by the caller. The source can be reused at once. The capture time is left
// zero.

// FromI420 copies tightly packed I420: w*h of luma, then the two chroma planes,
// (w+1)/2 by (h+1)/2 each.
func FromI420(pool *Pool, data []byte, w, h int) (*Picture, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	cw, ch := (w+1)/2, (h+1)/2
	if err := need(data, w*h+2*cw*ch); err != nil {
		return nil, err
	}
	src := [3]plane{
		{data[:w*h], w, w, h},
		{data[w*h : w*h+cw*ch], cw, cw, ch},
		{data[w*h+cw*ch:], cw, cw, ch},
	}
	return build(pool, w, h, func(to [3]plane) {
		for i := range to {
			copyPlane(to[i], src[i])
		}
	}, nil)
}

// FromYUYV copies tightly packed 4:2:2 in the order Y0 U Y1 V (YUY2).
func FromYUYV(pool *Pool, data []byte, w, h int) (*Picture, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	stride := (w + 1) / 2 * 4
	if err := need(data, stride*h); err != nil {
		return nil, err
	}
	return build(pool, w, h, func(to [3]plane) { fromYUYV(to, plane{data, stride, stride, h}) }, nil)
}

// FromNV12 copies w*h of luma followed by pairs of U and V.
func FromNV12(pool *Pool, data []byte, w, h int) (*Picture, error) {
	return fromPairs(pool, data, w, h, false)
}

// FromNV21 copies w*h of luma followed by pairs of V and U.
func FromNV21(pool *Pool, data []byte, w, h int) (*Picture, error) {
	return fromPairs(pool, data, w, h, true)
}

func fromPairs(pool *Pool, data []byte, w, h int, swapped bool) (*Picture, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	stride, ch := (w+1)/2*2, (h+1)/2
	if err := need(data, w*h+stride*ch); err != nil {
		return nil, err
	}
	return build(pool, w, h, func(to [3]plane) {
		if swapped {
			to[1], to[2] = to[2], to[1]
		}
		fromNV12(to, plane{data[:w*h], w, w, h}, plane{data[w*h:], stride, stride, ch})
	}, nil)
}

// FromRGBA copies pixels of four bytes, red first; alpha is not looked at.
// stride is in bytes.
func FromRGBA(pool *Pool, pix []byte, stride, w, h int) (*Picture, error) {
	return fromPacked(pool, pix, stride, w, h, fromRGBA)
}

// FromBGRA copies pixels of four bytes, blue first, as screens hold them; the
// fourth byte is not looked at. stride is in bytes.
func FromBGRA(pool *Pool, pix []byte, stride, w, h int) (*Picture, error) {
	return fromPacked(pool, pix, stride, w, h, fromBGRA)
}

func fromPacked(pool *Pool, pix []byte, stride, w, h int, convert func([3]plane, plane)) (*Picture, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	src := plane{pix, stride, 4 * w, h}
	if err := src.check(); err != nil {
		return nil, err
	}
	return build(pool, w, h, func(to [3]plane) { convert(to, src) }, nil)
}

// FromImage copies any image. Those in YCbCr keep their values, whatever their
// range is said to be, as other video programs do with a camera's JPEG.
func FromImage(pool *Pool, img image.Image) (*Picture, error) {
	if img == nil {
		return nil, fmt.Errorf("%w: no image", ErrSize)
	}
	r := img.Bounds()
	if err := checkSize(r.Dx(), r.Dy()); err != nil {
		return nil, err
	}
	switch img := img.(type) {
	case *Picture:
		return fromYCbCr(pool, &img.YCbCr, img)
	case *image.YCbCr:
		return fromYCbCr(pool, img, nil)
	case *image.RGBA:
		return FromRGBA(pool, img.Pix[img.PixOffset(r.Min.X, r.Min.Y):], img.Stride, r.Dx(), r.Dy())
	default:
		flat := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
		draw.Draw(flat, flat.Rect, img, r.Min, draw.Src)
		return FromRGBA(pool, flat.Pix, flat.Stride, r.Dx(), r.Dy())
	}
}

// fromYCbCr copies luma and brings chroma of any subsampling to 4:2:0.
func fromYCbCr(pool *Pool, img *image.YCbCr, like *Picture) (*Picture, error) {
	r := img.Rect
	w, h := r.Dx(), r.Dy()
	yOff, cOff := img.YOffset(r.Min.X, r.Min.Y), img.COffset(r.Min.X, r.Min.Y)
	if yOff < 0 || cOff < 0 || yOff > len(img.Y) || cOff > min(len(img.Cb), len(img.Cr)) {
		return nil, fmt.Errorf("%w: image shorter than its bounds", ErrSize)
	}
	cw, ch := chromaSize(img.SubsampleRatio, w, h)
	src := [3]plane{
		{img.Y[yOff:], img.YStride, w, h},
		{img.Cb[cOff:], img.CStride, cw, ch},
		{img.Cr[cOff:], img.CStride, cw, ch},
	}
	for _, p := range src {
		if err := p.check(); err != nil {
			return nil, err
		}
	}
	return build(pool, w, h, func(to [3]plane) {
		for i := range to {
			resample(to[i], src[i])
		}
	}, like)
}

func chromaSize(ratio image.YCbCrSubsampleRatio, w, h int) (cw, ch int) {
	switch ratio {
	case image.YCbCrSubsampleRatio444:
		return w, h
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	default:
		return (w + 1) / 2, (h + 1) / 2
	}
}

func need(data []byte, n int) error {
	if len(data) < n {
		return fmt.Errorf("%w: %d bytes where %d are needed", ErrSize, len(data), n)
	}
	return nil
}
