package screen

import "tring/engine/internal/i420"

// What is sent at most; larger screens are scaled down. Nothing is shown of what
// is smaller than an encoder's block.
const (
	maxWidth, maxHeight = 1920, 1200
	minSide             = 16

	thumbnailWidth, thumbnailHeight = 320, 200
)

// fit is the size at which w by h pixels are sent: even, and no larger than
// allowed.
func fit(w, h int) (int, int) {
	if w > maxWidth || h > maxHeight {
		w, h = i420.Fit(w, h, maxWidth, maxHeight)
	}
	return max(w&^1, minSide), max(h&^1, minSide)
}
