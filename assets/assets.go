// Package assets embeds what Tring shows: its icons, drawn for it, and its
// words in each language.
//
// Icons are 24x24 SVG files whose only colour is the word currentColor; who
// draws one replaces that word by a colour of the theme.
package assets

import (
	"embed"
	_ "embed" // for AppIcon
)

//go:embed icons/*.svg
var icons embed.FS

// AppIcon is the program's own icon, a PNG of 512x512 pixels.
//
//go:embed icon.png
var AppIcon []byte

// Catalogues are the window's words, a file for each language: de.json maps each
// English sentence to the German one, or to one for each plural form. The test
// of this package says what is missing; with -update it makes room for it.
//
//go:embed translations/*.json
var Catalogues embed.FS

// Icon is the SVG text of an icon by its file name without the ending. The
// second result is false for a name that there is no icon for.
func Icon(name string) ([]byte, bool) {
	data, err := icons.ReadFile("icons/" + name + ".svg")
	return data, err == nil
}

// IconNames lists every icon.
func IconNames() []string {
	entries, err := icons.ReadDir("icons")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name()[:len(e.Name())-len(".svg")])
	}
	return names
}
