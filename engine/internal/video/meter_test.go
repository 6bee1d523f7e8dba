package video

import (
	"testing"
	"time"
)

func TestLongGapsAreCounted(t *testing.T) {
	var m freezeMeter
	now := time.Unix(0, 0)
	for _, gap := range []time.Duration{0, 33, 33, 151, 33, 400, 150} {
		now = now.Add(gap * time.Millisecond)
		m.add(now)
	}
	if m.longGaps != 2 || m.longest != 400*time.Millisecond {
		t.Errorf("%d long gaps, the longest %v", m.longGaps, m.longest)
	}
}

func TestAgesOfPictures(t *testing.T) {
	var m ageMeter
	if a, b := m.quantiles(); a != 0 || b != 0 {
		t.Error("ages without pictures")
	}
	for range 10 * ageSize { // the old ones are forgotten
		m.add(time.Hour)
	}
	for i := range ageSize {
		m.add(time.Duration(i) * time.Millisecond)
	}
	if p50, p95 := m.quantiles(); p50 != 150*time.Millisecond || p95 != 285*time.Millisecond {
		t.Errorf("median %v, 95th %v", p50, p95)
	}
}
