package repair

import "testing"

func TestRedundancyFollowsLoss(t *testing.T) {
	var r Redundancy
	for _, s := range []struct{ lost, copies, tail int }{{0, 1, 0}, {1, 1, 0}, {4, 2, 2}, {10, 3, 2}, {0, 1, 0}} {
		for range 100 {
			r.Note(100, s.lost, true, at(0))
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
		r.Note(100, 50, true, at(0))
	}
	if r.Tail(1, true) != 1 || r.Tail(0, true) != 0 {
		t.Error("more than there is goes out twice")
	}
	r.Note(1<<60, 1<<59, true, at(0)) // nonsense ends soon
}

// TestParityFollowsLoss: only for a far end that takes it, where the path has
// room and more is lost than usual, and then nothing else goes out twice.
func TestParityFollowsLoss(t *testing.T) {
	var r Redundancy
	for _, s := range []struct{ lost, nine, forty int }{{0, 0, 0}, {1, 0, 0}, {2, 1, 5}, {5, 3, 8}, {10, 4, 10}, {1, 1, 3}, {0, 0, 0}} {
		for range 100 {
			r.Note(100, s.lost, true, at(0))
		}
		r.Protect(false)
		if n := r.Parity(9, true); n != 0 {
			t.Errorf("%d parities for a far end that takes none", n)
		}
		r.Protect(true)
		if r.Parity(9, true) != s.nine || r.Parity(40, true) != s.forty {
			t.Errorf("%d %% lost: %d parities for nine packets, %d for forty", s.lost, r.Parity(9, true), r.Parity(40, true))
		}
		if r.Parity(9, false) != 0 {
			t.Error("sends more into a full path")
		}
		if r.Tail(9, true) != 0 {
			t.Error("the end goes out twice in spite of parity")
		}
	}
	for range 100 {
		r.Note(100, 50, false, at(0))
		r.Note(100, 50, true, at(900))
	}
	if r.Parity(9, true) != 0 {
		t.Error("takes packets that did not fit in for lost ones")
	}
}
