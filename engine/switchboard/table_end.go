package switchboard

import (
	"time"

	"tring/engine/internal/kandyapi"
)

// leave is DELETE of a leg: a cancel, a rejection or a hang-up, whichever its
// role and the call's phase make it.
func (s *Server) leave(c *call, l *leg, busy bool) {
	switch {
	case c.rings(l) && busy:
		s.dropRinging(c, l, endBusy)
	case c.rings(l):
		s.reject(c, l)
	case c.Phase != phaseEstablished && l.ID == c.A:
		s.endCall(c, endCancelled, l)
	case c.Transfer != nil && c.Transfer.By == l.ID:
		s.removeLeg(c, l) // the transfer goes on without its author
		c.replace(l.ID, "")
		c.Transfer.By = ""
	case c.Pending != nil && c.Pending.ForCall != "" && c.Pending.To != l.ID:
		s.removeLeg(c, l) // the same, in the call that is consulted
		c.replace(l.ID, "")
	default:
		s.endCall(c, endHungUp, l)
	}
}

// reject is a person's no on one device: it goes for all of them.
func (s *Server) reject(c *call, l *leg) {
	s.removeLeg(c, l)
	for _, id := range append([]string(nil), c.Ringing...) {
		s.cancelLeg(c, c.Legs[id], endDeclinedElsewhere)
	}
	s.unanswered(c, endDeclined)
}

// dropRinging takes one device off; the others ring on.
func (s *Server) dropRinging(c *call, l *leg, why end) {
	s.removeLeg(c, l)
	if len(c.Ringing) == 0 {
		s.unanswered(c, why)
	}
}

// unanswered ends an attempt to reach somebody: the call, or a transfer.
func (s *Server) unanswered(c *call, why end) {
	if c.Transfer != nil {
		s.failTransfer(c, why)
		return
	}
	s.endCall(c, why, nil)
}

// cancelLeg stops a ringing device.
func (s *Server) cancelLeg(c *call, l *leg, why end) {
	s.tellEvent(l, kandyapi.EventCancelled, why)
	s.removeLeg(c, l)
}

// endCall ends everything; by, who asked for it, is told nothing.
func (s *Server) endCall(c *call, why end, by *leg) {
	for _, id := range append([]string(nil), c.Ringing...) {
		s.cancelLeg(c, c.Legs[id], why)
	}
	for _, l := range c.Legs {
		if l != by {
			s.tellEvent(l, kandyapi.EventSessionEnded, why)
		}
		s.removeLeg(c, l)
	}
	s.disarm(c)
	delete(s.calls, c.ID)
	s.touch(bucketCalls, c.ID)
	s.log.Info("call ended", "call", c.ID, "reason", why.reason)
	s.endLinked(c, why)
}

// endLinked sees to the other call of a consultative transfer.
func (s *Server) endLinked(c *call, why end) {
	if p := c.Pending; p != nil && p.ForCall != "" {
		if first := s.calls[p.ForCall]; first != nil && first.Transfer != nil {
			s.failTransfer(first, why)
			s.touch(bucketCalls, first.ID)
		}
	}
	t := c.Transfer
	if t == nil || t.With == "" {
		return
	}
	with := s.legs[t.With]
	if with == nil {
		return
	}
	second := s.calls[with.CallID]
	switch {
	case t.Offer != "" || second.peer(with) == nil:
		// The consulted side has taken up an offer that leads nowhere now, or
		// has nobody left to talk to.
		s.endCall(second, why, nil)
	default:
		second.Pending = nil
		s.touch(bucketCalls, second.ID)
	}
}

// deviceGoneLocked ends what a device without a channel was setting up.
func (s *Server) deviceGoneLocked(l *leg) {
	c := s.calls[l.CallID]
	switch {
	case c == nil || c.Phase == phaseEstablished && !c.rings(l):
		return
	case c.rings(l):
		s.dropRinging(c, l, endUnavailable)
	case l.ID == c.A:
		s.endCall(c, endCancelled, l)
	default:
		s.endCall(c, endLost, l)
	}
	s.touch(bucketCalls, c.ID)
}

// auditLocked ends established calls with a side that has given no sign of
// life for too long. A device that is cut off cannot give one, and its media may
// well flow: it gets more time than one that is connected and keeps silent.
func (s *Server) auditLocked(now time.Time) {
	for _, c := range s.calls {
		if c.Phase != phaseEstablished {
			continue
		}
		for _, l := range c.Legs {
			if l.Contact == "" && !c.rings(l) && now.Sub(l.seen) > s.patienceLocked(l) {
				s.log.Info("call lost: no sign of life", "call", c.ID, "user", l.User.Email)
				s.endCall(c, endLost, nil)
				break
			}
		}
	}
}

// patienceLocked is how long leg l may keep silent.
func (s *Server) patienceLocked(l *leg) time.Duration {
	if d := s.deviceLocked(l.key()); d != nil && d.socket == nil {
		return max(s.config.Timers.Audit, s.config.Timers.Away)
	}
	return s.config.Timers.Audit
}
