package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
)

// wrapper breaks text into lines. It remembers the widths of words, since a
// log says the same words over and over.
type wrapper struct {
	size   float32
	style  fyne.TextStyle
	widths map[string]float32
}

// maxWords bounds what a wrapper remembers.
const maxWords = 4096

func newWrapper(size float32, style fyne.TextStyle) *wrapper {
	return &wrapper{size: size, style: style, widths: map[string]float32{}}
}

func (w *wrapper) width(word string) float32 {
	if width, known := w.widths[word]; known {
		return width
	}
	if len(w.widths) >= maxWords {
		clear(w.widths)
	}
	width := fyne.MeasureText(word, w.size, w.style).Width
	w.widths[word] = width
	return width
}

// lines breaks text at spaces and line ends, and inside a word that is wider
// than width. With maxLines > 0 the last line allowed ends in an ellipsis if
// there is more.
func (w *wrapper) lines(text string, width float32, maxLines int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, w.paragraph(paragraph, width)...)
	}
	if maxLines > 0 && len(lines) > maxLines {
		rest := strings.Join(lines[maxLines-1:], " ")
		lines = append(lines[:maxLines-1:maxLines-1], cutTo(rest, width, w.size, w.style))
	}
	return lines
}

func (w *wrapper) paragraph(text string, width float32) []string {
	space := w.width(" ")
	var lines []string
	line, used := "", float32(0)
	for word := range strings.FieldsSeq(text) {
		for i, piece := range w.pieces(word, width) {
			wide := w.width(piece)
			if line != "" && used+space+wide <= width && i == 0 {
				line, used = line+" "+piece, used+space+wide
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			line, used = piece, wide
		}
	}
	return append(lines, line)
}

// pieces cuts a word that is wider than a line, after hyphens if it has any.
func (w *wrapper) pieces(word string, width float32) []string {
	if w.width(word) <= width || width <= 0 {
		return []string{word}
	}
	var pieces []string
	for part := range strings.SplitAfterSeq(word, "-") {
		last := len(pieces) - 1
		switch {
		case part == "":
		case last >= 0 && w.width(pieces[last])+w.width(part) <= width:
			pieces[last] += part
		default:
			pieces = append(pieces, w.slices(part, width)...)
		}
	}
	return pieces
}

// slices cuts a word without hyphens wherever a line ends.
func (w *wrapper) slices(word string, width float32) []string {
	var slices []string
	start, used := 0, float32(0)
	for i, r := range word {
		wide := w.width(string(r))
		if used+wide > width && i > start {
			slices = append(slices, word[start:i])
			start, used = i, 0
		}
		used += wide
	}
	return append(slices, word[start:])
}
