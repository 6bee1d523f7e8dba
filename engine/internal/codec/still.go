package codec

// What stands still before a camera is never the same twice: each pixel has the
// noise of the sensor. Coding that noise again for each picture takes a third of
// the encoder's time and the bits that the face could use. libvpx leaves a block
// of 16x16 pixels as it was where its squared error is below a threshold, which
// is fixed from outside; here it follows the quantizer: an error that coding
// would not make much smaller is not worth coding.
const (
	// stillFactor times the square of the quantizer's step is the squared error
	// of a block below which it is still. At 0.75 half of what can be saved is
	// saved; at 1.5 the uncovered background behind something that moves is
	// off by two levels here and there. See BenchmarkVP8Still.
	stillFactor = 1.25

	// mostStill is the threshold at most: 17.6 for each pixel, which is 4.2
	// levels if all are off alike. Beyond it shows.
	mostStill = 4500

	// starved is the quantizer from which on every bit counts and still blocks
	// are still badly coded: nothing is left as it was.
	starved = 100

	leastStill = 1 // 0 would switch off what libvpx does by itself
)

// stillThreshold is what libvpx is told after a frame with this quantizer index,
// 0 to 127.
func stillThreshold(quantizer int) int {
	if quantizer < 0 || quantizer >= starved {
		return leastStill
	}
	step := float64(acStep(quantizer))
	return max(leastStill, min(mostStill, int(stillFactor*step*step)))
}

// acStep is the step of the quantizer for all but the mean of a block, for an
// index from 0 to 127 (RFC 6386 section 14.1). The table there grows by 1 up to
// 58, by 2 up to 116 and by 3 up to 155, where it no longer matters.
func acStep(index int) int {
	switch {
	case index <= 54:
		return 4 + index
	case index <= 83:
		return 58 + 2*(index-54)
	}
	return 116 + 3*(index-83)
}
