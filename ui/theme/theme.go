// Package theme is how Tring looks. What was chosen, and why:
//
// Colours have roles, not names: nothing outside this package says "red". Each
// role has a light and a dark value; high contrast replaces some of the dark
// ones. Every word keeps 4.5:1 against the grounds that it stands on, 7:1 in high
// contrast (WCAG 2.1, 1.4.3 and 1.4.6), and a test computes it. Nothing is said by
// colour alone: what is off is slashed and says so, what is missed has an arrow
// and the word. Calls are drawn on a stage that is dark in every look, since
// pictures look best on it.
//
// Type has five sizes (12, 14, 17, 23, 30), of which a screen uses three at most:
// small print, text, and one title. Weight, not size, tells a name from what
// stands below it.
//
// Space is a grid of four: 4 and 8 within a thing, 12 and 16 between things, 24
// and 32 between groups. Whatever is pressed is 44 high at least, and what ends or
// rejects a call stands apart from what does not.
//
// Corners are round by 12 on buttons and fields, by 16 on cards and sheets, which
// have a hairline in place of a shadow.
//
// Icons are drawn for a grid of 24 with strokes of 1.8 (package assets) in the
// colour of the words beside them.
//
// Nothing moves but pictures, levels and clocks. The call's bar comes and goes at
// once: a fade would redraw the picture below it many times a second.
//
// Widgets ask for a role each time they are refreshed, so that a change of the
// look is only a refresh.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// Mode is what the user chose.
type Mode string

// The modes; System follows the desktop.
const (
	System Mode = "system"
	Light  Mode = "light"
	Dark   Mode = "dark"

	// HighContrast is for eyes that need more: black and white, lines around
	// everything that can be pressed, and seven to one for every word (WCAG 2.1,
	// 1.4.6).
	HighContrast Mode = "high-contrast"
)

// Theme is Tring's look in one Mode.
type Theme struct{ mode Mode }

var _ fyne.Theme = (*Theme)(nil)

// New is the theme for mode; an unknown mode is System.
func New(mode Mode) *Theme { return &Theme{mode: mode} }

// Mode is the mode it was made for.
func (t *Theme) Mode() Mode { return t.mode }

// Color implements fyne.Theme. variant is the desktop's wish, used in System.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.mode {
	case Light:
		variant = base.VariantLight
	case Dark:
		variant = base.VariantDark
	case HighContrast:
		variant = base.VariantDark
		if c, known := strong[name]; known {
			return c
		}
	}
	shade, known := palette[name]
	if !known {
		return base.DefaultTheme().Color(name, variant)
	}
	if variant == base.VariantLight {
		return shade.light
	}
	return shade.dark
}

// Font implements fyne.Theme.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource { return base.DefaultTheme().Font(style) }

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return base.DefaultTheme().Icon(name) }

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if size, known := sizes[name]; known {
		return size
	}
	return base.DefaultTheme().Size(name)
}

// Color is role in the theme that w is drawn with.
func Color(w fyne.Widget, role fyne.ThemeColorName) color.Color {
	return base.CurrentForWidget(w).Color(role, fyne.CurrentApp().Settings().ThemeVariant())
}

// Size is a size in the theme that w is drawn with.
func Size(w fyne.Widget, name fyne.ThemeSizeName) float32 {
	return base.CurrentForWidget(w).Size(name)
}
