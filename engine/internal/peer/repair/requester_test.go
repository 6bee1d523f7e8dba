package repair

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

var start = time.Unix(1000, 0)

func at(ms float64) time.Time { return start.Add(time.Duration(ms * float64(time.Millisecond))) }

// asked runs the requester until a time and gives what it asks for and when.
func asked(r *Requester, until time.Time) (seqs []uint16, when []time.Duration) {
	for {
		next := r.Next()
		if next.IsZero() || next.After(until) {
			return seqs, when
		}
		for _, seq := range r.Due(next, nil) {
			seqs, when = append(seqs, seq), append(when, next.Sub(start))
		}
	}
}

func TestAsksOnceAtOnceAndAgainAfterARoundTrip(t *testing.T) {
	var r Requester
	r.SetRoundTrip(50 * time.Millisecond)
	r.Received(65534, Original, at(0))
	r.Received(1, Original, at(10)) // 65535 and 0 are missing
	seqs, when := asked(&r, at(200))
	want := []uint16{65535, 0, 65535, 0, 65535, 0}
	if !slices.Equal(seqs, want) {
		t.Fatalf("asked for %v", seqs)
	}
	for i, ms := range []int{11, 71, 131} {
		if when[2*i] != time.Duration(ms)*time.Millisecond {
			t.Errorf("request %d after %v", i, when[2*i])
		}
	}
}

func TestLearnsHowLongAnswersTake(t *testing.T) {
	var r Requester
	now := at(0)
	var seq uint16
	lose := func() { // one packet, after many that come
		for range 200 {
			r.Received(seq, Original, now)
			seq++
		}
		seq++
		now = now.Add(100 * time.Millisecond)
		r.Received(seq, Original, now)
		now = r.Next()
		if got := r.Due(now, nil); !slices.Equal(got, []uint16{seq - 1}) {
			t.Fatalf("asked for %v", got)
		}
	}
	for range 50 {
		lose()
		now = now.Add(30 * time.Millisecond)
		r.Received(seq-1, Repeated, now)
	}
	lose()
	if again := r.Next().Sub(now); again < 30*time.Millisecond || again > 40*time.Millisecond {
		t.Errorf("asks again after %v", again)
	}
}

func TestRepeatsRequestsWhereMuchIsLost(t *testing.T) {
	var r Requester
	r.SetRoundTrip(50 * time.Millisecond)
	for seq := range uint16(1000) {
		if seq%10 != 3 { // each tenth is lost, and comes at once when asked for
			r.Received(seq, Original, at(0))
			for _, missing := range r.Due(r.Next(), nil) {
				r.Received(missing, Repeated, at(0))
			}
		}
	}
	r.Received(1001, Original, at(10))
	seqs, when := asked(&r, at(10+40))
	if !slices.Equal(seqs, []uint16{1000, 1000, 1000}) {
		t.Fatalf("asked for %v", seqs)
	}
	if when[1]-when[0] != echoAfter || when[2]-when[1] != echoAfter {
		t.Errorf("asked at %v", when)
	}
}

func TestTheEndOfAFrameMayComeRepeatedFirst(t *testing.T) {
	var r Requester
	r.Received(10, Original, at(0))
	r.Received(12, Repeated, at(1)) // 12 itself was lost, 11 too
	r.Received(13, Original, at(30))
	if seqs, _ := asked(&r, at(40)); !slices.Equal(seqs, []uint16{11}) {
		t.Errorf("asked for %v", seqs)
	}
}

func TestGivesUp(t *testing.T) {
	var r Requester
	r.Received(0, Original, at(0))
	r.Received(2, Original, at(0))
	seqs, when := asked(&r, at(1e5))
	if len(seqs) == 0 || len(seqs) > maxTries || when[len(when)-1] > maxAge {
		t.Errorf("asked %d times, last after %v", len(seqs), when[len(when)-1])
	}
	if r.Missing() != 0 {
		t.Error("not forgotten")
	}
	r = Requester{}
	r.SetRoundTrip(time.Millisecond)
	r.Received(0, Original, at(0))
	r.Received(2, Original, at(0))
	if seqs, _ := asked(&r, at(1e5)); len(seqs) != maxTries {
		t.Errorf("asked %d times on a short path", len(seqs))
	}
}

func TestBecomesPatientWithSwappedPackets(t *testing.T) {
	var r Requester
	wrong := [2]int{} // requests for what was only late, in the first and the second half
	now := at(0)
	for i := range 400 { // each second pair of packets is swapped, 5 ms apart
		seq := uint16(2 * i)
		order := []uint16{seq, seq + 1}
		if i%2 == 1 {
			slices.Reverse(order)
		}
		for _, seq := range order {
			r.Received(seq, Original, now)
			now = now.Add(5 * time.Millisecond)
			got, _ := asked(&r, now)
			wrong[i/200] += len(got)
		}
	}
	if wrong[0] == 0 || wrong[0] > 5 || wrong[1] != 0 {
		t.Errorf("%v wrong requests", wrong)
	}
	// Where nothing is swapped any more, it loses its patience.
	for i := range 5000 {
		r.Received(uint16(800+i), Original, now)
	}
	if r.allowance() != minReorder {
		t.Errorf("waits %v", r.allowance())
	}
}

