package signalingtest

import (
	"errors"

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
