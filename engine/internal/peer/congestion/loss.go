package congestion

import "time"

// lossMeter watches the share of packets that are lost, and tells loss by
// congestion from loss that is there whatever we send.
type lossMeter struct {
	slots     [lossSlots]lossSlot
	slot      int64
	share     float64   // from receiver reports, where there is no other word
	sharedAt  time.Time // when
	inherent  float64   // loss that sending less did not cure
	until     time.Time // for how long that is believed
	atLast    float64   // loss at the last decrease
	decreases int       // in a row
	decreased time.Time
}

type lossSlot struct{ packets, lost int }

const (
	lossSlots   = 8
	lossSpan    = 250 * time.Millisecond
	lossPackets = 20 // fewer say nothing
	// highLoss makes us send less, at once a second. Video holds out to about
	// that with retransmissions.
	highLoss = 0.15
	// calmLoss is up to where the rate grows without a probe.
	calmLoss    = 0.07
	lossPause   = time.Second
	inherentFor = 30 * time.Second
)

func (m *lossMeter) add(packets, lost int, now time.Time) {
	n := now.UnixNano() / int64(lossSpan)
	if n-m.slot >= lossSlots {
		m.slots, m.slot = [lossSlots]lossSlot{}, n
	}
	for m.slot < n {
		m.slot++
		m.slots[m.slot%lossSlots] = lossSlot{}
	}
	s := &m.slots[m.slot%lossSlots]
	s.packets += packets
	s.lost += lost
}

// recent is the share lost within the last second or so.
func (m *lossMeter) recent(now time.Time) float64 {
	var sum lossSlot
	first := now.UnixNano()/int64(lossSpan) - lossSlots/2
	for i := range int64(lossSlots) {
		if n := m.slot - i; n >= first && n >= 0 {
			sum.packets += m.slots[n%lossSlots].packets
			sum.lost += m.slots[n%lossSlots].lost
		}
	}
	if sum.packets >= lossPackets {
		return float64(sum.lost) / float64(sum.packets)
	}
	if now.Sub(m.sharedAt) < 3*time.Second {
		return m.share
	}
	return 0
}

// excess is the loss beyond what is inherent to the path.
func (m *lossMeter) excess(now time.Time) float64 {
	loss := m.recent(now)
	if now.Before(m.until) {
		loss -= m.inherent
	}
	return max(loss, 0)
}

// decrease reports whether there is a reason to send less, and by how much:
// a factor. Where two decreases in a row changed nothing, the loss is the
// path's, and sending less only spoils the picture.
func (m *lossMeter) decrease(now time.Time) (factor float64, ok bool) {
	excess := m.excess(now)
	if excess < highLoss {
		if now.Sub(m.decreased) > 3*lossPause {
			m.decreases = 0
		}
		return 1, false
	}
	if now.Sub(m.decreased) < lossPause {
		return 1, false
	}
	m.decreased = now
	loss := m.recent(now)
	if m.decreases >= 2 && loss > 0.75*m.atLast {
		m.inherent, m.until, m.decreases = loss, now.Add(inherentFor), 0
		return 1, false
	}
	if m.decreases == 0 {
		m.atLast = loss
	}
	m.decreases++
	return 1 - excess/2, true
}
