package video

import (
	"slices"
	"time"
)

// rateWindow is the time over which pictures a second are counted.
const rateWindow = 2 * time.Second

// rateMeter counts events a second. The caller brings the time.
type rateMeter struct {
	begun time.Time
	times []time.Time // within the window, oldest first
}

func (m *rateMeter) add(now time.Time) {
	m.drop(now)
	if len(m.times) == 0 {
		m.begun = now // the first, or the first after a pause
	}
	m.times = append(m.times, now)
}

// rate is the mean over the window, or over what has passed of it.
func (m *rateMeter) rate(now time.Time) float64 {
	m.drop(now)
	if len(m.times) < 2 {
		return 0
	}
	if since := now.Sub(m.begun); since < rateWindow {
		if span := m.times[len(m.times)-1].Sub(m.times[0]); span > 0 {
			return float64(len(m.times)-1) / span.Seconds()
		}
		return 0
	}
	return float64(len(m.times)) / rateWindow.Seconds()
}

func (m *rateMeter) drop(now time.Time) {
	i := 0
	for i < len(m.times) && now.Sub(m.times[i]) >= rateWindow {
		i++
	}
	m.times = slices.Delete(m.times, 0, i)
}

// freezeWindow is over how many pictures the usual interval is taken, as
// webrtc-stats does for freezeCount.
const freezeWindow = 30

// freezeMeter finds gaps between pictures that a viewer sees as a freeze: longer
// than three times the mean interval and than the mean and 150 ms.
type freezeMeter struct {
	last      time.Time
	intervals []time.Duration // the last few, oldest first
	sum       time.Duration

	freezes uint64
	frozen  time.Duration

	longGaps uint64 // over longShown
	longest  time.Duration
}

// longShown is a gap between two pictures that everybody sees.
const longShown = 150 * time.Millisecond

func (m *freezeMeter) add(now time.Time) {
	if m.last.IsZero() {
		m.last = now
		return
	}
	gap := now.Sub(m.last)
	m.last = now
	m.longest = max(m.longest, gap)
	if gap > longShown {
		m.longGaps++
	}
	if n := time.Duration(len(m.intervals)); n > 0 {
		if mean := m.sum / n; gap > max(3*mean, mean+150*time.Millisecond) {
			m.freezes++
			m.frozen += gap
		}
	}
	if len(m.intervals) == freezeWindow {
		m.sum -= m.intervals[0]
		m.intervals = slices.Delete(m.intervals, 0, 1)
	}
	m.intervals = append(m.intervals, gap)
	m.sum += gap
}

// interrupt says that pictures stop on purpose: the gap to the next is no
// freeze.
func (m *freezeMeter) interrupt() { m.last = time.Time{} }

// ageSize is the number of pictures, ten seconds or so, of which ageMeter tells.
const ageSize = 300

// ageMeter keeps how old pictures are when they are shown.
type ageMeter struct {
	ages [ageSize]time.Duration
	seen int
}

func (m *ageMeter) add(age time.Duration) {
	m.ages[m.seen%ageSize] = age
	m.seen++
}

// quantiles are the median and the 95th of 100.
func (m *ageMeter) quantiles() (p50, p95 time.Duration) {
	n := min(m.seen, ageSize)
	if n == 0 {
		return 0, 0
	}
	sorted := slices.Clone(m.ages[:n])
	slices.Sort(sorted)
	return sorted[n/2], sorted[n*95/100]
}
