package congestion

import "time"

// delayMeter measures how long packets queue on the way: their one-way delay
// against the least that was seen lately. The clocks of the two ends need not
// agree, only run at about the same speed.
//
// Jitter makes packets late, never early. So the least delay within a short
// window is nearly free of it, where a mean or a slope is all noise: with 20 ms
// of jitter and 25 packets the minimum stands 0.8 ms above the truth.
type delayMeter struct {
	recent []sample // of the last window, their delays growing: the first is the least
	newest time.Duration
	bases  [baseBuckets]time.Duration
	begun  bool
	bucket int64 // number of the newest of bases
	noise  time.Duration
	past   [8]point // of the queue, one per feedback
	index  int
	seen   int
	last   [quickSamples]time.Duration // the newest delays
}

type sample struct {
	arrived time.Duration
	delay   time.Duration
}

type point struct {
	at    time.Time
	queue time.Duration
}

const (
	delayWindow = 120 * time.Millisecond
	// The base is the least delay of the last ten seconds: clocks that differ
	// by 100 ppm drift by 1 ms meanwhile.
	baseBuckets = 10
	baseLength  = time.Second
	// quickSamples are enough at the beginning of a call (quick).
	quickSamples = 4
)

func (m *delayMeter) reset() { *m = delayMeter{recent: m.recent[:0]} }

func (m *delayMeter) add(a Arrival) {
	s := sample{a.Arrived, a.Arrived - time.Duration(a.Sent.UnixNano())}
	if s.arrived < m.newest-time.Second { // the far end's clock was set back
		m.recent, m.newest = m.recent[:0], s.arrived
	}
	if s.arrived < m.newest-delayWindow {
		return // overtaken by so many that it tells of the past
	}
	m.newest = max(m.newest, s.arrived)
	m.last[m.seen%quickSamples] = s.delay
	m.seen++
	for len(m.recent) > 0 && m.recent[len(m.recent)-1].delay >= s.delay {
		m.recent = m.recent[:len(m.recent)-1]
	}
	m.recent = append(m.recent, s)
	old := 0
	for old < len(m.recent)-1 && m.newest-m.recent[old].arrived > delayWindow {
		old++
	}
	m.recent = append(m.recent[:0], m.recent[old:]...)
	m.noise += (min(s.delay-m.recent[0].delay, 50*time.Millisecond) - m.noise) / 64

	number := a.Sent.UnixNano() / int64(baseLength)
	if !m.begun || number-m.bucket >= baseBuckets {
		for i := range m.bases {
			m.bases[i] = s.delay
		}
		m.begun, m.bucket = true, number
	}
	for m.bucket < number {
		m.bucket++
		m.bases[m.bucket%baseBuckets] = s.delay
	}
	i := m.bucket % baseBuckets
	m.bases[i] = min(m.bases[i], s.delay)
}

// queue is how long packets wait on the way now.
func (m *delayMeter) queue() time.Duration {
	if len(m.recent) == 0 {
		return 0
	}
	return max(m.recent[0].delay-m.base(), 0)
}

// quick is the same by the newest packets alone. Jitter can make it too long, but
// it is known before the first window is over.
func (m *delayMeter) quick() time.Duration {
	if m.seen < quickSamples {
		return 0
	}
	return max(min(m.last[0], m.last[1], m.last[2], m.last[3])-m.base(), 0)
}

func (m *delayMeter) base() time.Duration {
	base := m.bases[0]
	for _, b := range m.bases {
		base = min(base, b)
	}
	return base
}

// rebase takes the present delay for that of an empty path: nothing we do makes
// it less, so the path is another one, or others fill it.
func (m *delayMeter) rebase() {
	if len(m.recent) == 0 {
		return
	}
	for i := range m.bases {
		m.bases[i] = m.recent[0].delay
	}
}

// mark notes the queue at a feedback, and slope is how it changed over the last
// 100 to 300 ms, in seconds a second.
func (m *delayMeter) mark(now time.Time) {
	m.past[m.index%len(m.past)] = point{now, m.queue()}
	m.index++
}

func (m *delayMeter) slope(now time.Time) float64 {
	newest := m.past[(m.index+len(m.past)-1)%len(m.past)]
	for back := 2; back <= min(m.index, len(m.past)); back++ {
		p := m.past[(m.index+len(m.past)-back)%len(m.past)]
		if age := now.Sub(p.at); age >= 100*time.Millisecond {
			if age > 300*time.Millisecond {
				return 0
			}
			return (newest.queue - p.queue).Seconds() / newest.at.Sub(p.at).Seconds()
		}
	}
	return 0
}
