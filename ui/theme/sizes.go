package theme

import (
	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// Type scale and radii, in Fyne's units (pixels at scale 1).
const (
	SizeCaption    = base.SizeNameCaptionText    // small print, key letters
	SizeBody       = base.SizeNameText           // everything else
	SizeSubheading = base.SizeNameSubHeadingText // card titles, names in banners
	SizeHeading    = base.SizeNameHeadingText    // screen titles
	SizeDisplay    = fyne.ThemeSizeName("tringDisplay")
	SizeRadius     = fyne.ThemeSizeName("tringRadius")     // buttons
	SizeCardRadius = fyne.ThemeSizeName("tringCardRadius") // cards and sheets
	SizeTipRadius  = fyne.ThemeSizeName("tringTipRadius")  // tips and keys
)

// The spacing grid.
const (
	Gap1 = float32(4)
	Gap2 = float32(8)
	Gap3 = float32(12)
	Gap4 = float32(16)
	Gap6 = float32(24)
	Gap8 = float32(32)

	// Touch is the least height of anything that is pressed.
	Touch = float32(44)
)

var sizes = map[fyne.ThemeSizeName]float32{
	SizeCaption:               12,
	SizeBody:                  14,
	SizeSubheading:            17,
	SizeHeading:               23,
	SizeDisplay:               30,
	SizeRadius:                12,
	SizeCardRadius:            16,
	SizeTipRadius:             6,
	base.SizeNameInputRadius:  10,
	base.SizeNameInnerPadding: 10,
	base.SizeNameScrollBar:    10,
}
