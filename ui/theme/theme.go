// Package theme is how Tring looks: colours by role for light and dark, sizes
// on a grid of four, and the icons of package assets in those colours.
//
// Nothing outside this package names a colour. Widgets ask the theme for a
// role (ColorAnswer, ColorStage, …) each time they are refreshed, so that a
// change between light and dark is only a refresh.
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
