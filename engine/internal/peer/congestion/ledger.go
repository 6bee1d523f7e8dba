package congestion

import (
	"time"

	"github.com/pion/rtcp"
)

// ledgerSize is how many packets are remembered, a power of two: 16 s at
// 2.5 Mbit/s.
const ledgerSize = 4096

// Ledger numbers the packets that leave, and reads in the far end's feedback
// what has become of them
// (draft-holmer-rmcat-transport-wide-cc-extensions-01). One Ledger serves all
// transports to a far end, since that numbers its own packets so, too. The zero
// value is ready.
type Ledger struct {
	ring    [ledgerSize]entry
	next    int64 // extended number of the packet that leaves next
	settled int64 // all before are done with
	reports int64 // packets before it were reported on
	clock   farClock
	out     Report
}

// entry is a packet that left.
type entry struct {
	sent    time.Time
	arrived time.Duration
	size    int
	cluster int
	status  status
}

type status uint8

const (
	unknown status = iota // no feedback yet, or it was lost
	missing
	arrived
)

// Arrival is a packet that the far end got.
type Arrival struct {
	Number  int64         // in the order of leaving
	Size    int           // bytes, without IP and UDP
	Sent    time.Time     // on our clock
	Arrived time.Duration // on the far end's clock, which begins anywhere
	Cluster int           // of a probe; 0 for none
}

// Report is what one feedback packet tells. Its slice is used again by the next
// one.
type Report struct {
	Arrivals []Arrival // new ones, in the order of leaving
	// Of packets that left so long ago that nothing more is expected of them:
	Settled, Lost int           // packets, and those of them that did not arrive
	Unreported    int           // bytes of those that no feedback told of: some of it was lost
	Missing       int           // packets that are told of as missing for the first time
	Outstanding   int           // packets that left after the newest one told of
	RoundTrip     time.Duration // from leaving to this feedback, of the newest packet; 0 if there is none
	Restarted     bool          // the far end's clock jumped: delays do not compare to those before
}

// settleTime is how much later than the newest packet one may come before it
// counts as lost.
const settleTime = 60 * time.Millisecond

// Sent notes a packet that leaves now and gives its number.
func (l *Ledger) Sent(size, cluster int, now time.Time) uint16 {
	e := &l.ring[l.next%ledgerSize]
	*e = entry{sent: now, size: size, cluster: cluster}
	number := uint16(l.next)
	l.next++
	l.settled = max(l.settled, l.next-ledgerSize)
	return number
}

// Feedback reads a feedback packet. Whatever the far end writes into it, only
// packets that left count, each of them once.
func (l *Ledger) Feedback(p *rtcp.TransportLayerCC, now time.Time) *Report {
	l.out = Report{Arrivals: l.out.Arrivals[:0]}
	if l.next == 0 {
		return &l.out
	}
	at, jumped := l.clock.extend(p.ReferenceTime, now)
	l.out.Restarted = jumped
	base := l.next + int64(int16(p.BaseSequenceNumber-uint16(l.next)))
	walk(p, func(offset int, got bool, delta time.Duration) {
		if got {
			at += delta
		}
		l.note(base+int64(offset), got, at)
	})
	l.out.Outstanding = int(l.next - l.reports)
	l.settle(now)
	return &l.out
}

// Waiting is for how long a packet has been under way that no feedback has told
// of, nor of a later one; 0 if there is none.
func (l *Ledger) Waiting(now time.Time) time.Duration {
	first := max(l.reports, l.next-ledgerSize)
	if first >= l.next {
		return 0
	}
	return now.Sub(l.ring[first%ledgerSize].sent)
}

// note takes the status of one packet.
func (l *Ledger) note(number int64, got bool, at time.Duration) {
	if number < l.settled || number >= l.next {
		return
	}
	e := &l.ring[number%ledgerSize]
	l.reports = max(l.reports, number+1)
	if e.status == arrived {
		return
	}
	if !got {
		if e.status == unknown {
			l.out.Missing++
		}
		e.status = missing
		return
	}
	e.status, e.arrived = arrived, at
	l.out.Arrivals = append(l.out.Arrivals, Arrival{number, e.size, e.sent, at, e.cluster})
}

// settle closes the books on packets that left well before the newest arrival.
func (l *Ledger) settle(now time.Time) {
	if len(l.out.Arrivals) == 0 {
		return
	}
	newest := l.out.Arrivals[len(l.out.Arrivals)-1].Sent
	l.out.RoundTrip = max(now.Sub(newest), 0)
	for ; l.settled < l.reports; l.settled++ {
		e := &l.ring[l.settled%ledgerSize]
		if newest.Sub(e.sent) < settleTime {
			return
		}
		switch e.status {
		case unknown:
			l.out.Unreported += e.size
		case missing:
			l.out.Settled++
			l.out.Lost++
		case arrived:
			l.out.Settled++
		}
	}
}

// walk goes through the packets that p tells of. delta is the time since the
// arrival before. The work is bounded by the packet's 16-bit count.
func walk(p *rtcp.TransportLayerCC, each func(offset int, got bool, delta time.Duration)) {
	count, offset, deltas := int(p.PacketStatusCount), 0, p.RecvDeltas
	take := func(symbol uint16) bool {
		if offset >= count {
			return false
		}
		got := symbol == rtcp.TypeTCCPacketReceivedSmallDelta || symbol == rtcp.TypeTCCPacketReceivedLargeDelta
		var delta time.Duration
		if got {
			if len(deltas) == 0 || deltas[0] == nil {
				return false
			}
			delta = time.Duration(deltas[0].Delta) * time.Microsecond
			deltas = deltas[1:]
		}
		each(offset, got, delta)
		offset++
		return true
	}
	for _, chunk := range p.PacketChunks {
		switch c := chunk.(type) {
		case *rtcp.RunLengthChunk:
			for range c.RunLength {
				if !take(c.PacketStatusSymbol) {
					return
				}
			}
		case *rtcp.StatusVectorChunk:
			for _, symbol := range c.SymbolList {
				if !take(symbol) {
					return
				}
			}
		}
	}
}

// farClock extends the 24-bit reference times of feedback, in units of 64 ms.
type farClock struct {
	begun bool
	ticks int64
	at    time.Time // when the last feedback came
}

const (
	tick = 64 * time.Millisecond
	// maxJump is what the far end's clock may differ from ours between two
	// feedbacks; beyond it is another clock.
	maxJump = 5 * time.Second
)

func (c *farClock) extend(reference uint32, now time.Time) (at time.Duration, jumped bool) {
	const bits = 24
	step := int64(int32(reference-uint32(c.ticks)) << (32 - bits) >> (32 - bits))
	if !c.begun {
		step = int64(reference & (1<<bits - 1))
	} else if off := time.Duration(step)*tick - now.Sub(c.at); off > maxJump || off < -maxJump {
		jumped = true
	}
	c.begun, c.at = true, now
	c.ticks += step
	return time.Duration(c.ticks) * tick, jumped
}
