package echo

import "math"

const (
	fftSize = 1024
	half    = fftSize / 2
)

// spectrum is the lower half of a real signal's spectrum, both ends included.
type spectrum struct{ re, im [half + 1]float32 }

// transform is a real FFT of fftSize points by a complex one of half the size.
type transform struct {
	re, im   [half]float32 // work
	cos, sin [fftSize]float32
	reverse  [half]uint16
}

func newTransform() *transform {
	t := &transform{}
	for i := range t.cos {
		s, c := math.Sincos(2 * math.Pi * float64(i) / fftSize)
		t.cos[i], t.sin[i] = float32(c), float32(s)
	}
	for i := range t.reverse {
		for bit, from := 1, half/2; from > 0; bit, from = bit*2, from/2 {
			if i&bit != 0 {
				t.reverse[i] |= uint16(from)
			}
		}
	}
	return t
}

// forward transforms x.
func (t *transform) forward(x *[fftSize]float32, out *spectrum) {
	for i := range half {
		r := t.reverse[i]
		t.re[i], t.im[i] = x[2*r], x[2*r+1]
	}
	t.butterflies()
	out.re[0], out.im[0] = t.re[0]+t.im[0], 0
	out.re[half], out.im[half] = t.re[0]-t.im[0], 0
	for k := 1; k <= half/2; k++ {
		n := half - k
		evenR, evenI := (t.re[k]+t.re[n])/2, (t.im[k]-t.im[n])/2
		oddR, oddI := (t.im[k]+t.im[n])/2, (t.re[n]-t.re[k])/2
		c, s := t.cos[k], -t.sin[k]
		r, i := oddR*c-oddI*s, oddR*s+oddI*c
		out.re[k], out.im[k] = evenR+r, evenI+i
		out.re[n], out.im[n] = evenR-r, i-evenI
	}
}

// inverse undoes forward.
func (t *transform) inverse(in *spectrum, x *[fftSize]float32) {
	// The conjugate's forward transform, conjugated, is the inverse.
	for k := range half {
		n := half - k
		evenR, evenI := (in.re[k]+in.re[n])/2, (in.im[k]-in.im[n])/2
		diffR, diffI := (in.re[k]-in.re[n])/2, (in.im[k]+in.im[n])/2
		c, s := t.cos[k], t.sin[k]
		oddR, oddI := diffR*c-diffI*s, diffR*s+diffI*c
		r := t.reverse[k]
		t.re[r], t.im[r] = evenR-oddI, -(evenI + oddR)
	}
	t.butterflies()
	const scale = 1.0 / half
	for i := range half {
		x[2*i], x[2*i+1] = t.re[i]*scale, -t.im[i]*scale
	}
}

// butterflies is a complex FFT of the work area, which is in bit-reversed
// order.
func (t *transform) butterflies() {
	for size := 2; size <= half; size *= 2 {
		step := fftSize / size
		h := size / 2
		for from := 0; from < half; from += size {
			a, b := t.re[from:from+h:from+h], t.im[from:from+h:from+h]
			c, d := t.re[from+h:from+size], t.im[from+h:from+size]
			c, d, b = c[:len(a)], d[:len(a)], b[:len(a)]
			for k := range a {
				wr, wi := t.cos[k*step&(fftSize-1)], -t.sin[k*step&(fftSize-1)]
				r, i := c[k]*wr-d[k]*wi, c[k]*wi+d[k]*wr
				c[k], d[k] = a[k]-r, b[k]-i
				a[k], b[k] = a[k]+r, b[k]+i
			}
		}
	}
}
