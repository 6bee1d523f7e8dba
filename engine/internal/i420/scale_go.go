package i420

// goScalePlane resamples a plane the way libyuv's box filter does: the mean of
// the covered pixels where either side shrinks to less than half, bilinear
// otherwise.
func goScalePlane(dst, src plane) {
	if 2*dst.w < src.w || 2*dst.h < src.h {
		boxPlane(dst, src)
		return
	}
	bilinearPlane(dst, src)
}

func boxPlane(dst, src plane) {
	sums := make([]int, src.w)
	for y := range dst.h {
		top, bottom := span(y, dst.h, src.h)
		clear(sums)
		for sy := top; sy < bottom; sy++ {
			for x, v := range src.row(sy) {
				sums[x] += int(v)
			}
		}
		out := dst.row(y)
		for x := range out {
			left, right := span(x, dst.w, src.w)
			total := 0
			for _, v := range sums[left:right] {
				total += v
			}
			n := (right - left) * (bottom - top)
			out[x] = byte((total + n/2) / n)
		}
	}
}

// span is the range of source pixels that target pixel i covers, at least one.
func span(i, dst, src int) (from, to int) {
	from = i * src / dst
	return from, max(from+1, (i+1)*src/dst)
}

func bilinearPlane(dst, src plane) {
	columns := make([]tap, dst.w)
	for x := range columns {
		columns[x] = tapAt(x, dst.w, src.w)
	}
	for y := range dst.h {
		line := tapAt(y, dst.h, src.h)
		a, b := src.row(line.at), src.row(line.next)
		out := dst.row(y)
		for x := range out {
			c := columns[x]
			upper := int(a[c.at])<<8 + c.weight*(int(a[c.next])-int(a[c.at]))
			lower := int(b[c.at])<<8 + c.weight*(int(b[c.next])-int(b[c.at]))
			out[x] = byte((upper<<8 + line.weight*(lower-upper) + 1<<15) >> 16)
		}
	}
}

// tap is a pair of source pixels; weight is that of next, of 256.
type tap struct{ at, next, weight int }

// tapAt places target pixel i among the source pixels: centre on centre when
// shrinking, edge on edge when growing.
func tapAt(i, dst, src int) tap {
	var pos int // in 1/256 pixels
	switch {
	case dst <= src:
		pos = ((2*i+1)*src*128)/dst - 128
	case dst > 1:
		pos = i * (src - 1) * 256 / (dst - 1)
	}
	pos = max(pos, 0)
	at := min(pos>>8, src-1)
	return tap{at, min(at+1, src-1), pos & 255}
}
