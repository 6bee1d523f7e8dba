package linksim

import (
	"fmt"
	"testing"
	"time"

	"tring/engine/internal/peer/congestion"
)

const (
	maxBPS = 2_500_000
	second = time.Second
)

var line = Profile{Delay: 25 * time.Millisecond}

func narrow(bps int) Profile { return Profile{Delay: line.Delay, RateBPS: bps} }

// lossy is a line of 50 ms round trip with 20 ms of jitter each way.
func lossy(loss float64, reorder bool) Profile {
	return Profile{Delay: line.Delay, Jitter: 20 * time.Millisecond, Loss: loss, Reorder: reorder}
}

func call(there, back Profile, seed uint64, most int) *Call {
	path := congestion.NewPath(congestion.Limits{Start: congestion.StartBPS, Min: congestion.MinBPS, Max: most * 14 / 10})
	return NewCall(CallConfig{There: there, Back: back, Seed: seed, Estimator: path, MaxBPS: most})
}

// TestStart: from 600 kbit/s to 90 % of 2.5 Mbit/s on a line without limit.
func TestStart(t *testing.T) {
	for seed := range uint64(4) {
		c := call(line, line, seed, maxBPS)
		c.Clock.Run(5 * second)
		if took := c.Results.Reached(maxBPS*9/10, 0); took < 0 || took > 3*second {
			t.Errorf("seed %d: took %v", seed, took)
		}
		if first := c.Results.targets[0].bps; first != congestion.StartBPS {
			t.Errorf("begins with %d bit/s", first)
		}
	}
}

// TestOpeningAndNarrowing: a line of 500 kbit/s that opens to 3 Mbit/s and
// narrows again.
func TestOpeningAndNarrowing(t *testing.T) {
	for seed := range uint64(3) {
		c := call(narrow(500_000), line, seed, maxBPS)
		c.Clock.Run(15 * second)
		if mean := c.Results.Mean(5*second, 15*second); mean < 350_000 || mean > 480_000 {
			t.Errorf("seed %d: %d bit/s on a line of 500,000", seed, mean)
		}
		c.There.Change(narrow(3_000_000))
		c.Clock.Run(15 * second)
		if took := c.Results.Reached(2_000_000, 15*second); took < 0 || took > 8*second {
			t.Errorf("seed %d: 2 Mbit/s after %v", seed, took)
		}
		if _, longest := c.Results.Gaps(second, 5*second, 30*second); longest > 300*time.Millisecond {
			t.Errorf("seed %d: a gap of %v", seed, longest)
		}
		c.There.Change(narrow(500_000))
		c.Clock.Run(15 * second)
		if took := c.Results.Fell(500_000, 30*second); took < 0 || took > second {
			t.Errorf("seed %d: fell after %v", seed, took)
		}
		if mean := c.Results.Mean(35*second, 45*second); mean < 300_000 || mean > 480_000 {
			t.Errorf("seed %d: %d bit/s after the fall", seed, mean)
		}
	}
}

// TestRandomLossDoesNotStarve: loss that is not by congestion costs no more
// than what it takes to repair it.
func TestRandomLossDoesNotStarve(t *testing.T) {
	for _, loss := range []float64{0.05, 0.1, 0.2} {
		c := call(lossy(loss, false), lossy(loss, false), 1, 1_000_000)
		c.Clock.Run(40 * second)
		if mean := c.Results.Mean(20*second, 40*second); mean < 800_000 {
			t.Errorf("%.0f %% loss: %d bit/s", 100*loss, mean)
		}
	}
}

// TestLossCostsLittle holds repair to the bars of 5 % and 10 % loss.
func TestLossCostsLittle(t *testing.T) {
	for _, c := range []struct {
		loss      float64
		most      int
		fps       float64
		p95       time.Duration
		gapsIn10s float64
	}{{0.05, maxBPS, 29, 130 * time.Millisecond, 0.5}, {0.1, 1_000_000, 28.5, 149 * time.Millisecond, 0.7}} {
		for _, reorder := range []bool{false, true} {
			r := measure(c.loss, reorder, c.most, 2)
			if r.fps < c.fps || r.p95 > c.p95 || r.gaps > c.gapsIn10s || r.mbps > 4.7 {
				t.Errorf("%.0f %% loss, reordered: %v: %+v", 100*c.loss, reorder, r)
			}
		}
	}
}

// measured is what came of some calls of a minute each.
type measured struct {
	fps, gaps, mbps float64 // gaps over 150 ms in 10 s
	p50, p95        time.Duration
}

