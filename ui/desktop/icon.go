package desktop

import (
	"image"

	"golang.org/x/image/draw"
)

// iconSize is the side of the picture beside an alert, in pixels: desktops
// scale it down to their own size.
const iconSize = 96

// picture is an image as the desktop notifications specification sends it,
// "image-data": rows of red, green, blue and alpha, not premultiplied.
type picture struct {
	Width, Height, Stride int32
	Alpha                 bool
	BitsPerSample         int32
	Channels              int32
	Data                  []byte
}

func imageData(icon image.Image) picture {
	small := image.NewNRGBA(image.Rect(0, 0, iconSize, iconSize))
	if icon != nil {
		draw.ApproxBiLinear.Scale(small, small.Bounds(), icon, icon.Bounds(), draw.Src, nil)
	}
	return picture{iconSize, iconSize, int32(small.Stride), true, 8, 4, small.Pix}
}
