package i420

// The conversions in Go. They are what the build tag noyuv runs, and in every
// build what the tests compare libyuv with.

// BT.601, limited range, in 16.16 fixed point: Y 16–235, chroma 16–240.
const (
	yToRGB = 76309  // 255/219
	rFromV = 104597 // 1.402 × 255/224
	gFromU = 25675  // 0.344 × 255/224
	gFromV = 53279  // 0.714 × 255/224
	bFromU = 132201 // 1.772 × 255/224
)

func goToRGBA(dst plane, src [3]plane) {
	for y := range dst.h {
		out, luma := dst.row(y), src[0].row(y)
		us, vs := src[1].row(y/2), src[2].row(y/2)
		for x, l := range luma {
			c := yToRGB*(int32(l)-16) + 1<<15
			u, v := int32(us[x/2])-128, int32(vs[x/2])-128
			px := out[4*x : 4*x+4 : 4*x+4]
			px[0] = clamp(c + rFromV*v)
			px[1] = clamp(c - gFromU*u - gFromV*v)
			px[2] = clamp(c + bFromU*u)
			px[3] = 255
		}
	}
}

// clamp brings a 16.16 number into a byte.
func clamp(v int32) byte {
	switch {
	case v < 0:
		return 0
	case v >= 256<<16:
		return 255
	}
	return byte(v >> 16)
}

func goFromRGBA(dst [3]plane, src plane) { goFromPacked(dst, src, 0, 2) }

//nolint:unused // of the build without libyuv, like its neighbours
func goFromBGRA(dst [3]plane, src plane) { goFromPacked(dst, src, 2, 0) }

// goFromPacked takes pixels of four bytes: green is the second, ri and bi say
// where red and blue are.
func goFromPacked(dst [3]plane, src plane, ri, bi int) {
	for y := range dst[0].h {
		in, luma := src.row(y), dst[0].row(y)
		for x := range luma {
			r, g, b := int(in[4*x+ri]), int(in[4*x+1]), int(in[4*x+bi])
			luma[x] = byte((66*r + 129*g + 25*b + 16<<8 + 128) >> 8)
		}
	}
	for y := range dst[1].h {
		a, b := src.row(2*y), src.row(min(2*y+1, src.h-1))
		us, vs := dst[1].row(y), dst[2].row(y)
		for x := range us {
			i := 8 * x
			j := min(i+4, len(a)-4)
			mean := func(k int) int { return (int(a[i+k]) + int(a[j+k]) + int(b[i+k]) + int(b[j+k]) + 2) / 4 }
			red, green, blue := mean(ri), mean(1), mean(bi)
			us[x] = byte((112*blue - 74*green - 38*red + 128<<8 + 128) >> 8)
			vs[x] = byte((112*red - 94*green - 18*blue + 128<<8 + 128) >> 8)
		}
	}
}

func goFromYUYV(dst [3]plane, src plane) {
	for y := range dst[0].h {
		in, luma := src.row(y), dst[0].row(y)
		for x := range luma {
			luma[x] = in[2*x]
		}
	}
	for y := range dst[1].h {
		a, b := src.row(2*y), src.row(min(2*y+1, src.h-1))
		us, vs := dst[1].row(y), dst[2].row(y)
		for x := range us {
			us[x] = byte((int(a[4*x+1]) + int(b[4*x+1]) + 1) / 2)
			vs[x] = byte((int(a[4*x+3]) + int(b[4*x+3]) + 1) / 2)
		}
	}
}

func goFromNV12(dst [3]plane, luma, pairs plane) {
	copyPlane(dst[0], luma)
	for y := range dst[1].h {
		in, us, vs := pairs.row(y), dst[1].row(y), dst[2].row(y)
		for x := range us {
			us[x], vs[x] = in[2*x], in[2*x+1]
		}
	}
}
