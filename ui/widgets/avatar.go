package widgets

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tring/ui/theme"
)

// Avatar is a disc with somebody's initials. The colour goes by the address,
// so that one person keeps it.
type Avatar struct {
	widget.BaseWidget

	side          float32
	name, address string
}

// NewAvatar is an empty disc of that diameter.
func NewAvatar(side float32) *Avatar {
	a := &Avatar{side: side}
	a.ExtendBaseWidget(a)
	return a
}

// Set says whose it is.
func (a *Avatar) Set(name, address string) {
	if a.name == name && a.address == address {
		return
	}
	a.name, a.address = name, address
	a.Refresh()
}

// SetSide changes the diameter.
func (a *Avatar) SetSide(side float32) {
	if a.side == side {
		return
	}
	a.side = side
	a.Refresh()
}

// Initials are one or two capital letters for a name, or for an address if
// there is no name: "Bob Smith" BS, "bob.smith@example.com" BS, "+49…" #.
func Initials(name, address string) string {
	source := strings.TrimSpace(name)
	if source == "" {
		source, _, _ = strings.Cut(address, "@")
	}
	words := strings.FieldsFunc(source, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 {
		if source == "" {
			return "?"
		}
		return "#"
	}
	first, last := []rune(words[0])[0], []rune(words[len(words)-1])[0]
	if len(words) == 1 {
		return string(unicode.ToUpper(first))
	}
	return string(unicode.ToUpper(first)) + string(unicode.ToUpper(last))
}

// CreateRenderer implements fyne.Widget.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	r := &avatarRenderer{a: a, disc: canvas.NewCircle(nil), letters: canvas.NewText("", nil)}
	r.letters.Alignment = fyne.TextAlignCenter
	r.letters.TextStyle.Bold = true
	r.Refresh()
	return r
}

type avatarRenderer struct {
	a       *Avatar
	disc    *canvas.Circle
	letters *canvas.Text
}

func (r *avatarRenderer) Destroy()           {}
func (r *avatarRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(r.a.side) }
func (r *avatarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.disc, r.letters}
}

func (r *avatarRenderer) Layout(size fyne.Size) {
	side := min(size.Width, size.Height)
	at := fyne.NewPos((size.Width-side)/2, (size.Height-side)/2)
	r.disc.Resize(fyne.NewSquareSize(side))
	r.disc.Move(at)
	r.letters.TextSize = side * 0.38
	height := r.letters.MinSize().Height
	r.letters.Resize(fyne.NewSize(side, height))
	r.letters.Move(at.AddXY(0, (side-height)/2))
}

func (r *avatarRenderer) Refresh() {
	r.disc.FillColor = theme.Avatar(r.a.address)
	r.letters.Color = theme.Color(r.a, theme.ColorOnAction)
	r.letters.Text = Initials(r.a.name, r.a.address)
	r.Layout(r.a.Size().Max(r.MinSize()))
	canvas.Refresh(r.a)
}
