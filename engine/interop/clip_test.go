package interop

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
)

// The clip that both sides send: what a webcam sees of somebody who talks, a
// still background with detail, something that moves before it, and the noise
// of a sensor. It is a loop.
const (
	clipWidth, clipHeight = 1280, 720
	clipFrames            = 90
	clipFPS               = 30
)

// writeClip writes it as YUV4MPEG2, 4:2:0.
func writeClip(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintf(out, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", clipWidth, clipHeight, clipFPS)
	source := rand.New(rand.NewPCG(1, 2))
	still, noise := clipBackground(source), clipNoise(source)
	luma := make([]byte, clipWidth*clipHeight)
	chroma := make([]byte, clipWidth*clipHeight/2)
	for i := range chroma {
		chroma[i] = byte(128 + 12*((i/40)%3-1))
	}
	for n := range clipFrames {
		grain := noise[source.IntN(len(noise)/4):]
		for i, v := range still {
			luma[i] = byte(int(v) + int(grain[i%(len(noise)/2)]))
		}
		clipPerson(luma, n)
		fmt.Fprintf(out, "FRAME\n")
		_, _ = out.Write(luma)
		_, _ = out.Write(chroma)
	}
	if err := out.Flush(); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// clipBackground is a room: soft light with edges and texture in it.
func clipBackground(source *rand.Rand) []byte {
	p := make([]byte, clipWidth*clipHeight)
	for y := range clipHeight {
		for x := range clipWidth {
			v := 60 + 60*x/clipWidth + 40*y/clipHeight
			if x/80%3 == 0 && y > 120 && y < 500 { // shelves
				v += 35
			}
			if y%90 < 4 {
				v -= 30
			}
			p[y*clipWidth+x] = byte(v + source.IntN(9) - 4)
		}
	}
	return p
}

// clipNoise is long enough that no two pictures have the same.
func clipNoise(source *rand.Rand) []int8 {
	noise := make([]int8, 4*clipWidth*clipHeight/3)
	for i := range noise {
		noise[i] = int8(source.IntN(5) - 2)
	}
	return noise
}

// clipPerson draws a head and shoulders that sway, with a face of some detail.
func clipPerson(luma []byte, n int) {
	phase := n % clipFrames
	if phase > clipFrames/2 {
		phase = clipFrames - phase // there and back: the loop has no jump
	}
	cx, cy := clipWidth/2-120+phase*5, 330+phase%15
	for y := 100; y < clipHeight; y++ {
		for x := max(0, cx-320); x < min(clipWidth, cx+320); x++ {
			dx, dy := x-cx, y-cy
			head := dx*dx*10+dy*dy*7 < 190*190*7
			body := y > cy+180 && dx*dx < (y-cy-60)*420
			if head || body {
				luma[y*clipWidth+x] = byte(120 + (dx*3^dy*5)&31 + (dx/9+dy/7)%2*14)
			}
		}
	}
}
