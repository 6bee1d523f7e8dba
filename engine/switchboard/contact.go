package switchboard

import (
	"context"

	"tring/engine/internal/kandyapi"
)

// Contact is a callee that lives in this process, such as the echo.
type Contact interface {
	// Answer takes a call. ctx ends when the caller gives up while Answer works;
	// the dialog outlives it. An error declines the call.
	Answer(ctx context.Context, offer string) (answer string, dialog ContactDialog, err error)
}

// ContactDialog is a call that a Contact has answered. Update and Close are
// not called at the same time.
//
// A dialog that may end by itself also has the method Done() <-chan struct{},
// closed when it has ended; Close is still called.
type ContactDialog interface {
	// Update answers an offer inside the call. An error ends the call.
	Update(ctx context.Context, offer string) (answer string, err error)
	// Close ends the call and waits for what belongs to it.
	Close() error
}

// contactLeg is the contact's side of a call: one goroutine that calls it in
// order.
type contactLeg struct {
	life   context.Context // ends with the leg
	cancel context.CancelFunc
	offers chan string // inside the call; one at a time is owed an answer
}

// callContact has a contact answer offer.
func (s *Server) callContact(l *leg, offer string) {
	life, cancel := context.WithCancel(s.life)
	l.contact = &contactLeg{life, cancel, make(chan string, 1)}
	if s.closed { // Close no longer waits for new work
		cancel()
		return
	}
	s.work.Go(func() {
		defer cancel()
		s.runContact(l, s.config.Contacts[l.Contact], offer)
	})
}

// tellContact turns a notification into what the contact has to do.
func (s *Server) tellContact(l *leg, m kandyapi.Message) {
	switch {
	case m.Offer != nil:
		select {
		case l.contact.offers <- m.Offer.Offer.SDP:
		default: // still at work on one that was given up
			s.log.Warn("contact is behind; offer dropped", "contact", l.Contact)
		}
	case m.Event != nil && m.Event.EventType != kandyapi.EventRinging:
		l.contact.cancel()
	}
}

func (s *Server) runContact(l *leg, contact Contact, offer string) {
	life := l.contact.life
	answer, dialog, err := contact.Answer(life, offer)
	if err != nil {
		s.contactDone(l, endUnavailable, err)
		return
	}
	defer dialog.Close()
	if !s.contactAnswers(l, answer) {
		return
	}
	var done <-chan struct{}
	if d, ok := dialog.(interface{ Done() <-chan struct{} }); ok {
		done = d.Done()
	}
	for {
		select {
		case <-life.Done():
			return
		case <-done:
			s.contactDone(l, endHungUp, nil)
			return
		case offer := <-l.contact.offers:
			answer, err := dialog.Update(life, offer)
			if err != nil {
				s.contactDone(l, endLost, err)
				return
			}
			if !s.contactAnswers(l, answer) {
				return
			}
		}
	}
}

// contactAnswers enters an answer; false if the leg is over.
func (s *Server) contactAnswers(l *leg, sdp string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[l.CallID]
	if c == nil || s.legs[l.ID] != l {
		return false
	}
	defer s.touch(bucketCalls, c.ID)
	if err := s.answer(c, l, sdp); err != nil {
		s.log.Debug("contact's answer came too late", "contact", l.Contact)
	}
	return true
}

// contactDone takes the contact out of its call.
func (s *Server) contactDone(l *leg, why end, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[l.CallID]
	if c == nil || s.legs[l.ID] != l {
		return
	}
	if err != nil {
		s.log.Warn("contact failed", "contact", l.Contact, "err", err)
	}
	defer s.touch(bucketCalls, c.ID)
	if c.rings(l) {
		s.dropRinging(c, l, why)
		return
	}
	s.endCall(c, why, l)
}
