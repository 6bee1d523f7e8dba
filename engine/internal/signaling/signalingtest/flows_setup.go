package signalingtest

import (
	"errors"
	"strings"

	"tring/engine"
	"tring/engine/internal/signaling"
)

func addresses(s *stage) {
	alice := s.signIn("alice", "desk")
	if got := alice.Identity().Address; got != s.world.Address("alice") {
		s.Errorf("alice is %q", got)
	}
	bob := s.world.Address("bob")
	name, _, _ := strings.Cut(bob, "@")
	for _, typed := range []string{bob, "  " + bob + " ", name, "sip:" + bob} {
		if got, err := alice.Address(typed); got != bob || err != nil {
			s.Errorf("%q → %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", " ", "@", "a b@c d", "\x00"} {
		got, err := alice.Address(typed)
		if err == nil {
			s.Errorf("%q → %q", typed, got)
			continue
		}
		alice.problem("Address", err)
	}
}

func answered(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	for _, d := range []struct {
		*device
		leg signaling.LegID
	}{{alice, p.callerLeg}, {bob, p.calleeLeg}} {
		if alive, err := d.Audit(d.ctx(), d.leg); !alive || err != nil {
			s.Errorf("%s: audit %t %v", d.name, alive, err)
		}
	}
	s.hangup(alice, p.callerLeg, bob, p.calleeLeg)
	if alive, err := bob.Audit(bob.ctx(), p.calleeLeg); alive || err != nil {
		s.Errorf("audit after the end: %t %v", alive, err)
	}
	// What is over may be ended again, and refuses everything else.
	alice.ok("second Hangup", alice.Hangup(alice.ctx(), p.callerLeg))
	bob.ok("Hangup after the end", bob.Hangup(bob.ctx(), p.calleeLeg))
	err := alice.Offer(alice.ctx(), p.callerLeg, s.sdp("sendrecv"))
	alice.problem("Offer after the end", err)
	if !errors.Is(err, signaling.ErrGone) {
		s.Errorf("Offer after the end: %v is not ErrGone", err)
	}
	alice.quiet()
	bob.quiet()
}

func hangupByCallee(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	s.hangup(bob, p.calleeLeg, alice, p.callerLeg)
	bob.quiet()
}

func reject(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	offer := s.sdp("sendrecv")
	leg := alice.invite("bob", offer)
	mine := bob.ring(alice, leg, "alice", offer)
	bob.ok("Hangup", bob.Hangup(bob.ctx(), mine))
	alice.finished(leg, false, engine.ReasonDeclined)
	bob.quiet()
}

func busy(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	rejecter, ok := bob.Session.(signaling.BusyRejecter)
	if !ok {
		s.Skip("the backend cannot say busy")
	}
	offer := s.sdp("sendrecv")
	leg := alice.invite("bob", offer)
	mine := bob.incoming("alice", offer)
	bob.ok("RejectBusy", rejecter.RejectBusy(bob.ctx(), mine))
	alice.finished(leg, false, engine.ReasonBusy)
	bob.ok("RejectBusy of what is over", rejecter.RejectBusy(bob.ctx(), mine))
}

func cancel(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	offer := s.sdp("sendrecv")
	leg := alice.invite("bob", offer)
	mine := bob.ring(alice, leg, "alice", offer)
	alice.ok("Hangup", alice.Hangup(alice.ctx(), leg))
	bob.finished(mine, true, engine.ReasonCancelledThere)
	err := bob.Answer(bob.ctx(), mine, s.sdp("sendrecv"))
	bob.problem("Answer after the end", err)
	alice.quiet()
}

func answeredElsewhere(s *stage) {
	alice, desk, phone := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("bob", "phone")
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	leg := alice.invite("bob", offer)
	atDesk := desk.ring(alice, leg, "alice", offer)
	atPhone := phone.incoming("alice", offer)
	phone.ok("Answer", phone.Answer(phone.ctx(), atPhone, answer))
	if e := expect[signaling.Accepted](alice); e.Leg != leg || e.Answer != answer {
		s.Errorf("%+v", e)
	}
	desk.finished(atDesk, true, engine.ReasonAnsweredElsewhere)
	err := desk.Answer(desk.ctx(), atDesk, s.sdp("sendrecv"))
	desk.problem("Answer after the other device", err)
	if !errors.Is(err, signaling.ErrGone) {
		s.Errorf("Answer after the other device: %v is not ErrGone", err)
	}
	s.hangup(alice, leg, phone, atPhone)
	desk.quiet()
}

func declinedElsewhere(s *stage) {
	alice, desk, phone := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("bob", "phone")
	offer := s.sdp("sendrecv")
	leg := alice.invite("bob", offer)
	atDesk, atPhone := desk.incoming("alice", offer), phone.incoming("alice", offer)
	phone.ok("Hangup", phone.Hangup(phone.ctx(), atPhone))
	desk.finished(atDesk, true, engine.ReasonDeclinedElsewhere)
	alice.finished(leg, false, engine.ReasonDeclined)
}

// A call that cannot begin may be refused, or begin and end at once.
func (s *stage) cannotCall(alice *device, address string, reason engine.EndReason) {
	s.Helper()
	leg, err := alice.Invite(alice.ctx(), address, "", s.sdp("sendrecv"))
	if err == nil {
		alice.finished(leg, false, reason)
		return
	}
	alice.problem("Invite", err)
	var refused *signaling.RefusedError
	if !errors.As(err, &refused) || refused.End.Reason != reason {
		s.Errorf("Invite: %v, want a RefusedError with %v", err, reason)
	}
}

func unknownUser(s *stage) {
	alice := s.signIn("alice", "desk")
	_, domain, _ := strings.Cut(s.world.Address("alice"), "@")
	s.cannotCall(alice, "nobody@"+domain, engine.ReasonUnknownUser)
}

func absentUser(s *stage) {
	alice := s.signIn("alice", "desk")
	s.cannotCall(alice, s.world.Address("carol"), engine.ReasonUnreachable)
}

func slowStart(s *stage) {
	world, ok := s.world.(SlowStarter)
	if !ok {
		s.Skip("the world cannot call without an offer; transfers cover slow start inside a call")
	}
	bob := s.signIn("bob", "desk")
	accept := world.SlowInvite(s, s.world.Address("alice"), "bob")
	leg := bob.incoming("alice", "")
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	bob.ok("Answer with an offer", bob.Answer(bob.ctx(), leg, offer))
	if got := accept(answer); got != offer {
		s.Errorf("the far end got %q", got)
	}
	switch e := bob.take("answer to the offer", about).(type) {
	case signaling.Accepted:
		if e.Leg != leg || e.Answer != answer {
			s.Errorf("%+v", e)
		}
	case signaling.Answered:
		if e.Leg != leg || e.Answer != answer {
			s.Errorf("%+v", e)
		}
	default:
		s.Errorf("%#v", e)
	}
}
