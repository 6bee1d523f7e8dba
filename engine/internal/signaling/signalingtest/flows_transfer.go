package signalingtest

import (
	"errors"

	"tring/engine"
	"tring/engine/internal/signaling"
)

func transferDirect(s *stage) {
	alice, bob, carol := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("carol", "desk")
	if !alice.Capabilities().Transfer {
		s.Skip("no transfer")
	}
	p := s.establish(alice, "alice", bob, "bob")
	s.change(alice, p.callerLeg, bob, p.calleeLeg, "inactive")
	s.transferTo(alice, bob, carol, p)
}

// transferTo has alice, who holds bob, transfer him to carol.
func (s *stage) transferTo(alice, bob, carol *device, p pair) {
	s.Helper()
	alice.ok("Transfer", alice.Transfer(alice.ctx(), p.callerLeg, s.world.Address("carol"), ""))
	if e := expect[signaling.Offered](bob); e.Leg != p.calleeLeg || e.Offer != "" {
		s.Fatalf("%+v, want a request for an offer", e)
	}
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	bob.ok("Answer with an offer", bob.Answer(bob.ctx(), p.calleeLeg, offer))
	atCarol := carol.incoming("bob", offer)
	carol.ok("Ringing", carol.Ringing(carol.ctx(), atCarol))
	carol.ok("Answer", carol.Answer(carol.ctx(), atCarol, answer))
	s.transferAnswered(bob, p.calleeLeg, answer)
	alice.finished(p.callerLeg, false, engine.ReasonTransferred)
	s.change(carol, atCarol, bob, p.calleeLeg, "sendrecv")
	s.hangup(carol, atCarol, bob, p.calleeLeg)
	alice.quiet()
}

// transferAnswered takes the answer to an offer that was asked for; the ring
// of the target may come before it.
func (s *stage) transferAnswered(d *device, leg signaling.LegID, answer string) {
	s.Helper()
	e := d.take("answer of the target", func(e signaling.Event) bool {
		_, rings := e.(signaling.RemoteRinging)
		return about(e) && !rings
	})
	if want := (signaling.Answered{Leg: leg, Answer: answer}); e != want {
		s.Fatalf("%s: %#v, want %#v", d.name, e, want)
	}
	d.backlog = nil
}

func transferConsultative(s *stage) {
	alice, bob, carol := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("carol", "desk")
	if !alice.Capabilities().Transfer {
		s.Skip("no transfer")
	}
	first := s.establish(alice, "alice", bob, "bob")
	s.change(alice, first.callerLeg, bob, first.calleeLeg, "inactive")
	second := s.establish(alice, "alice", carol, "carol")
	s.change(alice, second.callerLeg, carol, second.calleeLeg, "inactive")
	alice.ok("Transfer", alice.Transfer(alice.ctx(), first.callerLeg, s.world.Address("carol"), second.callerLeg))
	if e := expect[signaling.Offered](bob); e.Leg != first.calleeLeg || e.Offer != "" {
		s.Fatalf("%+v, want a request for an offer", e)
	}
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	bob.ok("Answer with an offer", bob.Answer(bob.ctx(), first.calleeLeg, offer))
	if e := expect[signaling.Offered](carol); e.Leg != second.calleeLeg || e.Offer != offer {
		s.Fatalf("%+v, want bob's offer", e)
	}
	carol.ok("Answer", carol.Answer(carol.ctx(), second.calleeLeg, answer))
	s.transferAnswered(bob, first.calleeLeg, answer)
	over := map[signaling.LegID]bool{first.callerLeg: true, second.callerLeg: true}
	for range 2 {
		e := expect[signaling.Finished](alice)
		if !over[e.Leg] || e.End.Reason != engine.ReasonTransferred {
			s.Errorf("alice: %+v", e)
		}
		delete(over, e.Leg)
	}
	s.change(bob, first.calleeLeg, carol, second.calleeLeg, "sendrecv")
	s.hangup(bob, first.calleeLeg, carol, second.calleeLeg)
}

// transferDeclined: the target does not want the call, so the transferee's
// offer leads back to the transferor.
func transferDeclined(s *stage) {
	alice, bob, carol := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("carol", "desk")
	if !alice.Capabilities().Transfer {
		s.Skip("no transfer")
	}
	p := s.establish(alice, "alice", bob, "bob")
	s.change(alice, p.callerLeg, bob, p.calleeLeg, "inactive")
	alice.ok("Transfer", alice.Transfer(alice.ctx(), p.callerLeg, s.world.Address("carol"), ""))
	if e := expect[signaling.Offered](bob); e.Leg != p.calleeLeg || e.Offer != "" {
		s.Fatalf("%+v, want a request for an offer", e)
	}
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	bob.ok("Answer with an offer", bob.Answer(bob.ctx(), p.calleeLeg, offer))
	atCarol := carol.incoming("bob", offer)
	carol.ok("Hangup", carol.Hangup(carol.ctx(), atCarol))
	if e := expect[signaling.Offered](alice); e.Leg != p.callerLeg || e.Offer != offer {
		s.Fatalf("%+v, want bob's offer", e)
	}
	alice.ok("Answer", alice.Answer(alice.ctx(), p.callerLeg, answer))
	s.transferAnswered(bob, p.calleeLeg, answer)
	s.change(bob, p.calleeLeg, alice, p.callerLeg, "sendrecv")
	s.hangup(alice, p.callerLeg, bob, p.calleeLeg)
	carol.quiet()
}

// transferGlare: a transfer that meets the far end's offer is refused as glare,
// and works after it.
func transferGlare(s *stage) {
	alice, bob, carol := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("carol", "desk")
	if !alice.Capabilities().Transfer {
		s.Skip("no transfer")
	}
	p := s.establish(alice, "alice", bob, "bob")
	s.change(alice, p.callerLeg, bob, p.calleeLeg, "inactive")
	offer, answer := s.sdp("inactive"), s.sdp("inactive")
	bob.ok("Offer", bob.Offer(bob.ctx(), p.calleeLeg, offer))
	err := alice.Transfer(alice.ctx(), p.callerLeg, s.world.Address("carol"), "")
	alice.problem("Transfer against an offer", err)
	if !errors.Is(err, signaling.ErrGlare) {
		s.Errorf("Transfer against an offer: %v is not ErrGlare", err)
	}
	if e := expect[signaling.Offered](alice); e.Offer != offer {
		s.Fatalf("%+v", e)
	}
	alice.ok("Answer", alice.Answer(alice.ctx(), p.callerLeg, answer))
	if e := expect[signaling.Answered](bob); e.Answer != answer {
		s.Fatalf("%+v", e)
	}
	s.transferTo(alice, bob, carol, p)
}
