package ui

import (
	"time"

	"tring/engine"
	"tring/ui/store"
)

// meter sums up how a call goes, for its receipt.
type meter struct {
	result   store.Receipt
	measured bool // there is something to tell

	trips     time.Duration // sum of the round trips
	tripCount int
	heard     uint64 // packets that arrived, sound and picture
	lostIn    int64  // it can fall, when late ones arrive
	freezes   counter
	frozenMS  counter
	audio     inbound
	video     inbound
	sent      [2]counter // packets of sound and picture
	lostOut   float64    // packets, by the far end's reports
	wasHeld   bool       // at the last sample
	lastRole  time.Time
	lastName  string
}

// counter adds up a number that only grows, and begins anew with a new transport.
type counter struct{ last, sum uint64 }

// move goes on to value; unless counted, what came since the last time is left out.
func (c *counter) move(value uint64, counted bool) {
	grown := value - c.last
	if value < c.last {
		grown = value
	}
	c.last = value
	if counted {
		c.sum += grown
	}
}

// inbound remembers what arrived of one kind of media.
type inbound struct {
	packets uint64
	lost    int64
}

// move reports what came since the last time.
func (i *inbound) move(s engine.InboundStats) (packets uint64, lost int64) {
	if s.Packets < i.packets { // a new transport
		*i = inbound{}
	}
	packets, lost = s.Packets-i.packets, s.PacketsLost-i.lost
	i.packets, i.lost = s.Packets, s.PacketsLost
	return packets, lost
}

// follow notices when nothing comes through any more.
func (m *meter) follow(before, now engine.Call) {
	cut := func(c engine.Call) bool { return c.Media == engine.MediaInterrupted || c.Media == engine.MediaFailed }
	if now.State.Established() && cut(now) && !cut(before) {
		m.result.Interruptions++
		m.measured = true
	}
}

// begin takes the first picture or sound: what came first counts.
func (m *meter) begin(e engine.Event) {
	if e.SinceAnswer > 0 && (m.result.SetUp == 0 || e.SinceAnswer < m.result.SetUp) {
		m.result.SetUp = e.SinceAnswer
		m.measured = true
	}
	m.picture(e.Width, e.Height)
}

// deviceChanged counts a change; a headset, which comes as two roles, is one.
func (m *meter) deviceChanged(e engine.Event) {
	if e.DeviceName == m.lastName && e.Time.Sub(m.lastRole) < sampleEvery {
		return
	}
	m.lastName, m.lastRole = e.DeviceName, e.Time
	m.result.DeviceChanges++
	m.measured = true
}

func (m *meter) picture(width, height int) {
	if width*height > m.result.Width*m.result.Height {
		m.result.Width, m.result.Height = width, height
		m.measured = true
	}
}

// sample takes a measurement. While a call is held no picture comes, and that
// is no freeze.
func (m *meter) sample(s engine.Stats, isHeld bool) {
	m.measured = true
	if s.RoundTrip > 0 {
		m.trips += s.RoundTrip
		m.tripCount++
	}
	switch s.Transport {
	case "relay":
		m.result.Relayed = true
	case "direct":
		m.result.Relayed = false
	}
	if a := s.Audio; a != nil {
		m.arrived(m.audio.move(a.Inbound.InboundStats))
		m.left(0, a.Outbound)
	}
	if v := s.Video; v != nil {
		m.arrived(m.video.move(v.Inbound.InboundStats))
		m.left(1, v.Outbound.OutboundStats)
		m.picture(v.Inbound.Width, v.Inbound.Height)
		m.freezes.move(v.Inbound.Freezes, !isHeld && !m.wasHeld)
		m.frozenMS.move(uint64(max(0, v.Inbound.FreezeTime.Milliseconds())), !isHeld && !m.wasHeld)
	}
	m.wasHeld = isHeld
}

func (m *meter) arrived(packets uint64, lost int64) {
	m.heard += packets
	m.lostIn += lost
}

// left takes what was sent of a kind since the last time, of which the far end
// lost as much as its newest report says.
func (m *meter) left(kind int, s engine.OutboundStats) {
	before := m.sent[kind].sum
	m.sent[kind].move(s.Packets, true)
	m.lostOut += float64(m.sent[kind].sum-before) * min(max(s.LossReported, 0), 1)
}

// receipt is the sum; nil if nothing was measured.
func (m *meter) receipt() *store.Receipt {
	if !m.measured {
		return nil
	}
	r := m.result
	if m.tripCount > 0 {
		r.RoundTrip = m.trips / time.Duration(m.tripCount)
	}
	if lost := max(0, m.lostIn); lost > 0 {
		r.LossIn = float64(lost) / float64(m.heard+uint64(lost))
	}
	if sent := m.sent[0].sum + m.sent[1].sum; sent > 0 {
		r.LossOut = m.lostOut / float64(sent)
	}
	r.Freezes = int(m.freezes.sum)
	r.FrozenFor = time.Duration(m.frozenMS.sum) * time.Millisecond
	return &r
}
