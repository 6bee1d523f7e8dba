package switchboard

import (
	"net/http"
	"time"

	"tring/engine/internal/kandyapi"
)

// Transfer as a back-to-back user agent does it, by slow start: the transferee
// is asked for an offer, makes a new media peer, and the offer goes to the
// target. If the target cannot be had, the transferor gets that offer instead,
// so that the two talk again.

// forward sends a ringing call on to somebody else.
func (s *Server) forward(c *call, l *leg, to target) error {
	if !c.rings(l) {
		return errWrongState("The call does not ring here")
	}
	if c.Forwards >= maxForwards {
		return refuse(http.StatusForbidden, msgTooMany, "The call has been forwarded too often")
	}
	c.Forwards++
	from, offer := c.Legs[c.A], c.Offer
	if c.Transfer != nil {
		from, offer = c.Legs[c.Transfer.Of], c.Transfer.Offer
	}
	s.removeLeg(c, l)
	for _, id := range append([]string(nil), c.Ringing...) {
		s.cancelLeg(c, c.Legs[id], endTransferred)
	}
	if s.ring(c, to, from, offer) == 0 {
		s.unanswered(c, endUnavailable)
		return nil
	}
	s.armNoAnswer(c)
	return nil
}

// startTransfer begins a direct transfer to an address, or with other set a
// consultative one to the far end of that leg.
func (s *Server) startTransfer(c *call, l *leg, to target, other string) error {
	if err := s.free(c); err != nil {
		return err
	}
	of := c.peer(l)
	if of == nil || of.Contact != "" {
		return refuse(http.StatusForbidden, msgNotAllowed, "The other side cannot be transferred")
	}
	t := &transfer{By: l.ID, Of: of.ID, To: to}
	if other != "" {
		if err := s.consult(c, l, t, other); err != nil {
			return err
		}
	} else if len(s.reachable(to, of, "v=0")) == 0 {
		return refuse(http.StatusNotFound, msgNoAddress, "%1 has no device to be reached at", to.User.Email)
	}
	c.Transfer = t
	c.Pending = &exchange{To: of.ID, AskOffer: true, Since: time.Now()}
	s.tellOffer(of, "")
	s.arm(c, s.config.Timers.Exchange, func() { s.failTransfer(c, endNoAnswer) })
	return nil
}

// consult prepares the call behind leg other for a consultative transfer.
func (s *Server) consult(c *call, l *leg, t *transfer, other string) error {
	mine := s.legs[other]
	if mine == nil || mine.User.ID != l.User.ID || mine.CallID == c.ID {
		return errNoSession(other)
	}
	second := s.calls[mine.CallID]
	if err := s.free(second); err != nil {
		return err
	}
	far := second.peer(mine)
	if far == nil {
		return errWrongState("The other call has nobody left in it")
	}
	if far.Contact != "" { // a contact is simply called anew
		t.To = target{User: far.User, Contact: far.Contact}
		s.endCall(second, endTransferred, nil)
		return nil
	}
	t.With = far.ID
	second.Pending = &exchange{To: far.ID, ForCall: c.ID, Since: time.Now()}
	s.touch(bucketCalls, second.ID)
	return nil
}

// offerForTransfer takes the transferee's offer to the target.
func (s *Server) offerForTransfer(c *call, sdp string) {
	t := c.Transfer
	t.Offer = sdp
	if t.With != "" {
		far := s.legs[t.With]
		if far == nil {
			s.failTransfer(c, endUnavailable)
			return
		}
		s.tellOffer(far, sdp)
		s.arm(c, s.config.Timers.Exchange, func() { s.failTransfer(c, endNoAnswer) })
		return
	}
	if s.ring(c, t.To, c.Legs[t.Of], sdp) == 0 {
		s.failTransfer(c, endUnavailable)
		return
	}
	s.armNoAnswer(c)
}

// completeTransfer joins the transferee and the target, which has answered.
func (s *Server) completeTransfer(c *call, l *leg, sdp string) {
	s.choose(c, l)
	s.join(c, l, sdp)
}

// completeConsultation moves the far end of the second call, which has
// answered, into the first.
func (s *Server) completeConsultation(second *call, far *leg, into, sdp string) {
	c := s.calls[into]
	if c == nil || c.Transfer == nil {
		return // it has failed meanwhile; endLinked has seen to this call
	}
	delete(second.Legs, far.ID)
	s.endCall(second, endTransferred, nil)
	far.CallID = c.ID
	c.Legs[far.ID] = far
	s.join(c, far, sdp)
	s.touch(bucketCalls, c.ID)
}

// join puts l beside the transferee and lets the transferor go.
func (s *Server) join(c *call, l *leg, sdp string) {
	t := c.Transfer
	c.Transfer, c.Pending = nil, nil
	if by := c.Legs[t.By]; by != nil {
		s.tellEvent(by, kandyapi.EventSessionEnded, endTransferred)
		s.removeLeg(c, by)
	}
	if c.A == t.Of {
		c.B = l.ID
	} else {
		c.A = l.ID
	}
	s.establish(c)
	s.tellAnswer(c.Legs[t.Of], sdp)
}

// failTransfer goes back to the call as it was, as far as that can be: a
// transferee who has made an offer gets the transferor's answer to it.
func (s *Server) failTransfer(c *call, why end) {
	t := c.Transfer
	c.Transfer = nil
	s.disarm(c)
	for _, id := range append([]string(nil), c.Ringing...) {
		s.cancelLeg(c, c.Legs[id], why)
	}
	s.releaseConsulted(c, t)
	by := c.Legs[t.By]
	if by == nil {
		s.endCall(c, why, nil)
		return
	}
	s.tellEvent(by, eventTransferFailed, why)
	switch {
	case t.Offer != "":
		c.Pending = &exchange{From: t.Of, To: by.ID, Since: time.Now()}
		s.tellOffer(by, t.Offer)
	case c.Pending != nil: // the offer is still to come
		c.Pending.From = by.ID
	}
}

// releaseConsulted lets the second call of a consultative transfer go on.
func (s *Server) releaseConsulted(c *call, t *transfer) {
	far := s.legs[t.With]
	if far == nil {
		return
	}
	second := s.calls[far.CallID]
	if second == nil || second.Pending == nil || second.Pending.ForCall != c.ID {
		return
	}
	second.Pending = nil
	s.touch(bucketCalls, second.ID)
	if second.peer(far) == nil { // the transferor has left it already
		s.endCall(second, endTransferred, nil)
	}
}
