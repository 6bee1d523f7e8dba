package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// Roles of our own, beside Fyne's. The stage is where calls are drawn; it is
// dark in both variants, since pictures look best on it.
const (
	ColorText        = base.ColorNameForeground
	ColorMuted       = base.ColorNamePlaceHolder
	ColorBackground  = base.ColorNameBackground
	ColorInput       = base.ColorNameInputBackground
	ColorInputBorder = base.ColorNameInputBorder
	ColorPrimary     = base.ColorNamePrimary
	ColorOnPrimary   = base.ColorNameForegroundOnPrimary
	ColorSurface     = fyne.ThemeColorName("tringSurface")     // cards and panels
	ColorOutline     = fyne.ThemeColorName("tringOutline")     // their borders
	ColorNeutral     = fyne.ThemeColorName("tringNeutral")     // plain buttons
	ColorTrack       = fyne.ThemeColorName("tringTrack")       // behind segments
	ColorChosen      = fyne.ThemeColorName("tringChosen")      // the chosen segment
	ColorPrimarySoft = fyne.ThemeColorName("tringPrimarySoft") // tinted cards
	ColorPrimaryText = fyne.ThemeColorName("tringPrimaryText") // brand colour, readable as text
	ColorAnswer      = fyne.ThemeColorName("tringAnswer")
	ColorReject      = fyne.ThemeColorName("tringReject")
	ColorOnAction    = fyne.ThemeColorName("tringOnAction") // text on answer and reject
	ColorGood        = fyne.ThemeColorName("tringGood")     // state words
	ColorBusy        = fyne.ThemeColorName("tringBusy")
	ColorBad         = fyne.ThemeColorName("tringBad")
	ColorWarnSoft    = fyne.ThemeColorName("tringWarnSoft") // notice banners
	ColorBadSoft     = fyne.ThemeColorName("tringBadSoft")
	ColorDisabled    = base.ColorNameDisabled
	ColorDisabledBG  = base.ColorNameDisabledButton
	ColorHover       = base.ColorNameHover
	ColorPressed     = base.ColorNamePressed
	ColorFocus       = fyne.ThemeColorName("tringFocus") // the ring around what has the keyboard
	ColorScrim       = fyne.ThemeColorName("tringScrim") // dims what lies under a sheet

	ColorStage        = fyne.ThemeColorName("tringStage")
	ColorStageText    = fyne.ThemeColorName("tringStageText")
	ColorStageMuted   = fyne.ThemeColorName("tringStageMuted")
	ColorStageBar     = fyne.ThemeColorName("tringStageBar")
	ColorStageButton  = fyne.ThemeColorName("tringStageButton")
	ColorStageOff     = fyne.ThemeColorName("tringStageOff")     // a muted control's ground
	ColorStageOffText = fyne.ThemeColorName("tringStageOffText") // and its word
	ColorStageWarn    = fyne.ThemeColorName("tringStageWarn")
	ColorStageGood    = fyne.ThemeColorName("tringStageGood")
	ColorStageShade   = fyne.ThemeColorName("tringStageShade") // behind words over a picture
	ColorStageDim     = fyne.ThemeColorName("tringStageDim")   // over a picture that is not moving
	ColorNote         = fyne.ThemeColorName("tringNote")       // short messages over everything
)

type shade struct{ light, dark color.NRGBA }

func rgb(hex uint32) color.NRGBA { return rgba(hex, 255) }

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}

func both(c color.NRGBA) shade { return shade{c, c} }

