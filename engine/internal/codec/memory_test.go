package codec

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"tring/engine/internal/i420"
)

// Encoders of changing sizes, each made on whatever thread it happens to be,
// leave nothing behind: what they used is given back.
func TestVP8GivesMemoryBack(t *testing.T) {
	resident := func() int {
		data, err := os.ReadFile("/proc/self/statm")
		if err != nil {
			t.Skip("there is no /proc here")
		}
		pages, _ := strconv.Atoi(strings.Fields(string(data))[1])
		return pages * os.Getpagesize() >> 20
	}
	var pool i420.Pool
	round := func() {
		for _, size := range [][2]int{{1280, 720}, {960, 540}, {640, 360}} {
			done := make(chan struct{})
			go func() { // another thread, perhaps
				defer close(done)
				p := NewVP8Params().normal()
				enc, err := newVP8Encoder(&clipReader{}, property(size[0], size[1]), p)
				if err != nil {
					t.Error(err)
					return
				}
				defer enc.Close()
				picture := pool.Get(size[0], size[1])
				defer picture.Release()
				if f, err := enc.encode(picture); err != nil {
					t.Error(err)
				} else if f != nil {
					f.release()
				}
			}()
			<-done
		}
	}
	round()
	before := resident()
	for range 10 {
		round()
	}
	if after := resident(); after > before+40 {
		t.Errorf("%d MB before, %d after", before, after)
	}
}
