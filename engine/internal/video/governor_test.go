package video

import (
	"testing"
	"time"
)

// machine is a synthetic load: encoding takes full time on the highest rung and
// what the ladder promises on the others.
type machine struct {
	governor
	now  time.Time
	full time.Duration
	late int // pictures that were missed
}

func newMachine() *machine { return &machine{governor: newGovernor(), now: time.Unix(1000, 0)} }

// took is how long a picture takes on the present rung.
func (m *machine) took() time.Duration {
	share := 1.0
	for i := 1; i <= m.at; i++ {
		// A lower frame rate makes no picture cheaper.
		if ladder[i].fps == 0 {
			share *= ladder[i].cost
		}
	}
	return time.Duration(float64(m.full) * share)
}

// run has pictures encoded for a time, and gives the rungs that were left.
func (m *machine) run(d time.Duration) (left []int) {
	for end := m.now.Add(d); m.now.Before(end); {
		interval := usualInterval
		if fps := m.rung().fps; fps > 0 {
			interval = time.Duration(float64(time.Second) / fps)
		}
		took := m.took()
		missed := 0
		if took > interval {
			missed = int(took / usualInterval)
			m.late += missed
			interval = time.Duration(missed+1) * usualInterval
		}
		m.now = m.now.Add(interval)
		before := m.at
		if m.observe(m.now, took, missed) {
			left = append(left, before)
		}
	}
	return left
}

func TestGovernorFallsBeforePicturesAreLeftOut(t *testing.T) {
	m := newMachine()
	m.full = 16 * time.Millisecond // 12 ms on the usual rung: fine
	if left := m.run(20 * time.Second); m.at != usualRung || left != nil {
		t.Fatalf("left %v for rung %d without need", left, m.at)
	}
	// The machine slows down bit by bit: the speed goes first, then the size.
	for _, step := range []struct {
		full time.Duration
		rung int
	}{{28 * time.Millisecond, 2}, {40 * time.Millisecond, 3}, {60 * time.Millisecond, 4}} {
		m.full = step.full
		m.run(2 * time.Second)
		if m.at != step.rung || m.late != 0 {
			t.Fatalf("%v: rung %d with %d pictures missed, want rung %d", step.full, m.at, m.late, step.rung)
		}
	}
	// The frame rate goes last.
	m.full = 400 * time.Millisecond
	m.run(5 * time.Second)
	if m.rung().fps == 0 || m.took() > time.Second/10 {
		t.Errorf("rung %d: %v a picture", m.at, m.took())
	}
}

func TestGovernorFallsFarAtOnce(t *testing.T) {
	m := newMachine()
	m.full = 90 * time.Millisecond // 67 ms on the usual rung: every second picture would be missed
	m.run(time.Second)
	if m.at != 4 {
		t.Errorf("rung %d after a second of twice too much", m.at)
	}
	if m.late > 12 {
		t.Errorf("%d pictures missed", m.late)
	}
}

func TestGovernorClimbsBackOneByOne(t *testing.T) {
	m := newMachine()
	m.full = 90 * time.Millisecond
	m.run(time.Second)
	m.full = 8 * time.Millisecond
	left := m.run(30 * time.Second)
	if m.at != usualRung || len(left) != 3 || left[0] != 4 || left[1] != 3 || left[2] != 2 {
		t.Errorf("climbed from %v to %d", left, m.at)
	}
	m.full = 2 * time.Millisecond // next to nothing: the best quality then
	m.run(10 * time.Second)
	if m.at != 0 {
		t.Errorf("rung %d on an idle machine", m.at)
	}
	m.full = 8 * time.Millisecond
	m.run(2 * time.Second)
	if m.at != usualRung {
		t.Errorf("rung %d when the price began to count", m.at)
	}
}

// A load at the border must not make the picture change size all the time.
func TestGovernorDoesNotSwing(t *testing.T) {
	for full := time.Millisecond; full < 300*time.Millisecond; full += full/16 + 1 {
		m := newMachine()
		m.full = full
		m.run(10 * time.Second)
		if left := m.run(5 * time.Minute); len(left) > 0 {
			t.Errorf("%v: still moving after ten seconds, from rungs %v", full, left)
		}
	}
}

// A rung that promises more than it keeps is tried less and less often.
func TestGovernorGrowsPatient(t *testing.T) {
	m := newMachine()
	m.at = 4
	climbs := 0
	for range 10 * 60 * 30 {
		m.now = m.now.Add(usualInterval)
		took := 4 * time.Millisecond
		if m.at < 4 {
			took = 28 * time.Millisecond // far more than foreseen
		}
		before := m.at
		if m.observe(m.now, took, 0) && m.at < before {
			climbs++
		}
	}
	if climbs < 5 || climbs > 16 {
		t.Errorf("%d attempts in ten minutes", climbs)
	}
	if m.patience != climbLongest {
		t.Errorf("waits %v", m.patience)
	}
}

// Something else that has the processor now and then is no reason to show less.
func TestGovernorOverlooksHiccups(t *testing.T) {
	m := newMachine()
	for i := range 3000 {
		m.now = m.now.Add(usualInterval)
		took, missed := 10*time.Millisecond, 0
		if i%20 == 0 {
			took, missed = 150*time.Millisecond, 4
		}
		if m.observe(m.now, took, missed) {
			t.Fatalf("picture %d: to rung %d", i, m.at)
		}
	}
}

func TestGovernorIgnoresPauses(t *testing.T) {
	m := newMachine()
	m.full = 30 * time.Millisecond
	for range 20 { // hold, and now and then a picture that takes long
		m.now = m.now.Add(3 * time.Second)
		if m.observe(m.now, 200*time.Millisecond, 0) {
			t.Fatal("changed on single pictures")
		}
	}
	m.now = m.now.Add(-time.Hour)
	if m.observe(m.now, time.Second, 0) {
		t.Error("changed when the clock was set")
	}
}
