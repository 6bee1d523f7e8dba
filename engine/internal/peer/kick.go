package peer

import (
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"

	"tring/engine"
)

// kicks are the moments after the start of ICE checks at which the agent is
// made to look at their results.
//
// Pion's controlling agent pings once, and then nominates at its next tick,
// 200 ms later, though the reply is there within a round trip: most of the time
// between the answer and the first picture on a LAN. The tick's interval can
// be set in pion/ice but not through pion/webrtc.
var kicks = []time.Duration{5, 20, 45, 80, 120, 170, 230, 300} // milliseconds

// manyCandidates is where kicks would make a storm: each also repeats the checks
// of every pair that has not answered.
const manyCandidates = 30

// kick wakes the agent's check loop early while it connects. A remote TCP
// candidate of type passive does that and nothing else: TCP is off, so no pair
// is made of it and no packet sent.
func (t *transport) kick(candidates int) {
	if candidates > manyCandidates {
		return
	}
	c := t.session.conn
	c.spawn(func() {
		begun := time.Now()
		timer := time.NewTimer(0)
		defer timer.Stop()
		for i, at := range kicks {
			timer.Reset(time.Until(begun.Add(at * time.Millisecond)))
			select {
			case <-timer.C:
			case <-c.done:
				return
			}
			if t.isClosed() || t.state() == engine.MediaFlowing {
				return
			}
			candidate := fmt.Sprintf("candidate:kick 1 tcp 1 127.0.0.1 %d typ host tcptype passive", i+1)
			if err := t.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: candidate}); err != nil {
				return
			}
		}
	})
}
