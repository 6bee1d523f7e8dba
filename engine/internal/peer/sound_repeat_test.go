package peer

import (
	"math/rand/v2"
	"testing"
	"time"
)

// reports drives r with what a far end tells every second of fifty packets, of which
// each copy is lost on its own, and gives for how much of the time sound went out
// twice.
func (r *soundRepeat) reports(seconds int, loss float64, together bool) float64 {
	random := rand.New(rand.NewPCG(1, 2))
	now, on := time.Unix(1000, 0), 0
	for range seconds {
		lost := 0
		for range 50 {
			gone := random.Float64() < loss
			if r.on.Load() && !together {
				gone = gone && random.Float64() < loss
			}
			if gone {
				lost++
			}
		}
		now = now.Add(time.Second)
		r.note(float64(lost)/50, now)
		if r.on.Load() {
			on++
		}
	}
	return float64(on) / float64(seconds)
}

func TestSoundGoesOutTwiceWhereMuchIsLost(t *testing.T) {
	for _, c := range []struct {
		loss        float64
		least, most float64
	}{{0, 0, 0}, {0.005, 0, 0.15}, {0.05, 0.9, 1}, {0.10, 0.95, 1}, {0.20, 0.95, 1}} {
		r := new(soundRepeat)
		if on := r.reports(600, c.loss, false); on < c.least || on > c.most {
			t.Errorf("at %.1f %% loss it is on for %.2f of the time, want %.2f to %.2f", 100*c.loss, on, c.least, c.most)
		}
		r.reports(200, 0, false)
		if r.on.Load() {
			t.Errorf("it stays on when nothing is lost any more, after %.1f %%", 100*c.loss)
		}
	}
	if on := new(soundRepeat).reports(600, 0.3, true); on > 0.5 {
		t.Errorf("it is on for %.2f of the time though it does not help", on)
	}
}
