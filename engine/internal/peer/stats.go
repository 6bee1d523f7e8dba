package peer

import (
	"time"

	"tring/engine"
)

// Stats is a Conn's media in numbers, at one moment.
type Stats struct {
	Audio, Video KindStats
	RoundTrip    time.Duration // 0 if not known yet
	Transport    string        // "direct", "relay", or "" before a path is chosen
	Protocol     string        // "udp", "tcp" or "tls" on the way out of here; "" before
	SoundTwice   bool          // each packet of sound goes out twice, since many are lost
}

// KindStats is both directions of one kind of media.
type KindStats struct {
	Inbound  InboundStats
	Outbound OutboundStats
}

// InboundStats counts what was received. Packets and bytes include
// retransmissions and parity.
type InboundStats struct {
	engine.InboundStats
	KeyFrameRequests uint64 // sent by us
	Recovered        uint64 // lost packets that parity has brought back
}

// OutboundStats counts what was sent. Packets and bytes include
// retransmissions and parity.
type OutboundStats struct {
	engine.OutboundStats
	KeyFrames uint64
}

// Stats measures now.
func (c *Conn) Stats() Stats {
	in, out, rtt := c.meter.snapshot()
	out[Video].KeyFrames = c.writers[Video].keyFrames.Load()
	s := Stats{
		Audio:     KindStats{in[Audio], out[Audio]},
		Video:     KindStats{in[Video], out[Video]},
		RoundTrip: rtt, SoundTwice: c.meter.repeat.on.Load(),
	}
	for _, t := range c.transports() {
		p := t.path()
		if p.transport == "" {
			continue
		}
		if s.Transport == "" || p.transport == "relay" {
			s.Transport, s.Protocol = p.transport, p.protocol
		}
		if p.roundTrip > 0 {
			s.RoundTrip = p.roundTrip
		}
	}
	return s
}
