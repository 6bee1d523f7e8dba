package widgets

import "testing"

func TestLevelsCountAsEarsDo(t *testing.T) {
	for level, want := range map[float64]float32{0: 0, 0.001: 0, 0.0316: 0.5, 1: 1, 2: 1, -1: 0} {
		if got := along(level); got < want-0.01 || got > want+0.01 {
			t.Errorf("%v lies at %v, want %v", level, got, want)
		}
	}
}