// palette holds the roles that differ from Fyne's own theme. Text roles keep
// a contrast of at least 4.5:1 on the grounds they are drawn on; a test
// computes it.
var palette = map[fyne.ThemeColorName]shade{
	base.ColorNameBackground:          {rgb(0xf4f5fa), rgb(0x12141b)},
	base.ColorNameForeground:          {rgb(0x171a24), rgb(0xeceef6)},
	base.ColorNamePlaceHolder:         {rgb(0x5b6274), rgb(0xa0a7ba)},
	base.ColorNamePrimary:             {rgb(0x4a48e0), rgb(0x5f60f0)},
	base.ColorNameForegroundOnPrimary: both(rgb(0xffffff)),
	base.ColorNameHyperlink:           {rgb(0x4340d6), rgb(0xa5abff)},
	base.ColorNameFocus:               {rgba(0x4a48e0, 0x30), rgba(0x9aa2ff, 0x38)},
	base.ColorNameSelection:           {rgba(0x4a48e0, 0x40), rgba(0x7f85ff, 0x60)},
	base.ColorNameInputBackground:     {rgb(0xffffff), rgb(0x1c1f29)},
	base.ColorNameInputBorder:         {rgb(0xc6cad8), rgb(0x3a4050)},
	base.ColorNameButton:              {rgb(0xe7e9f2), rgb(0x292d3a)},
	base.ColorNameDisabledButton:      {rgb(0xe9ebf1), rgb(0x20232d)},
	base.ColorNameDisabled:            {rgb(0x9298a8), rgb(0x656c7e)},
	base.ColorNameHover:               {rgba(0x10142a, 0x10), rgba(0xffffff, 0x14)},
	base.ColorNamePressed:             {rgba(0x10142a, 0x22), rgba(0xffffff, 0x26)},
	base.ColorNameSeparator:           {rgb(0xdfe2ec), rgb(0x2b303d)},
	base.ColorNameMenuBackground:      {rgb(0xffffff), rgb(0x222632)},
	base.ColorNameOverlayBackground:   {rgb(0xffffff), rgb(0x1c1f29)},
	base.ColorNameShadow:              {rgba(0x0b1030, 0x30), rgba(0x000000, 0x80)},
	base.ColorNameScrollBar:           {rgba(0x10142a, 0x60), rgba(0xffffff, 0x60)},
	base.ColorNameError:               {rgb(0xc6293a), rgb(0xff8087)},
	base.ColorNameSuccess:             {rgb(0x14773d), rgb(0x56d08b)},
	base.ColorNameWarning:             {rgb(0x8f5600), rgb(0xf3b74f)},

	ColorSurface:     {rgb(0xffffff), rgb(0x1b1e28)},
	ColorOutline:     {rgb(0xe1e4ee), rgb(0x2b303d)},
	ColorNeutral:     {rgb(0xe9ebf4), rgb(0x2a2f3c)},
	ColorTrack:       {rgb(0xe6e8f2), rgb(0x1b1e28)},
	ColorChosen:      {rgb(0xffffff), rgb(0x363c4d)},
	ColorPrimarySoft: {rgb(0xeaeaff), rgb(0x23254a)},
	ColorPrimaryText: {rgb(0x4340d6), rgb(0xb1b6ff)},
	ColorAnswer:      both(rgb(0x178044)),
	ColorReject:      both(rgb(0xcf2f3f)),
	ColorOnAction:    both(rgb(0xffffff)),
	ColorGood:        {rgb(0x14773d), rgb(0x56d08b)},
	ColorBusy:        {rgb(0x8f5600), rgb(0xf3b74f)},
	ColorBad:         {rgb(0xc6293a), rgb(0xff8087)},
	ColorWarnSoft:    {rgb(0xfff2d8), rgb(0x3a2f17)},
	ColorBadSoft:     {rgb(0xffe6e8), rgb(0x40202a)},
	ColorFocus:       {rgb(0x6e6cf5), rgb(0x9aa2ff)},
	ColorScrim:       {rgba(0x0b0e1a, 0x8c), rgba(0x05060a, 0xb4)},

	ColorStage:        both(rgb(0x0d0f15)),
	ColorStageText:    both(rgb(0xf5f6fb)),
	ColorStageMuted:   both(rgb(0xb3b9c9)),
	ColorStageBar:     both(rgba(0x1a1d27, 0xf0)),
	ColorStageButton:  both(rgb(0x313747)),
	ColorStageOff:     both(rgb(0x5a2530)),
	ColorStageOffText: both(rgb(0xffb9bf)),
	ColorStageWarn:    both(rgb(0xffd166)),
	ColorStageGood:    both(rgb(0x56d08b)),
	ColorStageShade:   both(rgba(0x0d0f15, 0xb0)),
	ColorStageDim:     both(rgba(0x0d0f15, 0x90)),
	ColorNote:         both(rgb(0x262b39)),
}

