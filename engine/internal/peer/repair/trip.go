package repair

import "time"

// tripMeter measures how long it takes from a request to its answer, as TCP
// does for its timeouts (RFC 6298).
type tripMeter struct {
	hint     time.Duration // from RTCP; 0 if not known
	smooth   time.Duration // 0 before the first answer
	variance time.Duration
}

func (m *tripMeter) add(took time.Duration) {
	if took < max(m.hint, m.smooth)/2 || took < 0 {
		return // faster than light: it was sent again before it was asked for
	}
	took = min(took, maxTrip)
	if m.smooth == 0 {
		m.smooth, m.variance = took, took/4
		return
	}
	m.variance += (max(took-m.smooth, m.smooth-took) - m.variance) / 4
	m.smooth += (took - m.smooth) / 8
}

// estimate is the usual time from request to answer.
func (m *tripMeter) estimate() time.Duration {
	switch {
	case m.smooth > 0:
		return max(m.smooth, minTrip)
	case m.hint > 0:
		return min(max(m.hint, minTrip), maxTrip)
	}
	return firstTrip
}

// patience is after which time an answer is taken for lost. A request too many
// costs a packet, one too late costs a picture; so there is less room in it than
// in TCP's timeout.
func (m *tripMeter) patience() time.Duration {
	slack := 10 * time.Millisecond
	if m.smooth > 0 {
		slack = max(2*m.variance, 4*time.Millisecond)
	}
	return min(m.estimate()+slack, maxTrip)
}
