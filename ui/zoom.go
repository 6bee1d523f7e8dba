package ui

import (
	"os"
	"strconv"
)

// zooms are the sizes of text and controls, in percent of what the system wants.
var zooms = []int{100, 125, 150, 175, 200}

// scaleVariable is how Fyne is told how large to draw; it is read each time that
// the theme is set. There is no other way for a program to say so.
// https://docs.fyne.io/architecture/scaling
const scaleVariable = "FYNE_SCALE"

// zoom enlarges what the system, or whoever started us, wants. The zero value
// leaves everything as it is.
type zoom struct{ base float64 }

// newZoom takes the size that was wanted from outside.
func newZoom(wanted string, settings float32) zoom {
	if base, err := strconv.ParseFloat(wanted, 64); err == nil && base > 0 {
		return zoom{base}
	}
	if settings > 0 {
		return zoom{float64(settings)}
	}
	return zoom{1}
}

// set makes windows opened from now on that large, and others when the theme is
// set next.
func (z zoom) set(percent int) {
	if z.base == 0 {
		return
	}
	_ = os.Setenv(scaleVariable, strconv.FormatFloat(z.base*float64(percent)/100, 'f', 3, 64)) // fails for odd names alone
}
