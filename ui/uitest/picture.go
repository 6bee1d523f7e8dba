package uitest

import "tring/engine/enginetest"

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