func TestAWholeKeyFrameEndsAskingForWhatIsBeforeIt(t *testing.T) {
	var r Requester
	r.Received(10, FrameEnds, at(0))
	r.Received(12, FrameEnds, at(1)) // 11 is missing
	r.Received(13, KeyStart, at(2))
	r.Received(15, FrameEnds, at(3)) // 14, of the key frame, is missing
	if r.Missing() != 2 {
		t.Fatalf("%d missing", r.Missing())
	}
	r.Received(14, Repeated, at(60))
	if r.Missing() != 0 {
		t.Error("still asks for what nobody needs")
	}
	r.Received(17, Original, at(70))
	r.Received(18, KeyWhole, at(71))
	if r.Missing() != 0 {
		t.Error("a key frame in one packet does not count")
	}
	r.Received(20, FrameEnds, at(80))
	if r.Missing() != 1 {
		t.Error("an older key frame counts twice")
	}
}

func TestBoundsOfAFarEndThatLies(t *testing.T) {
	var r Requester
	random := rand.New(rand.NewPCG(1, 2))
	now := at(0)
	for range 100_000 {
		now = now.Add(time.Duration(random.IntN(3000)) * time.Microsecond)
		r.Received(uint16(random.Uint32()), Way(random.IntN(int(KeyWhole)+1)), now)
		if r.Missing() > maxMissing {
			t.Fatalf("%d missing", r.Missing())
		}
		if got := r.Due(now, nil); len(got) > maxMissing {
			t.Fatalf("asks for %d packets", len(got))
		}
	}
}

func TestGoesOnAfterAJump(t *testing.T) {
	var r Requester
	r.Received(100, Original, at(0))
	r.Received(40000, Original, at(1))
	if r.Missing() != 0 {
		t.Errorf("%d missing after a jump", r.Missing())
	}
	r.Received(40002, Original, at(2))
	if seqs, _ := asked(&r, at(10)); !slices.Equal(seqs, []uint16{40001}) {
		t.Errorf("asked for %v", seqs)
	}
	r.Received(50000, Repeated, at(11)) // of what never came
	if r.Missing() != 1 {
		t.Error("a stray retransmission makes holes")
	}
	r.Received(40001, Original, at(12))
	if r.Missing() != 0 {
		t.Error("what came late still counts as lost")
	}
}

// TestWaitsForParity: while parity comes, a gap is asked for when that has not
// helped; the end of a frame is known to be missing by it.
func TestWaitsForParity(t *testing.T) {
	var r Requester
	r.SetRoundTrip(50 * time.Millisecond)
	r.Received(10, Original, at(0))
	r.Parity(10, at(1))
	r.Received(12, Original, at(2)) // 11 is missing
	r.Received(14, Original, at(3)) // and 13
	r.Parity(15, at(10))            // and 15
	r.Received(13, Recovered, at(10))
	seqs, when := asked(&r, at(30))
	if !slices.Equal(seqs, []uint16{11, 15, 11, 15}) || when[0] != 14*time.Millisecond || when[1] != 14*time.Millisecond {
		t.Errorf("asked for %v after %v", seqs, when)
	}
	r.Received(11, Repeated, at(70))
	r.Received(15, Repeated, at(70))

	r.Received(17, Original, at(100)) // the parity is lost, too
	if seqs, when := asked(&r, at(140)); !slices.Equal(seqs, []uint16{16, 16}) || when[0] != 125*time.Millisecond {
		t.Errorf("asked for %v after %v", seqs, when)
	}
	r.Received(16, Repeated, at(170))
	r.Received(19, Original, at(500)) // no more of it comes
	if seqs, when := asked(&r, at(540)); !slices.Equal(seqs, []uint16{18, 18}) || when[0] != 501*time.Millisecond {
		t.Errorf("asked for %v after %v", seqs, when)
	}
}

// TestParityFromAfar: one that protects what is far ahead makes no holes.
func TestParityFromAfar(t *testing.T) {
	var r Requester
	r.Parity(5, at(0))
	r.Received(10, Original, at(0))
	r.Parity(10+maxAhead+1, at(1))
	r.Received(10+maxAhead+1, Recovered, at(1))
	if r.Missing() != 0 {
		t.Errorf("%d missing", r.Missing())
	}
}
