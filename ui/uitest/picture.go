package uitest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"tring/engine"
	"tring/engine/enginetest"
)

// Screens are samples of what could be shared: one has no picture, one has no
// name, one is tall.
func Screens() []engine.Screen {
	shot := func(width, height int, ground color.Color) *image.RGBA {
		picture := image.NewRGBA(image.Rect(0, 0, width, height))
		draw.Draw(picture, picture.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
		page := image.Rect(width/8, height/8, width*7/8, height)
		draw.Draw(picture, page, image.NewUniform(color.White), image.Point{}, draw.Src)
		return picture
	}
	screens := []engine.Screen{
		{ID: "screen:0", Name: "Screen 1", Kind: engine.WholeScreen, Width: 1920, Height: 1080, Thumbnail: shot(320, 180, color.RGBA{70, 90, 150, 255})},
		{ID: "screen:1", Name: "Screen 2", Kind: engine.WholeScreen, Width: 1200, Height: 1920, Thumbnail: shot(125, 200, color.RGBA{60, 120, 90, 255})},
	}
	for i, name := range []string{"Budget 2027 – a spreadsheet with a very long title indeed", "Terminal", "", "Browser"} {
		window := engine.Screen{ID: fmt.Sprintf("window:%d", i), Name: name, Kind: engine.Window, Width: 1024, Height: 768}
		if name != "Terminal" {
			window.Thumbnail = shot(266, 200, color.RGBA{uint8(90 + 40*i), 80, 110, 255})
		}
		screens = append(screens, window)
	}
	return screens
}

// Scene paints something that looks a little like a person in a room, moved a
// bit by step.
func Scene(step int) enginetest.Painter {
	return func(pix []byte, width, height int) {
		centre, head := width/2+(step%40-20)*width/400, height/5
		top := height * 2 / 5
		for y := range height {
			for x := range width {
				i := 4 * (y*width + x)
				r, g, b := 70+60*x/width, 92+70*y/height, 130-30*x/width
				dx, dy := x-centre, y-top
				if dx*dx+dy*dy < head*head {
					r, g, b = 226, 180, 150
				}
				by := y - height
				if dx*dx/3+by*by < height*height/5 && dy > head*4/5 {
					r, g, b = 52, 84, 140
				}
				pix[i], pix[i+1], pix[i+2], pix[i+3] = byte(r), byte(g), byte(b), 255
			}
		}
	}
}
