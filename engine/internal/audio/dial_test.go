package audio

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestDigitsAsSound: both frequencies of each digit arrive, with a gap between
// them, also while muted, and SendDTMF returns when they are out.
func TestDigitsAsSound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		dev := c.bench.device(t, 1)
		c.out.SetMuted(true)
		dev.play(time.Second)
		sent := make(chan error, 1)
		go func() { sent <- c.out.SendDTMF(t.Context(), "1,#") }()
		synctest.Wait()
		heard := dev.play(2 * time.Second)
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
		one, hash := 0, 0 // milliseconds in which each is heard
		for at := 0; at+480 <= len(heard); at += 480 {
			block := heard[at : at+480]
			if goertzel(block, 697) > 0.1 && goertzel(block, 1209) > 0.1 {
				one += 10
			}
			if goertzel(block, 941) > 0.1 && goertzel(block, 1477) > 0.1 {
				hash += 10
			}
		}
		if one < 80 || one > 120 || hash < 80 || hash > 120 {
			t.Errorf("1 sounds for %d ms, # for %d ms, want 100 each", one, hash)
		}
		c.end(t)
	})
}

func TestDigitsEndWithTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		sent := make(chan error, 1)
		go func() { sent <- c.out.SendDTMF(t.Context(), ",1") }()
		synctest.Wait()
		c.end(t)
		if err := <-sent; err == nil {
			t.Error("digits went out after the end")
		}
	})
}
