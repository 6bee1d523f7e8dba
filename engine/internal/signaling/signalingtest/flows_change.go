package signalingtest

import (
	"errors"

	"tring/engine"
	"tring/engine/internal/signaling"
)

func midCall(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	for range 3 {
		s.change(alice, p.callerLeg, bob, p.calleeLeg, "sendrecv")
		s.change(bob, p.calleeLeg, alice, p.callerLeg, "sendrecv")
	}
	s.hangup(bob, p.calleeLeg, alice, p.callerLeg)
}

func holdBothSides(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	s.change(alice, p.callerLeg, bob, p.calleeLeg, "inactive")
	s.change(bob, p.calleeLeg, alice, p.callerLeg, "inactive")
	s.change(alice, p.callerLeg, bob, p.calleeLeg, "inactive") // unheld by alice, still held by bob
	s.change(bob, p.calleeLeg, alice, p.callerLeg, "sendrecv")
	s.hangup(alice, p.callerLeg, bob, p.calleeLeg)
}

func glare(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	offer, answer := s.sdp("inactive"), s.sdp("inactive")
	alice.ok("Offer", alice.Offer(alice.ctx(), p.callerLeg, offer))
	err := bob.Offer(bob.ctx(), p.calleeLeg, s.sdp("sendrecv"))
	bob.problem("Offer against an offer", err)
	if !errors.Is(err, signaling.ErrGlare) {
		s.Errorf("Offer against an offer: %v is not ErrGlare", err)
	}
	// The first goes through, and then there is room for the other.
	if e := expect[signaling.Offered](bob); e.Offer != offer {
		s.Errorf("%+v", e)
	}
	bob.ok("Answer", bob.Answer(bob.ctx(), p.calleeLeg, answer))
	if e := expect[signaling.Answered](alice); e.Answer != answer {
		s.Errorf("%+v", e)
	}
	s.change(bob, p.calleeLeg, alice, p.callerLeg, "sendrecv")
	s.hangup(alice, p.callerLeg, bob, p.calleeLeg)
}

func transferDirect(s *stage) {
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

func forward(s *stage) {
	alice, bob, carol := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("carol", "desk")
	if !bob.Capabilities().Forward {
		s.Skip("no forwarding")
	}
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	leg := alice.invite("bob", offer)
	atBob := bob.ring(alice, leg, "alice", offer)
	bob.ok("Forward", bob.Forward(bob.ctx(), atBob, s.world.Address("carol")))
	atCarol := carol.incoming("alice", offer)
	carol.ok("Answer", carol.Answer(carol.ctx(), atCarol, answer))
	if e := expect[signaling.Accepted](alice); e.Leg != leg || e.Answer != answer {
		s.Errorf("%+v", e)
	}
	s.hangup(alice, leg, carol, atCarol)
}
