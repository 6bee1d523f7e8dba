package main

import (
	"image"
	"testing"
	"time"
)

// TestE2EPerson is somebody's first ten minutes: the demo, a call by keyboard
// alone, everything on the bar, the history, and a call back by mouse. Each
// step is judged by what can be seen, and kept if TRING_SCREENSHOTS names a
// folder.
func TestE2EPerson(t *testing.T) {
	binary(t, "tring")
	s := newScreen(t)
	a := newAlbum(t, "person")
	s.run([]string{"FYNE_THEME=light"}, "--demo")
	s.await("the window", func(img image.Image) bool { return colours(img) > 60 })
	s.place("Tring", 1000, 680)
	a.keep(s, "first-start")

	s.dial("echo")
	s.await("the echo's picture", showsVideo)
	s.pause(time.Second)
	a.keep(s, "call")
	s.keys("m")
	s.await("the muted microphone", func(img image.Image) bool { return mutedMark(crop(img, s.window)) })
	a.keep(s, "muted")
	s.tool("keydown", "space")
	s.await("the microphone open while Space is held", func(img image.Image) bool { return !mutedMark(crop(img, s.window)) })
	a.keep(s, "heard")
	s.tool("keyup", "space")
	s.await("the microphone muted again", func(img image.Image) bool { return mutedMark(crop(img, s.window)) })
	s.keys("m")
	s.await("the open microphone", func(img image.Image) bool { return !mutedMark(crop(img, s.window)) })
	s.keys("v")
	s.await("the camera turned off", func(img image.Image) bool { return mutedMark(crop(img, s.window)) })
	a.keep(s, "camera-off")
	s.keys("v")
	s.await("the camera turned on", func(img image.Image) bool { return !mutedMark(crop(img, s.window)) })
	s.keys("d", "1", "2", "numbersign")
	a.keep(s, "keypad")
	s.keys("Escape", "a")
	a.keep(s, "microphone-speaker")
	s.keys("c")
	a.keep(s, "cameras")
	s.keys("Escape", "n")
	a.keep(s, "numbers")
	s.keys("n", "h")
	s.await("the call on hold", func(img image.Image) bool { return !showsVideo(img) })
	a.keep(s, "hold")
	s.keys("h")
	s.await("the call back from hold", showsVideo)
	s.keys("ctrl+shift+h")
	s.await("the end of the call", func(img image.Image) bool { return !showsVideo(img) })
	a.keep(s, "end")

	s.await("a call back by mouse", func(img image.Image) bool {
		if showsVideo(img) {
			return true
		}
		// The video button of the newest call's row: it is there from the moment
		// that the end screen is gone.
		if button, found := redialButton(crop(img, s.window)); found {
			s.click(button.X, button.Y)
		}
		return false
	})
	a.keep(s, "redial")
	s.keys("ctrl+shift+h")
	s.await("the end of the second call", func(img image.Image) bool { return !showsVideo(img) })
	a.sheet()
}

// mutedMark finds the dark red of a microphone that is off in the bar's left
// half.
func mutedMark(img image.Image) bool {
	n := 0
	b := img.Bounds()
	for y := b.Max.Y - 90; y < b.Max.Y; y += 3 {
		for x := b.Min.X; x < (b.Min.X+b.Max.X)/2; x += 3 {
			r, g, b, _ := img.At(x, y).RGBA()
			if r>>8 > 70 && r>>8 < 120 && g>>8 < 50 && b>>8 < 70 {
				n++
			}
		}
	}
	return n > 100
}

// redialButton finds the icon in the newest row of the recent calls: the first
// thing below the tabs in the colour of what can be pressed, in the light look.
func redialButton(img image.Image) (image.Point, bool) {
	b := img.Bounds()
	for y := b.Min.Y + 250; y < b.Max.Y; y++ {
		for x := b.Min.X + 500; x < b.Min.X+640 && x < b.Max.X; x++ {
			r, g, b8, _ := img.At(x, y).RGBA()
			if r>>8 == 0x43 && g>>8 == 0x40 && b8>>8 == 0xd6 {
				return image.Pt(x-b.Min.X+3, y-b.Min.Y+5), true
			}
		}
	}
	return image.Point{}, false
}
