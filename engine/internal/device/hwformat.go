package device

import (
	"cmp"
	"math"
	"slices"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"
)

// rankFormats orders the formats that a camera offers, the best first, and
// fills in the rate to ask for. A rate is always asked for: some cameras give
// one picture a second otherwise.
//
// First comes whether there are nearly as many pictures a second as wanted, for
// which an MJPEG that costs some decoding is taken: many cameras give large raw
// pictures ten times a second. Then the shape, since a wrong one means black
// bars; then the size; then the rate itself; then the format that is cheapest
// to read.
func rankFormats(offered []prop.Media, want CameraFormat) []prop.Media {
	usable := slices.DeleteFunc(slices.Clone(offered), func(m prop.Media) bool {
		return formatCost(m.FrameFormat) < 0 || m.Width < 1 || m.Height < 1 ||
			m.Width > maxSide || m.Height > maxSide || m.Width*m.Height > maxPixels
	})
	slices.SortStableFunc(usable, func(a, b prop.Media) int {
		return cmp.Or(
			cmp.Compare(boolInt(isSlow(a, want)), boolInt(isSlow(b, want))),
			cmp.Compare(shapeError(a, want), shapeError(b, want)),
			cmp.Compare(sizeError(a, want), sizeError(b, want)),
			cmp.Compare(rateError(a, want), rateError(b, want)),
			cmp.Compare(formatCost(a.FrameFormat), formatCost(b.FrameFormat)))
	})
	for i := range usable {
		if usable[i].FrameRate == 0 {
			usable[i].FrameRate = float32(want.FPS)
		}
	}
	return usable
}

// isSlow reports whether a format has less than four fifths of the wanted rate:
// 25 for 30 is fine.
func isSlow(m prop.Media, want CameraFormat) bool {
	return m.FrameRate != 0 && float64(m.FrameRate) < want.FPS*4/5
}

// shapeError is how far the aspect ratio is off, in steps of a tenth.
func shapeError(m prop.Media, want CameraFormat) int {
	have := float64(m.Width) / float64(m.Height)
	ask := float64(want.Width) / float64(want.Height)
	return int(math.Round(10 * math.Abs(math.Log2(have/ask))))
}

// sizeError is how far the size is off; too small counts double, because what
// is too large can be scaled down.
func sizeError(m prop.Media, want CameraFormat) int {
	d := math.Log2(float64(m.Width*m.Height) / float64(want.Width*want.Height))
	if d < 0 {
		d *= -2
	}
	return int(math.Round(10 * d))
}

// rateError is how far the rate is off, too slow counting much more. A camera
// that does not tell its rates is taken by its word for the wanted one.
func rateError(m prop.Media, want CameraFormat) int {
	if m.FrameRate == 0 {
		return 0
	}
	d := float64(m.FrameRate) - want.FPS
	if d < -0.5 {
		return int(-100 * d)
	}
	return int(max(0, d))
}

// formatCost orders pixel formats by what reading them costs; -1 is for those
// that cannot be read.
func formatCost(f frame.Format) int {
	switch f {
	case frame.FormatI420:
		return 0
	case frame.FormatYUYV, frame.FormatYUY2, frame.FormatUYVY:
		return 1
	case frame.FormatNV12, frame.FormatNV21:
		return 2
	case frame.FormatMJPEG:
		return 3
	default:
		return -1
	}
}
