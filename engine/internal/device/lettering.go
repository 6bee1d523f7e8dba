package device

import (
	"image"
	"image/color"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"tring/engine/internal/i420"
)

// mask is writing as opacity, one byte a pixel.
type mask struct {
	width, height int
	alpha         []byte
}

var fonts = sync.OnceValues(func() (label, clock *opentype.Font) {
	return mustParse(gobold.TTF), mustParse(gomonobold.TTF)
})

// mustParse reads a font that is part of the program.
func mustParse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	return f
}

// newFace gives a font in a size in pixels; very small pictures get none.
func newFace(f *opentype.Font, size float64) font.Face {
	if size < 5 {
		return nil
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil
	}
	return face
}

// newLabel draws widely spaced letters.
func newLabel(text string, size float64) mask {
	f, _ := fonts()
	face := newFace(f, size)
	if face == nil {
		return mask{}
	}
	defer face.Close()
	space := fixed.Int26_6(size * 0.22 * 64)
	width := -space
	for _, r := range text {
		advance, _ := face.GlyphAdvance(r)
		width += advance + space
	}
	metrics := face.Metrics()
	img := image.NewAlpha(image.Rect(0, 0, width.Ceil(), (metrics.CapHeight + fixed.I(2)).Ceil()))
	d := font.Drawer{
		Dst: img, Src: image.NewUniform(color.Opaque), Face: face,
		Dot: fixed.Point26_6{Y: metrics.CapHeight + fixed.I(1)},
	}
	for _, r := range text {
		d.DrawString(string(r))
		d.Dot.X += space
	}
	return mask{img.Rect.Dx(), img.Rect.Dy(), img.Pix}
}

// digits are the ready-drawn characters of a clock, all in cells of one size.
type digits struct {
	cell, height int // even
	masks        [256]*mask
}

func newDigits(size float64) *digits {
	d := new(digits)
	_, f := fonts()
	face := newFace(f, size)
	if face == nil {
		return d
	}
	defer face.Close()
	advance, _ := face.GlyphAdvance('0')
	d.cell = even(int(math.Ceil(float64(advance)/64)) + 1)
	// Go Mono's digits are as high as its capitals.
	capital := face.Metrics().CapHeight
	d.height = even(capital.Ceil() + 5)
	for _, r := range "0123456789:." {
		img := image.NewAlpha(image.Rect(0, 0, d.cell, d.height))
		own, _ := face.GlyphAdvance(r)
		drawer := font.Drawer{
			Dst: img, Src: image.NewUniform(color.Opaque), Face: face,
			Dot: fixed.Point26_6{X: (fixed.I(d.cell) - own) / 2, Y: capital + fixed.I(2)},
		}
		drawer.DrawString(string(r))
		d.masks[r] = &mask{d.cell, d.height, img.Pix}
	}
	return d
}

// draw writes text in grey of a brightness with its upper left at x, y, both
// even.
func (d *digits) draw(p *i420.Picture, x, y int, text []byte, luma byte) {
	if x < 0 || y < 0 || x+d.cell*len(text) > p.Width() || y+d.height > p.Height() {
		return
	}
	for i, char := range text {
		if m := d.masks[char]; m != nil {
			m.draw(p, x+i*d.cell, y, luma)
		}
	}
}

// draw blends the mask in grey: luma towards the brightness, chroma towards
// none.
func (m *mask) draw(p *i420.Picture, x, y int, luma byte) {
	for row := range m.height {
		to := p.Y[(y+row)*p.YStride+x:][:m.width]
		for col, alpha := range m.alpha[row*m.width : (row+1)*m.width] {
			if alpha != 0 {
				to[col] = blend(to[col], luma, alpha)
			}
		}
	}
	for row := 0; row < m.height; row += 2 {
		at := (y+row)/2*p.CStride + x/2
		for col := 0; col < m.width; col += 2 {
			i := row*m.width + col
			alpha := byte((int(m.alpha[i]) + int(m.alpha[i+1]) + int(m.alpha[i+m.width]) + int(m.alpha[i+m.width+1]) + 2) / 4)
			if alpha != 0 {
				p.Cb[at+col/2] = blend(p.Cb[at+col/2], 128, alpha)
				p.Cr[at+col/2] = blend(p.Cr[at+col/2], 128, alpha)
			}
		}
	}
}

func blend(under, value, alpha byte) byte {
	u := int(under)
	return byte(u + (int(value)-u)*int(alpha)/255)
}
