package main

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestE2EPicturesAlike: a picture that Tring draws by itself looks, to the pixel,
// as one that Fyne draws.
func TestE2EPicturesAlike(t *testing.T) {
	binary(t, "tring")
	still := stillClip(t)
	var fyne image.Image
	for _, env := range [][]string{{"TRING_PICTURES=fyne"}, nil} {
		s := newScreenOf(t, 800, 700)
		log := filepath.Join(t.TempDir(), "tring.log")
		s.run(env, "--demo", "--camera", still, "--microphone", "none", "--speaker", "none", "--log-file", log)
		s.await("the window", func(img image.Image) bool { return colours(img) > 60 })
		s.place("Tring", 700, 600)
		s.keys("ctrl+comma")
		s.await("the camera's picture in the settings", func(img image.Image) bool {
			return colours(crop(img, s.window)) > 500
		})
		s.pause(time.Second) // many pictures of the same
		if text, err := os.ReadFile(log); err != nil || bytes.Contains(text, []byte("pictures are drawn directly")) == (env != nil) {
			t.Errorf("with %v the log says: %s (%v)", env, text, err)
		}
		sheet := s.window.Inset(90) // without what may still go on around it
		if img := crop(s.settled(), sheet); fyne == nil {
			fyne = img
		} else if !same(img, fyne) {
			t.Errorf("%s is drawn by Fyne, %s is not", keep(fyne), keep(img))
		}
	}
}

// stillClip is a camera that sees one picture, with each colour at its place.
func stillClip(t *testing.T) string {
	t.Helper()
	const width, height = 320, 180
	var clip bytes.Buffer
	clip.WriteString("YUV4MPEG2 W320 H180 F30:1 Ip A1:1 C420jpeg\nFRAME\n")
	for plane, size := range []image.Point{{width, height}, {width / 2, height / 2}, {width / 2, height / 2}} {
		for y := range size.Y {
			for x := range size.X {
				clip.WriteByte(byte(40 + [...]int{150 * x / size.X, 170 * x / size.X, 170 * y / size.Y}[plane]))
			}
		}
	}
	path := filepath.Join(t.TempDir(), "still.y4m")
	if err := os.WriteFile(path, clip.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
