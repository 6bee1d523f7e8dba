package theme

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"sync"

	"fyne.io/fyne/v2"
	"golang.org/x/image/draw"
)

// Badge is a mark on the program's icon in the tray.
type Badge int

// The badges. Each has a shape of its own beside its colour.
const (
	BadgeNone    Badge = iota
	BadgeOffline       // the icon is grey
	BadgeCall          // a green disc
	BadgeMuted         // a red disc with a bar
)

const trayIconSize = 64

var trayIcons sync.Map // Badge to fyne.Resource

// TrayIcon is the program's icon with a badge.
func TrayIcon(b Badge) fyne.Resource {
	if made, ok := trayIcons.Load(b); ok {
		return made.(fyne.Resource)
	}
	var data bytes.Buffer
	if err := png.Encode(&data, trayPicture(b)); err != nil {
		return AppIcon() // encoding into memory does not fail
	}
	icon := fyne.NewStaticResource("tring-tray-"+strconv.Itoa(int(b))+".png", data.Bytes())
	trayIcons.Store(b, icon)
	return icon
}

func trayPicture(b Badge) *image.NRGBA {
	picture := image.NewNRGBA(image.Rect(0, 0, trayIconSize, trayIconSize))
	icon := AppPicture()
	draw.CatmullRom.Scale(picture, picture.Bounds(), icon, icon.Bounds(), draw.Src, nil)
	switch b {
	case BadgeOffline:
		drain(picture)
	case BadgeCall:
		disc(picture, color.NRGBA{0x22, 0xa3, 0x55, 0xff})
	case BadgeMuted:
		disc(picture, color.NRGBA{0xcf, 0x2f, 0x3f, 0xff})
		bar(picture)
	}
	return picture
}

// drain takes the colour out.
func drain(p *image.NRGBA) {
	for i := 0; i < len(p.Pix); i += 4 {
		grey := uint8((299*int(p.Pix[i]) + 587*int(p.Pix[i+1]) + 114*int(p.Pix[i+2])) / 1000)
		p.Pix[i], p.Pix[i+1], p.Pix[i+2] = grey, grey, grey
	}
}

// The disc lies in the lower right corner.
const (
	discRadius = 15
	discCentre = trayIconSize - discRadius - 1
)

// disc draws it with a white rim.
func disc(p *image.NRGBA, fill color.NRGBA) {
	for y := discCentre - discRadius; y <= discCentre+discRadius; y++ {
		for x := discCentre - discRadius; x <= discCentre+discRadius; x++ {
			dx, dy := x-discCentre, y-discCentre
			switch away := dx*dx + dy*dy; {
			case away <= (discRadius-3)*(discRadius-3):
				p.SetNRGBA(x, y, fill)
			case away <= discRadius*discRadius:
				p.SetNRGBA(x, y, color.NRGBA{0xff, 0xff, 0xff, 0xff})
			}
		}
	}
}

// bar crosses the disc.
func bar(p *image.NRGBA) {
	for x := discCentre - discRadius/2 - 1; x <= discCentre+discRadius/2+1; x++ {
		for y := discCentre - 2; y <= discCentre+2; y++ {
			p.SetNRGBA(x, y, color.NRGBA{0xff, 0xff, 0xff, 0xff})
		}
	}
}
