package switchboard

import (
	"time"

	"tring/engine/internal/kandyapi"
)

// answer takes what a leg puts to …/answer: the first answer, the answer to an
// offer inside the call, or an offer where one was asked for (slow start).
func (s *Server) answer(c *call, l *leg, sdp string) error {
	switch {
	case sdp == "":
		return errMissing("sdp")
	case c.rings(l) && c.Transfer != nil:
		s.completeTransfer(c, l, sdp)
	case c.rings(l):
		s.firstAnswer(c, l, sdp)
	case c.Phase == phaseAnswering && l.ID == c.A:
		s.establish(c)
		s.tellAcceptance(c.Legs[c.B], sdp)
	case c.Pending != nil && c.Pending.To == l.ID:
		s.settleExchange(c, l, sdp)
	default:
		return errWrongState("There is no offer that waits for this answer")
	}
	return nil
}

// firstAnswer makes l the callee and stops the other devices.
func (s *Server) firstAnswer(c *call, l *leg, sdp string) {
	s.choose(c, l)
	c.B = l.ID
	if c.Offer == "" { // slow start: this is the offer, and the caller answers it
		c.Phase = phaseAnswering
		s.tellOffer(c.Legs[c.A], sdp)
		return
	}
	s.establish(c)
	s.tellAcceptance(c.Legs[c.A], sdp)
}

// choose takes l out of those that ring and cancels the rest.
func (s *Server) choose(c *call, l *leg) {
	for _, id := range append([]string(nil), c.Ringing...) {
		if id != l.ID {
			s.cancelLeg(c, c.Legs[id], endAnsweredElsewhere)
		}
	}
	c.Ringing = nil
}

// establish notes that both sides have what they need. From here on the audit
// watches over the call.
func (s *Server) establish(c *call) {
	s.disarm(c)
	c.Phase, c.Offer = phaseEstablished, ""
	for _, l := range c.Legs {
		l.Status, l.seen = kandyapi.StatusConnected, time.Now()
	}
	s.log.Info("call established", "call", c.ID)
}

// update takes an offer inside an established call; an empty one asks the
// other side for an offer.
func (s *Server) update(c *call, l *leg, sdp string) error {
	if err := s.free(c); err != nil {
		return err
	}
	peer := c.peer(l)
	if peer == nil || sdp == "" && peer.Contact != "" {
		return errWrongState("The other side cannot take this offer")
	}
	c.Pending = &exchange{From: l.ID, To: peer.ID, AskOffer: sdp == "", Since: time.Now()}
	s.tellOffer(peer, sdp)
	return nil
}

// free tells whether a new exchange may begin. Two at once are glare: the
// second is refused (RFC 3261 §14.2), unless the first has been forgotten by
// the side that owes the answer.
func (s *Server) free(c *call) error {
	switch {
	case c.Phase != phaseEstablished:
		return errWrongState("The call is not established")
	case c.Transfer != nil:
		return errWrongState("The call is being transferred")
	case c.Pending != nil && time.Since(c.Pending.Since) < s.config.Timers.Exchange:
		return errWrongState("Another offer waits for its answer")
	}
	return nil
}

// settleExchange takes the answer that leg l owed.
func (s *Server) settleExchange(c *call, l *leg, sdp string) {
	p := c.Pending
	c.Pending = nil
	switch {
	case p.AskOffer && c.Transfer != nil:
		s.offerForTransfer(c, sdp)
	case p.AskOffer: // pass the offer on; the answer to it is owed now
		if from := c.Legs[p.From]; from != nil {
			c.Pending = &exchange{From: l.ID, To: p.From, Since: time.Now()}
			s.tellOffer(from, sdp)
		}
	case p.ForCall != "":
		s.completeConsultation(c, l, p.ForCall, sdp)
	default:
		if from := c.Legs[p.From]; from != nil {
			s.tellAnswer(from, sdp)
		}
	}
}
