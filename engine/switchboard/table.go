package switchboard

import (
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"tring/engine/internal/kandyapi"
)

// This file begins calls and rings; table_answer.go, table_end.go and
// table_transfer.go change and end them. Everything here runs under Server.mu
// and never blocks: it changes the table and queues notifications.

// target is whom an address belongs to: a user with devices, or a contact.
type target struct {
	User    User   `json:"user"` // of a contact only Email
	Contact string `json:"contact,omitempty"`
}

// place begins a call from a device.
func (s *Server) place(from *device, to target, name, offer string) (*call, *leg, error) {
	if s.legCount[from.key()] >= maxLegs {
		return nil, nil, refuse(http.StatusForbidden, msgTooMany, "The device has too many calls")
	}
	c := &call{ID: uuid.NewString(), Phase: phaseRinging, Legs: map[string]*leg{}, Target: to, Offer: offer}
	caller := &leg{User: from.User, Device: from.Correlator, Status: kandyapi.StatusInitiated}
	if name != "" && checkName(name) == nil {
		caller.User.Name = name
	}
	s.calls[c.ID] = c
	s.addLeg(c, caller)
	c.A = caller.ID
	s.log.Info("call", "call", c.ID, "from", from.User.Email, "to", to.User.Email)
	return c, caller, nil
}

// ringOrEnd rings the callee; a call that nobody can take ends at once.
func (s *Server) ringOrEnd(c *call, to target) {
	if s.ring(c, to, c.Legs[c.A], c.Offer) == 0 {
		s.endCall(c, endUnavailable, nil)
		return
	}
	s.armNoAnswer(c)
}

func (s *Server) armNoAnswer(c *call) {
	s.arm(c, s.config.Timers.NoAnswer, func() { s.unanswered(c, endNoAnswer) })
}

// ring invites every subscribed device of a user, or a contact, in the name of
// from; it returns how many. The device that from is on is left out.
func (s *Server) ring(c *call, to target, from *leg, offer string) int {
	n := 0
	for _, callee := range s.reachable(to, from, offer) {
		s.addLeg(c, callee)
		c.Ringing = append(c.Ringing, callee.ID)
		if callee.Contact != "" {
			s.callContact(callee, offer)
			n++
			continue
		}
		s.tell(callee, kandyapi.Message{Invitation: &kandyapi.InvitationNotification{
			Header:              s.header(callee),
			OriginatorAddress:   "sip:" + from.User.Email,
			OriginatorName:      from.User.Name,
			TParticipantAddress: "sip:" + to.User.Email,
			Offer:               &kandyapi.SDP{SDP: offer},
		}})
		n++
	}
	return n
}

// reachable makes a leg for each device that can be rung, not yet in the table.
func (s *Server) reachable(to target, from *leg, offer string) []*leg {
	if to.Contact != "" {
		if s.config.Contacts[to.Contact] == nil || offer == "" { // contacts make no offers
			return nil
		}
		return []*leg{{User: to.User, Contact: to.Contact, Status: kandyapi.StatusInitiated}}
	}
	var legs []*leg
	for _, d := range sortedDevices(s.devices[to.User.ID]) {
		if d.Subscription == "" || d.key() == from.key() || s.legCount[d.key()] >= maxLegs {
			continue
		}
		legs = append(legs, &leg{User: d.User, Device: d.Correlator, Status: kandyapi.StatusInitiated})
	}
	return legs
}

// addLeg gives l an id and enters it.
func (s *Server) addLeg(c *call, l *leg) {
	l.ID, l.CallID, l.seen = uuid.NewString(), c.ID, time.Now()
	c.Legs[l.ID] = l
	s.legs[l.ID] = l
	if l.Contact == "" {
		s.legCount[l.key()]++
	}
}

// removeLeg takes l off. Its id is remembered for a while, to tell a late
// answer (409) from an unknown session (404).
func (s *Server) removeLeg(c *call, l *leg) {
	if s.legs[l.ID] != l {
		return
	}
	delete(c.Legs, l.ID)
	delete(s.legs, l.ID)
	c.Ringing = slices.DeleteFunc(c.Ringing, func(id string) bool { return id == l.ID })
	if l.Contact != "" {
		l.contact.cancel()
		return
	}
	s.over[l.ID] = tombstone{l.User.ID, time.Now()}
	if s.legCount[l.key()]--; s.legCount[l.key()] <= 0 {
		delete(s.legCount, l.key())
	}
}

// tombstone is what is left of a leg.
type tombstone struct {
	user string
	at   time.Time
}

// arm sets the call's one timer, in place of what was set before.
func (s *Server) arm(c *call, d time.Duration, do func()) {
	c.epoch++
	epoch := c.epoch
	s.agenda.after(d, func() {
		if s.calls[c.ID] == c && c.epoch == epoch {
			do()
			s.touch(bucketCalls, c.ID)
		}
	})
}

func (s *Server) disarm(c *call) { c.epoch++ }

// rang takes ringing feedback; only the first reaches the caller.
func (s *Server) rang(c *call, l *leg) {
	if !c.rings(l) {
		return
	}
	l.Status = kandyapi.StatusRinging
	if c.Rang || c.Transfer != nil {
		return
	}
	c.Rang = true
	caller := c.Legs[c.A]
	caller.Status = kandyapi.StatusRinging
	s.tellEvent(caller, kandyapi.EventRinging, end{})
}