// strong are the roles that differ from dark in HighContrast.
var strong = map[fyne.ThemeColorName]color.NRGBA{
	base.ColorNameBackground:          rgb(0x000000),
	base.ColorNameForeground:          rgb(0xffffff),
	base.ColorNamePlaceHolder:         rgb(0xe6e6e6),
	base.ColorNamePrimary:             rgb(0xffe14d),
	base.ColorNameForegroundOnPrimary: rgb(0x000000),
	base.ColorNameHyperlink:           rgb(0xc8ccff),
	base.ColorNameInputBackground:     rgb(0x000000),
	base.ColorNameInputBorder:         rgb(0xffffff),
	base.ColorNameButton:              rgb(0x222222),
	base.ColorNameDisabled:            rgb(0xa8a8a8),
	base.ColorNameSeparator:           rgb(0xffffff),
	base.ColorNameMenuBackground:      rgb(0x262626),
	base.ColorNameOverlayBackground:   rgb(0x1a1a1a),
	base.ColorNameScrollBar:           rgb(0xffffff),
	base.ColorNameSelection:           rgb(0x4a48e0),
	base.ColorNameHover:               rgba(0xffffff, 0x40),
	base.ColorNamePressed:             rgba(0xffffff, 0x60),
	base.ColorNameError:               rgb(0xffb0b4),
	base.ColorNameSuccess:             rgb(0x8df0b4),
	base.ColorNameWarning:             rgb(0xffd88a),

	ColorSurface:     rgb(0x000000),
	ColorOutline:     rgb(0xffffff),
	ColorNeutral:     rgb(0x333333),
	ColorTrack:       rgb(0x000000),
	ColorChosen:      rgb(0x444444),
	ColorPrimarySoft: rgb(0x10124a),
	ColorPrimaryText: rgb(0xd5d8ff),
	ColorAnswer:      rgb(0x0b5c2d),
	ColorReject:      rgb(0x9b1a28),
	ColorGood:        rgb(0x8df0b4),
	ColorBusy:        rgb(0xffd88a),
	ColorBad:         rgb(0xffb0b4),
	ColorWarnSoft:    rgb(0x2e2200),
	ColorBadSoft:     rgb(0x350a12),
	ColorFocus:       rgb(0xffe14d),
	ColorScrim:       rgba(0x000000, 0xd0),

	ColorStage:        rgb(0x000000),
	ColorStageText:    rgb(0xffffff),
	ColorStageMuted:   rgb(0xe6e6e6),
	ColorStageBar:     rgb(0x000000),
	ColorStageButton:  rgb(0x333333),
	ColorStageOff:     rgb(0x4a0d18),
	ColorStageOffText: rgb(0xffd5d8),
	ColorStageShade:   rgba(0x000000, 0xe0),
	ColorNote:         rgb(0x1a1a1a),
}

// avatarGrounds are dark enough for white letters.
var avatarGrounds = [...]color.NRGBA{
	rgb(0x5b4bd6), rgb(0x0f766e), rgb(0xb4472a), rgb(0x2563b8),
	rgb(0x9d3f8d), rgb(0x4d7325), rgb(0x8a5a12), rgb(0xb23a58),
}

// Avatar is the ground of the avatar of somebody, always the same for one key.
func Avatar(key string) color.Color {
	hash := uint32(2166136261) // FNV-1a
	for i := range len(key) {
		hash = (hash ^ uint32(key[i])) * 16777619
	}
	return avatarGrounds[hash%uint32(len(avatarGrounds))]
}
