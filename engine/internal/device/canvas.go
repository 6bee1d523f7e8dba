package device

import (
	"math"

	"tring/engine/internal/i420"
)

// rgb is a colour with parts from 0 to 1.
type rgb struct{ r, g, b float64 }

func (c rgb) mix(d rgb, part float64) rgb {
	return rgb{c.r + (d.r-c.r)*part, c.g + (d.g-c.g)*part, c.b + (d.b-c.b)*part}
}

// colour is a colour as cameras and VP8 have it: BT.601, video range.
type colour struct{ y, cb, cr float32 }

func yuv(c rgb) colour {
	return colour{
		y:  float32(16 + 65.481*c.r + 128.553*c.g + 24.966*c.b),
		cb: float32(128 - 37.797*c.r - 74.203*c.g + 112*c.b),
		cr: float32(128 + 112*c.r - 93.786*c.g - 18.214*c.b),
	}
}

func (c colour) mix(d colour, part float32) colour {
	return colour{c.y + (d.y-c.y)*part, c.cb + (d.cb-c.cb)*part, c.cr + (d.cr-c.cr)*part}
}

// over blends a value over another.
func over(under byte, value, alpha float32) byte {
	u := float32(under)
	return byte(u + (value-u)*alpha + 0.5)
}

// cover is how much of a pixel lies inside an edge that is depth away from its
// middle; grain is the pixel's size.
func cover(depth, grain float64) float32 {
	return float32(math.Max(0, math.Min(1, depth/grain+0.5)))
}

// box is a rectangle in pixels.
type box struct{ left, top, right, bottom float64 }

// canvas is where the still part of the test picture is drawn, once.
type canvas struct {
	width, height int
	pixels        []rgb
}

func newCanvas(width, height int) *canvas {
	return &canvas{width, height, make([]rgb, width*height)}
}

// backdrop is the night sky behind everything: dark blue, lighter towards the
// middle, with a fine grid of dots.
func (c *canvas) backdrop() {
	top, bottom, glow := rgb{0.055, 0.075, 0.16}, rgb{0.10, 0.13, 0.27}, rgb{0.20, 0.24, 0.46}
	w, h := float64(c.width), float64(c.height)
	grid := math.Max(8, math.Round(math.Min(w, h)/20))
	for y := range c.height {
		for x := range c.width {
			fx, fy := (float64(x)+0.5)/w, (float64(y)+0.5)/h
			dx, dy := fx-0.5, fy-0.74
			light := math.Exp(-(dx*dx*4 + dy*dy*11))
			pixel := top.mix(bottom, fy).mix(glow, 0.75*light)
			gx, gy := math.Mod(float64(x)+0.5, grid)-grid/2, math.Mod(float64(y)+0.5, grid)-grid/2
			dot := float64(cover(math.Max(0.9, grid/26)-math.Hypot(gx, gy), 1))
			c.pixels[y*c.width+x] = pixel.mix(rgb{0.5, 0.58, 0.85}, 0.16*dot)
		}
	}
}

// row fills a box with rounded fields side by side.
func (c *canvas) row(b box, colours []rgb, gap, radius float64) {
	n := float64(len(colours))
	width := (b.right - b.left - gap*(n-1)) / n
	for i, colour := range colours {
		left := b.left + float64(i)*(width+gap)
		c.rounded(box{left, b.top, left + width, b.bottom}, math.Min(radius, width/2), colour)
	}
}

// rounded fills a rectangle with round corners.
func (c *canvas) rounded(b box, radius float64, colour rgb) {
	midX, midY := (b.left+b.right)/2, (b.top+b.bottom)/2
	halfX, halfY := (b.right-b.left)/2-radius, (b.bottom-b.top)/2-radius
	for y := max(0, int(b.top)-1); y < min(c.height, int(b.bottom)+2); y++ {
		for x := max(0, int(b.left)-1); x < min(c.width, int(b.right)+2); x++ {
			dx := math.Abs(float64(x)+0.5-midX) - halfX
			dy := math.Abs(float64(y)+0.5-midY) - halfY
			// Signed distance to the rounded edge, negative inside.
			d := math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - radius
			if alpha := cover(-d, 1); alpha > 0 {
				at := &c.pixels[y*c.width+x]
				*at = at.mix(colour, float64(alpha))
			}
		}
	}
}

// text draws a mask of writing with its upper left at x, y.
func (c *canvas) text(m mask, x, y float64, colour rgb) {
	left, top := int(math.Round(x)), int(math.Round(y))
	for row := range m.height {
		for col := range m.width {
			px, py := left+col, top+row
			if px < 0 || py < 0 || px >= c.width || py >= c.height {
				continue
			}
			at := &c.pixels[py*c.width+px]
			*at = at.mix(colour, float64(m.alpha[row*m.width+col])/255)
		}
	}
}

// picture converts the canvas; chroma is the mean of its four pixels. A faint
// fixed noise hides the steps that 8 bits would show in the dark gradients.
func (c *canvas) picture() *i420.Picture {
	p := new(i420.Pool).Get(c.width, c.height)
	noise := uint32(1)
	for y := range c.height {
		for x := range c.width {
			noise = noise*1664525 + 1013904223
			dither := float32(noise>>24)/255 - 0.5
			p.Y[y*p.YStride+x] = byte(yuv(c.pixels[y*c.width+x]).y + 0.5 + 0.8*dither)
		}
	}
	for y := range (c.height + 1) / 2 {
		for x := range (c.width + 1) / 2 {
			var sum colour
			for i := range 4 {
				px, py := min(2*x+i&1, c.width-1), min(2*y+i>>1, c.height-1)
				one := yuv(c.pixels[py*c.width+px])
				sum.cb += one.cb / 4
				sum.cr += one.cr / 4
			}
			p.Cb[y*p.CStride+x] = byte(sum.cb + 0.5)
			p.Cr[y*p.CStride+x] = byte(sum.cr + 0.5)
		}
	}
	return p
}
