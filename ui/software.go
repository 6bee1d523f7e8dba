package ui

import (
	"log/slog"
	"os"

	"tring/ui/widgets"
)

// Where there is no graphics card, Mesa draws with the processor (llvmpipe), and
// every picture of a call draws the whole window. Nothing of Fyne uses depth, so
// the buffer for it need not be cleared and kept: that saves a twelfth of a
// call's processor time. Other drivers do not know the variable.
// https://docs.mesa3d.org/envvars.html
const (
	softwareVariable = "LP_PERF"
	softwareWish     = "no_depth"
)

// drawLean must come before the first window. What the user has set stays.
func drawLean() {
	if _, set := os.LookupEnv(softwareVariable); !set {
		_ = os.Setenv(softwareVariable, softwareWish) // fails for odd names alone
	}
}

// picturesVariable says who draws the pictures of a call: Tring itself, or, where
// a driver does not bear that, Fyne.
const (
	picturesVariable = "TRING_PICTURES"
	picturesByFyne   = "fyne"
)

// drawDirectly must come before the first window.
func drawDirectly(log *slog.Logger) {
	if os.Getenv(picturesVariable) != picturesByFyne {
		widgets.DrawDirectly(log)
	}
}
