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
}

// KindStats is both directions of one kind of media.
type KindStats struct {
	Inbound  InboundStats
	Outbound OutboundStats
}

// InboundStats counts what was received. Packets and bytes include
// retransmissions.
type InboundStats struct {
	engine.InboundStats
	KeyFrameRequests uint64 // sent by us
}

// OutboundStats counts what was sent. Packets and bytes include
// retransmissions.
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
		RoundTrip: rtt,
	}
	for _, t := range c.transports() {
		path, pathRTT := t.path()
		if path == "" {
			continue
		}
		if s.Transport == "" || path == "relay" {
			s.Transport = path
		}
		if pathRTT > 0 {
			s.RoundTrip = pathRTT
		}
	}
	return s
}
