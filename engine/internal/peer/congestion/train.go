package congestion

import "time"

// trainMeter measures what the path can carry at once: packets that left close
// together arrive spread out by its narrowest part. By that, frames are sent as
// fast as does no harm.
type trainMeter struct {
	peak float64 // bit/s; 0 while not known

	bytes       int // of the train, without its first packet
	count       int
	first, last Arrival
	early, late time.Duration
}

const (
	trainGap     = 8 * time.Millisecond // between two packets of one train
	trainPackets = 4
	maxPeak      = 50_000_000
	// trainRest is what feedback resolves: two units of 250 µs.
	trainRest = 500 * time.Microsecond
)

func (m *trainMeter) add(a Arrival) {
	if m.count > 0 && (a.Sent.Sub(m.last.Sent) > trainGap || a.Number != m.last.Number+1) {
		m.finish()
	}
	if m.count == 0 {
		m.first, m.early, m.late, m.bytes = a, a.Arrived, a.Arrived, 0
	} else {
		m.bytes += a.Size
	}
	m.early, m.late = min(m.early, a.Arrived), max(m.late, a.Arrived)
	m.last = a
	m.count++
}

func (m *trainMeter) finish() {
	count := m.count
	m.count = 0
	if count < trainPackets {
		return
	}
	bits := float64(m.bytes) * 8
	sent := bits / max(m.last.Sent.Sub(m.first.Sent), trainRest).Seconds()
	got := bits / max(m.late-m.early, trainRest).Seconds()
	// What arrives nearly as fast as it left was not held up, so it may be
	// tried faster. The rest of the difference is timers and threads.
	sample := got
	if got > 0.8*sent {
		sample = 1.5 * sent
	}
	sample = min(sample, maxPeak)
	if m.peak == 0 {
		m.peak = sample
	}
	m.peak += (sample - m.peak) / 4
}

// forget is for a path that has changed.
func (m *trainMeter) forget() { *m = trainMeter{} }