func measure(loss float64, reorder bool, most, calls int) (m measured) {
	const begin, end = 5 * second, 65 * second
	for seed := range calls {
		c := call(lossy(loss, reorder), lossy(loss, reorder), 100+uint64(seed), most)
		c.Clock.Run(end)
		n, _ := c.Results.Gaps(150*time.Millisecond, begin, end)
		m.fps += c.Results.FPS(begin, end) / float64(calls)
		m.gaps += float64(n) * 10 / (end - begin).Seconds() / float64(calls)
		m.mbps += float64(c.There.Bytes) * 8 / end.Seconds() / 1e6 / float64(calls)
		m.p50 += c.Results.Latency(0.5, begin) / time.Duration(calls)
		m.p95 += c.Results.Latency(0.95, begin) / time.Duration(calls)
	}
	return m
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// BenchmarkCall shows what a call in virtual time comes to; run it with
// -benchtime=1x.
func BenchmarkCall(b *testing.B) {
	if testing.Short() {
		b.Skip("a long measurement; make bench takes it")
	}
	b.Run("start", func(b *testing.B) {
		c := call(line, line, 1, maxBPS)
		c.Clock.Run(10 * second)
		b.ReportMetric(c.Results.Reached(maxBPS*9/10, 0).Seconds(), "s-to-2250k")
		b.ReportMetric(ms(c.Results.Latency(0.5, second)), "p50-ms")
		b.ReportMetric(ms(c.Results.Latency(0.95, second)), "p95-ms")
	})
	b.Run("opening", func(b *testing.B) {
		var took, gap time.Duration
		for seed := range uint64(10) {
			c := call(narrow(500_000), line, seed, maxBPS)
			c.Clock.Run(15 * second)
			c.There.Change(narrow(3_000_000))
			c.Clock.Run(15 * second)
			took = max(took, c.Results.Reached(2_000_000, 15*second))
			_, longest := c.Results.Gaps(second, 5*second, 30*second)
			gap = max(gap, longest)
		}
		b.ReportMetric(took.Seconds(), "s-to-2000k-worst-of-10")
		b.ReportMetric(ms(gap), "longest-gap-ms")
	})
	b.Run("narrowing", func(b *testing.B) {
		var took, gap time.Duration
		for seed := range uint64(10) {
			c := call(narrow(3_000_000), line, seed, maxBPS)
			c.Clock.Run(10 * second)
			c.There.Change(narrow(500_000))
			c.Clock.Run(5 * second)
			took = max(took, c.Results.Fell(500_000, 10*second))
			_, longest := c.Results.Gaps(second, 10*second, 15*second)
			gap = max(gap, longest)
		}
		b.ReportMetric(took.Seconds(), "s-to-500k-worst-of-10")
		b.ReportMetric(ms(gap), "longest-gap-ms")
	})
	for _, loss := range []float64{0, 0.02, 0.05, 0.1} {
		for _, most := range []int{maxBPS, 1_000_000} {
			for _, reorder := range []bool{false, true} {
				b.Run(fmt.Sprintf("loss-%v/%dk/reorder-%v", loss, most/1000, reorder), func(b *testing.B) {
					m := measure(loss, reorder, most, 5)
					b.ReportMetric(m.fps, "fps")
					b.ReportMetric(ms(m.p50), "p50-ms")
					b.ReportMetric(ms(m.p95), "p95-ms")
					b.ReportMetric(m.gaps, "gaps150/10s")
					b.ReportMetric(m.mbps, "Mbit/s-sent")
				})
			}
		}
	}
}

// TestNarrowingIsShort: a line that suddenly carries a sixth loses what is on
// its way; the picture begins anew as soon as the line is free.
func TestNarrowingIsShort(t *testing.T) {
	for seed := range uint64(10) {
		c := call(narrow(3_000_000), line, seed, maxBPS)
		c.Clock.Run(10 * second)
		c.There.Change(narrow(500_000))
		c.Clock.Run(10 * second)
		if _, longest := c.Results.Gaps(second, 10*second, 20*second); longest > 850*time.Millisecond {
			t.Errorf("seed %d: a gap of %v", seed, longest)
		}
		if c.There.Dropped > 100 {
			t.Errorf("seed %d: %d packets dropped", seed, c.There.Dropped)
		}
	}
}

// TestStallIsNoNarrowing: where nothing comes for a moment and then everything,
// as of a radio, the call goes on as before.
func TestStallIsNoNarrowing(t *testing.T) {
	for seed := range uint64(10) {
		wide := Profile{Delay: line.Delay, RateBPS: 100_000_000, Queue: second}
		c := call(wide, line, seed, maxBPS)
		c.Clock.Run(10 * second)
		c.There.busy = c.Clock.Now().Add(time.Duration(100+seed*20) * time.Millisecond)
		c.Clock.Run(3 * second)
		if mean := c.Results.Mean(11*second, 13*second); mean < maxBPS*8/10 {
			t.Errorf("seed %d: %d bit/s after a stall", seed, mean)
		}
		if c.Results.KeyFrames != 0 {
			t.Errorf("seed %d: %d key frames", seed, c.Results.KeyFrames)
		}
	}
}

// TestNoRequestIsNeeded: where nothing is asked for again, parity alone shows
// nearly all frames of a line that loses each twentieth packet.
func TestNoRequestIsNeeded(t *testing.T) {
	for _, without := range []bool{false, true} {
		c := NewCall(CallConfig{
			There: lossy(0.05, false), Back: lossy(0, false), Seed: 1, MaxBPS: maxBPS, NoRequests: true, NoParity: without,
			Estimator: congestion.NewPath(congestion.Limits{Start: congestion.StartBPS, Min: congestion.MinBPS, Max: maxBPS * 14 / 10}),
		})
		c.Clock.Run(8 * second)
		if fps := c.Results.FPS(3*second, 8*second); (fps > 20) == without {
			t.Errorf("without parity %v: %.1f frames a second", without, fps)
		}
	}
}
