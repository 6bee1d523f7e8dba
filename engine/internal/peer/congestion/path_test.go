package congestion

import (
	"testing"
	"time"
)

// drive sends packets every 4 ms for a while and reports on them every 50 ms,
// as a path would that makes packet n wait so long and lose it so.
type drive struct {
	path  *Path
	now   time.Time
	n     int64
	since int
	r     Report
}

func newDrive() *drive {
	return &drive{path: NewPath(Limits{Start: StartBPS, Min: MinBPS, Max: 3_000_000}), now: start}
}

func (d *drive) run(span time.Duration, wait func(n int64) time.Duration, lost func(n int64) bool) {
	for end := d.now.Add(span); d.now.Before(end); {
		d.now = d.now.Add(4 * time.Millisecond)
		d.n++
		d.r.Settled++
		if lost(d.n) {
			d.r.Lost++
		} else {
			d.r.Arrivals = append(d.r.Arrivals, Arrival{
				Number: d.n, Size: 500, Sent: d.now,
				Arrived: d.now.Sub(start) + 25*time.Millisecond + wait(d.n),
			})
		}
		if d.since++; d.since == 12 {
			d.since = 0
			d.r.RoundTrip = 50 * time.Millisecond
			d.path.Feedback(&d.r, d.now)
			d.path.Tick(1_000_000, 0, d.now)
			d.r = Report{Arrivals: d.r.Arrivals[:0]}
		}
	}
}

func steady(int64) time.Duration { return 0 }
func never(int64) bool           { return false }

func each(k int64) func(int64) bool { return func(n int64) bool { return n%k == 0 } }

func TestTargetGrowsWhileCalmUpToWhatIsSent(t *testing.T) {
	d := newDrive()
	d.run(30*time.Second, steady, never)
	if got := d.path.Target(); got < 1_300_000 || got > 1_530_000 {
		t.Errorf("%d bit/s while 1,000,000 are sent", got)
	}
}

func TestTargetFallsWithAQueue(t *testing.T) {
	d := newDrive()
	d.run(5*time.Second, steady, never)
	before := d.path.Target()
	begun := d.n
	growing := func(n int64) time.Duration { return time.Duration(n-begun) * time.Millisecond } // a quarter more each second
	d.run(500*time.Millisecond, growing, never)
	if got := d.path.Target(); got > before*9/10 {
		t.Errorf("%d bit/s, %d before", got, before)
	}
	if d.path.Calm() || d.path.Pace(100_000) > d.path.Target() {
		t.Error("a growing queue passes for none")
	}
	d.run(2*time.Second, steady, never)
	if !d.path.Calm() {
		t.Error("not calm after the queue is gone")
	}
}

func TestJitterIsNoQueue(t *testing.T) {
	d := newDrive()
	d.run(20*time.Second, func(n int64) time.Duration { return time.Duration(n*7%21) * time.Millisecond }, never)
	if got := d.path.Target(); got < 1_300_000 {
		t.Errorf("%d bit/s", got)
	}
}

func TestALongerPathIsNoQueueForGood(t *testing.T) {
	d := newDrive()
	d.run(5*time.Second, steady, never)
	longer := func(int64) time.Duration { return 100 * time.Millisecond }
	d.run(30*time.Second, longer, never)
	if got := d.path.Target(); got < 1_000_000 {
		t.Errorf("%d bit/s on a path that is 100 ms longer", got)
	}
}

func TestHighLossLowersOnceItHelps(t *testing.T) {
	d := newDrive()
	d.run(5*time.Second, steady, never)
	before := d.path.Target()
	d.run(1200*time.Millisecond, steady, each(4))
	if got := d.path.Target(); got >= before {
		t.Errorf("%d bit/s at 25 %% loss, %d before", got, before)
	}
	d.run(60*time.Second, steady, each(4))
	if got := d.path.Target(); got < before*6/10 {
		t.Errorf("%d bit/s: loss that sending less does not cure starves the picture", got)
	}
}

func TestSilenceHalvesTheTarget(t *testing.T) {
	d := newDrive()
	d.run(5*time.Second, steady, never)
	before := d.path.Target()
	for range 40 {
		d.now = d.now.Add(100 * time.Millisecond)
		d.path.Tick(1_000_000, 0, d.now)
	}
	if got := d.path.Target(); got > before/4 {
		t.Errorf("%d bit/s after four seconds without a word, %d before", got, before)
	}
}

func TestWithoutFeedbackReportsCount(t *testing.T) {
	p := NewPath(Limits{Start: StartBPS, Min: MinBPS, Max: 2_000_000})
	now := start
	second := func(loss float64) {
		p.Loss(loss, now)
		for range 10 {
			now = now.Add(100 * time.Millisecond)
			p.Tick(p.Target(), 0, now)
		}
	}
	for range 12 {
		second(0)
	}
	if p.Target() != 2_000_000 {
		t.Errorf("grows to %d", p.Target())
	}
	second(0.3)
	if p.Target() >= 2_000_000 {
		t.Error("loss does not count")
	}
}

func TestProbesOnlyACalmPath(t *testing.T) {
	d := newDrive()
	if _, ok := d.path.Probe(d.now); ok {
		t.Error("probes before anything is known")
	}
	d.run(time.Second, steady, never)
	probe, ok := d.path.Probe(d.now)
	if !ok || probe.Cluster != 1 || probe.RateBPS < 2*StartBPS || probe.Bytes < 5000 {
		t.Errorf("%+v %v", probe, ok)
	}
	if _, again := d.path.Probe(d.now); again {
		t.Error("two probes at a time")
	}
}

func TestSetMax(t *testing.T) {
	p := NewPath(Limits{Start: StartBPS, Min: MinBPS, Max: 3_000_000})
	p.SetMax(300_000)
	if p.Target() != 300_000 {
		t.Errorf("%d bit/s", p.Target())
	}
}

// TestFirstRateIsTooMuch: a path that cannot take even the first rate is known
// after eleven pictures of it, one sooner than by the queue of the whole window,
// and a wide one is probed by then.
func TestFirstRateIsTooMuch(t *testing.T) {
	for _, bps := range []int{440_000, 5_000_000} {
		p := NewPath(Limits{Start: StartBPS, Min: MinBPS, Max: 3_500_000})
		now, free, number := time.Unix(1000, 0), time.Unix(1000, 0), int64(0)
		var coming []Arrival
		probed := false
		for frame := range 11 {
			for range [...]int{2, 2, 3}[frame%3] { // StartBPS
				if free.Before(now) {
					free = now
				}
				free = free.Add(time.Duration(1128 * 8 * int(time.Second) / bps))
				coming = append(coming, Arrival{Number: number, Size: 1100, Sent: now, Arrived: time.Duration(free.UnixNano())})
				number++
			}
			now = now.Add(33 * time.Millisecond)
			r := &Report{RoundTrip: 100 * time.Millisecond}
			for len(coming) > 0 && coming[0].Arrived < time.Duration(now.UnixNano()) {
				r.Arrivals, coming = append(r.Arrivals, coming[0]), coming[1:]
			}
			p.Feedback(r, now)
			p.Tick(600_000, 0, now)
			_, ok := p.Probe(now)
			probed = probed || ok
		}
		switch target := p.Target(); {
		case bps < StartBPS && target >= bps:
			t.Errorf("%d bit/s: target %d", bps, target)
		case bps > StartBPS && (target < StartBPS || !probed):
			t.Errorf("%d bit/s: target %d, probed %v", bps, target, probed)
		}
	}
}
