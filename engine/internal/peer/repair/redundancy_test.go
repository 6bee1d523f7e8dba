package repair

import "testing"

func TestRedundancyFollowsLoss(t *testing.T) {
	var r Redundancy
	for _, s := range []struct{ lost, copies, tail int }{{0, 1, 0}, {1, 1, 0}, {4, 2, 2}, {10, 3, 2}, {0, 1, 0}} {
		for range 100 {
			r.Note(100, s.lost)
		}
		if got := r.Copies(true); got != s.copies {
			t.Errorf("%d %% lost: %d copies", s.lost, got)
		}
		if got := r.Tail(9, true); got != s.tail {
			t.Errorf("%d %% lost: the last %d twice", s.lost, got)
		}
		if r.Copies(false) != 1 || r.Tail(9, false) != 0 {
			t.Error("sends more into a full path")
		}
	}
	for range 100 {
		r.Note(100, 50)
	}
	if r.Tail(1, true) != 1 || r.Tail(0, true) != 0 {
		t.Error("more than there is goes out twice")
	}
	r.Note(1<<60, 1<<59) // nonsense ends soon
}
