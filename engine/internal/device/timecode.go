package device

import (
	"time"

	"tring/engine/internal/i420"
)

// The time code is one row of black and white cells along the lower edge: 32
// bits of time, the highest first, between 2+2 fixed cells and 4 bits of
// checksum. A cell is a fortieth of the width (16 pixels at 640), so that the
// row can be read from a picture that was scaled, at any size.
const (
	codeCells  = 40
	codeBits   = 32
	codeBlack  = 16  // video range
	codeWhite  = 235 //
	codeMargin = 40  // a cell's mean must be that far from middle grey
)

// stamp is what the time code of a picture captured at t says: milliseconds
// of the wall clock, modulo 2³². Differences of stamps are exact for delays
// below 49 days.
func stamp(t time.Time) uint32 { return uint32(t.UnixMilli()) }

// codeWord puts fixed cells and checksum around the time: 10, time, sum, 01.
func codeWord(t uint32) uint64 {
	return 0b10<<38 | uint64(t)<<6 | uint64(codeSum(t))<<2 | 0b01
}

// codeSum is the CRC-4 of ITU-T G.704 (x⁴+x+1).
func codeSum(t uint32) uint8 {
	var sum uint8
	for bit := codeBits - 1; bit >= 0; bit-- {
		in := uint8(t>>bit) & 1
		carry := sum>>3 ^ in
		sum = sum << 1 & 0xF
		if carry != 0 {
			sum ^= 0b0011
		}
	}
	return sum
}

// codeHeight is the height of the row of a picture that wide.
func codeHeight(width int) int { return max(1, width/codeCells) }

func drawTimeCode(p *i420.Picture, t uint32) {
	width, height := p.Width(), p.Height()
	word := codeWord(t)
	top := max(0, height-codeHeight(width))
	row := p.Y[top*p.YStride : top*p.YStride+width]
	for cell := range codeCells {
		value := byte(codeBlack)
		if word>>(codeCells-1-cell)&1 != 0 {
			value = codeWhite
		}
		fill(row[cell*width/codeCells:(cell+1)*width/codeCells], value)
	}
	for y := top + 1; y < height; y++ {
		copy(p.Y[y*p.YStride:], row)
	}
	cw := (width + 1) / 2
	for y := top / 2; y < (height+1)/2; y++ {
		fill(p.Cb[y*p.CStride:y*p.CStride+cw], 128)
		fill(p.Cr[y*p.CStride:y*p.CStride+cw], 128)
	}
}

func fill(b []byte, value byte) {
	for i := range b {
		b[i] = value
	}
}

// TimeCode reads the time code of the test picture: when it was captured, in
// milliseconds of the wall clock modulo 2³². It survives encoding and scaling,
// as long as the whole picture is there and at least 120 pixels wide. It
// reports false for pictures without a readable one.
func TimeCode(p *i420.Picture) (t uint32, ok bool) {
	width, height := p.Width(), p.Height()
	row := codeHeight(width)
	if width < 3*codeCells || height < row {
		return 0, false
	}
	// The middle half of a cell, away from the blur of its edges.
	top, bottom := height-row+row/4, height-row/4
	var word uint64
	for cell := range codeCells {
		left, right := cell*width/codeCells, (cell+1)*width/codeCells
		quarter := (right - left) / 4
		sum, count := 0, 0
		for y := top; y < bottom; y++ {
			for _, v := range p.Y[y*p.YStride+left+quarter : y*p.YStride+right-quarter] {
				sum += int(v)
				count++
			}
		}
		mean := sum / count
		switch {
		case mean > 128+codeMargin:
			word = word<<1 | 1
		case mean < 128-codeMargin:
			word <<= 1
		default:
			return 0, false
		}
	}
	t = uint32(word >> 6)
	return t, word == codeWord(t)
}
