package video

import (
	"testing"
	"time"
)

func TestPictureOfFewerLines(t *testing.T) {
	for _, c := range []struct{ w, h, lines, toW, toH int }{
		{1920, 1080, 720, 1280, 720},
		{1920, 1080, 1080, 1920, 1080},
		{640, 480, 360, 480, 360},
		{1280, 720, 0, 1280, 720},
		{719, 1281, 360, 202, 360},
		{3, 4000, 360, 2, 360},
	} {
		if w, h := bounded(c.w, c.h, c.lines); w != c.toW || h != c.toH {
			t.Errorf("%dx%d in %d lines is %dx%d", c.w, c.h, c.lines, w, h)
		}
	}
}

func TestFitterKeepsTheShapeAndTheFloor(t *testing.T) {
	for _, c := range []struct {
		w, h, bps, least int
		wantW, wantH     int
	}{
		{1280, 720, 600_000, 0, 1280, 720},
		{1280, 720, 480_000, 0, 960, 540},
		{1280, 720, 200_000, 0, 640, 360},
		{1280, 720, 2_500_000, 2, 640, 360}, // the machine is too slow
		{1280, 720, 200_000, 1, 640, 360},   // the bit rate asks for less still
		{1920, 1080, 1_000_000, 0, 1440, 810},
		{640, 480, 20_000, 0, 160, 120},
		{160, 120, 20_000, 3, 120, 90}, // smaller shows nothing
	} {
		var f fitter
		step := f.choose(c.w, c.h, time.Unix(1, 0), limits{bitrate: c.bps, fps: 30, least: c.least})
		if w, h := scaled(c.w, step), scaled(c.h, step); w != c.wantW || h != c.wantH {
			t.Errorf("%dx%d at %d, least %d: %dx%d, want %dx%d", c.w, c.h, c.bps, c.least, w, h, c.wantW, c.wantH)
		}
	}
}

// A scene that the bit rate is too small for makes pictures smaller, and larger
// again when it is over; one that stays is tried less and less often.
func TestStrain(t *testing.T) {
	var s strain
	at := time.Unix(1000, 0)
	changes := 0
	play := func(d time.Duration, out func(i int) bool) {
		for i := range int(d.Seconds() * 30) {
			at = at.Add(usualInterval)
			before := s.steps
			s.note(at, out(i))
			if s.steps != before {
				changes++
			}
		}
	}
	play(10*time.Second, func(i int) bool { return i%15 == 0 }) // now and then
	if s.steps != 0 {
		t.Errorf("%d steps for 7 %% of the pictures", s.steps)
	}
	play(10*time.Second, func(i int) bool { return s.steps < 2 && i%2 == 0 })
	if s.steps != 2 {
		t.Errorf("%d steps where 2 are needed", s.steps)
	}
	play(60*time.Second, func(int) bool { return false })
	if s.steps != 0 {
		t.Errorf("%d steps after the scene", s.steps)
	}
	changes = 0
	play(10*time.Minute, func(i int) bool { return s.steps < 1 && i%2 == 0 })
	if changes < 8 || changes > 26 {
		t.Errorf("%d changes in ten minutes", changes)
	}
}

func TestShieldGoesUpAtOnceAndDownInPeace(t *testing.T) {
	var s shield
	at := time.Unix(1000, 0)
	for _, c := range []struct {
		after time.Duration
		loss  float64
		want  bool
	}{
		{0, 0, false},
		{1, 0.02, false},
		{1, 0.05, true},
		{1, 0.02, true},
		{60, 0.02, true},
		{1, 0, true},
		{9, 0, true},
		{1, 0.02, true},
		{1, 0, true},
		{9, 0, true},
		{1, 0, false},
		{1, 0.02, false},
	} {
		at = at.Add(c.after * time.Second)
		if got := s.up(at, c.loss); got != c.want {
			t.Errorf("loss %v at %v: %v", c.loss, at.Unix()-1000, got)
		}
	}
}
