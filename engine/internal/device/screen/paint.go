package screen

import "image"

// canvas is a picture of four bytes a pixel, blue first.
type canvas struct {
	pix  []byte
	w, h int
}

// grey covers a part.
func (c canvas) grey(part image.Rectangle) {
	part = part.Intersect(image.Rect(0, 0, c.w, c.h))
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := c.pix[4*(y*c.w+part.Min.X) : 4*(y*c.w+part.Max.X)]
		for i := range row {
			row[i] = 0x80
		}
	}
}

// over draws a picture whose colours are already multiplied by its alpha, such
// as a pointer.
func (c canvas) over(top canvas, at image.Point) {
	part := image.Rect(0, 0, top.w, top.h).Add(at).Intersect(image.Rect(0, 0, c.w, c.h))
	for y := part.Min.Y; y < part.Max.Y; y++ {
		dst := c.pix[4*(y*c.w+part.Min.X) : 4*(y*c.w+part.Max.X)]
		src := top.pix[4*((y-at.Y)*top.w+part.Min.X-at.X):]
		for i := 0; i < len(dst); i += 4 {
			rest := 255 - int(src[i+3])
			for k := range 3 {
				dst[i+k] = byte(min(255, int(src[i+k])+(int(dst[i+k])*rest+127)/255))
			}
		}
	}
}
