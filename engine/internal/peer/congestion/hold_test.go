package congestion

import (
	"testing"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
)

func TestHoldEndsWhenAllIsToldOf(t *testing.T) {
	for _, missing := range []int{0, ruinedFrom - 1, ruinedFrom} {
		var h hold
		h.begin(false, at(0))
		if h.note(&Report{Missing: missing, Outstanding: 3}, at(50)) || !h.on() {
			t.Error("ended while three packets are under way")
		}
		if !h.note(&Report{}, at(100)) || h.on() {
			t.Error("goes on though all is told of")
		}
		if want := missing >= ruinedFrom; h.ruined != want {
			t.Errorf("%d missing: ruined %v", missing, h.ruined)
		}
		if h.note(&Report{}, at(150)) {
			t.Error("ended twice")
		}
	}
}

// What is lost anyway is no ruin.
func TestHoldKnowsUsualLoss(t *testing.T) {
	for usual, want := range map[float64]bool{0: true, 0.02: true, 0.1: false} {
		var h hold
		h.watch(usual)
		h.begin(true, at(0))
		h.note(&Report{Missing: 6, Arrivals: make([]Arrival, 54)}, at(100))
		if h.ruined != want {
			t.Errorf("6 of 60 are missing where %.0f %% usually are: ruined %v", 100*usual, h.ruined)
		}
	}
}

func TestHoldEndsInSilence(t *testing.T) {
	var h hold
	h.begin(false, at(0))
	if h.tick(at(50), at(100)) {
		t.Error("ended while it was heard of")
	}
	if !h.tick(at(50), at(131)) {
		t.Error("waits for what nobody tells of")
	}
	h.begin(false, at(1000))
	h.begin(false, at(1400)) // it goes on; this changes nothing
	if h.tick(at(1450), at(1460)) || !h.tick(at(1490), at(1501)) {
		t.Error("is not bounded")
	}
	h.begin(true, at(2000))
	if h.tick(at(1900), at(2400)) || !h.tick(at(1900), at(2501)) {
		t.Error("one that began in silence ends in it")
	}
}

// A path that suddenly passes a quarter: nothing leaves for a moment, then what
// passes; the loss of many packets is told once.
func TestNarrowPathIsHeld(t *testing.T) {
	d := newDrive()
	d.run(5*time.Second, steady, never)
	begun := d.n
	behind := func(n int64) time.Duration { return time.Duration(n-begun) * 12 * time.Millisecond } // 16 ms a packet
	d.r.Outstanding = 20
	for !d.path.hold.on() && d.n-begun < 200 {
		d.run(4*time.Millisecond, behind, never)
		d.r.Outstanding, d.r.Missing = 20, 0
	}
	if d.path.Pace(10_000) != 0 || d.path.Ruined() {
		t.Fatal("goes on to send")
	}
	target := d.path.Target()
	d.path.Feedback(&Report{Arrivals: []Arrival{{Number: d.n, Size: 500, Sent: d.now, Arrived: d.now.Sub(start) + 300*time.Millisecond}}, Missing: 10}, d.now.Add(100*time.Millisecond))
	if d.path.Pace(10_000) == 0 || !d.path.Calm() {
		t.Error("held on though nothing is under way")
	}
	if !d.path.Ruined() || d.path.Ruined() {
		t.Error("the loss is not told once")
	}
	if got := d.path.Target(); got > target*11/10 {
		t.Errorf("back to %d bit/s from %d, though the path is narrow", got, target)
	}
}

// Where feedback stays away, too, video stops until it comes again, but not for
// ever, and not where nothing is under way.
func TestSilenceHolds(t *testing.T) {
	for _, waiting := range []time.Duration{0, time.Second} {
		d := newDrive()
		d.run(5*time.Second, steady, never)
		began := d.now
		held := time.Duration(0)
		for d.now.Sub(began) < 900*time.Millisecond {
			d.now = d.now.Add(50 * time.Millisecond)
			d.path.Tick(1_000_000, min(waiting, d.now.Sub(began)), d.now)
			if d.path.Pace(1000) == 0 {
				held += 50 * time.Millisecond
			}
		}
		if want := waiting > 0; (held > 0) != want || held > holdMost+50*time.Millisecond {
			t.Errorf("waiting for %v: held for %v", waiting, held)
		}
	}
}

func TestLedgerSaysHowLongItWaits(t *testing.T) {
	var l Ledger
	if l.Waiting(at(0)) != 0 {
		t.Error("waits for nothing")
	}
	recorder := twcc.NewRecorder(1)
	for n := range 5 {
		l.Sent(100, 0, at(10*n))
	}
	if got := l.Waiting(at(100)); got != 100*time.Millisecond {
		t.Errorf("the first one: %v", got)
	}
	l.Feedback(feedback(recorder, map[uint16]int{0: 64, 2: 90}), at(110))
	if got := l.Waiting(at(120)); got != 90*time.Millisecond {
		t.Errorf("the fourth one: %v", got)
	}
	l.Feedback(feedback(recorder, map[uint16]int{4: 100}), at(130))
	if got := l.Waiting(at(140)); got != 0 {
		t.Errorf("waits %v for nothing", got)
	}
}
