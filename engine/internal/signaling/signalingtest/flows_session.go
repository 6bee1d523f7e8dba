package signalingtest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"tring/engine"
	"tring/engine/internal/signaling"
)

// eventsAfterInvite calls a device that answers at once, many times: nothing
// about a leg may come before Invite has returned it.
func eventsAfterInvite(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	var robot sync.WaitGroup
	robot.Go(func() {
		for e := range bob.Events() {
			if in, ok := e.(signaling.Incoming); ok {
				_ = bob.Ringing(bob.ctx(), in.Leg)
				_ = bob.Answer(bob.ctx(), in.Leg, "v=0\r\n")
			}
		}
	})
	for range 10 {
		var returned atomic.Bool
		var leg signaling.LegID
		done := make(chan struct{})
		go func() {
			defer close(done)
			leg = alice.invite("bob", s.sdp("sendrecv"))
			returned.Store(true)
		}()
		first := alice.take("event about the call", about)
		if !returned.Load() {
			s.Errorf("%#v came before Invite returned", first)
		}
		<-done
		if want := (signaling.RemoteRinging{Leg: leg}); first != want {
			s.Errorf("%#v, want %#v", first, want)
		}
		if e := expect[signaling.Accepted](alice); e.Leg != leg {
			s.Errorf("%#v", e)
		}
		alice.ok("Hangup", alice.Hangup(alice.ctx(), leg))
	}
	bob.ok("Close", bob.Close(bob.ctx()))
	robot.Wait()
}

// manyCalls has several calls at a time, both ways, on one session.
func manyCalls(s *stage) {
	alice, bob, carol := s.signIn("alice", "desk"), s.signIn("bob", "desk"), s.signIn("carol", "desk")
	one := s.establish(alice, "alice", bob, "bob")
	two := s.establish(carol, "carol", alice, "alice")
	three := s.establish(bob, "bob", carol, "carol")
	s.change(bob, one.calleeLeg, alice, one.callerLeg, "inactive")
	s.hangup(alice, two.calleeLeg, carol, two.callerLeg)
	s.change(carol, three.calleeLeg, bob, three.callerLeg, "sendrecv")
	s.change(alice, one.callerLeg, bob, one.calleeLeg, "sendrecv")
	s.hangup(bob, three.callerLeg, carol, three.calleeLeg)
	s.hangup(alice, one.callerLeg, bob, one.calleeLeg)
	for _, d := range []*device{alice, bob, carol} {
		d.quiet()
	}
}

func reconnectKeepsCalls(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	s.world.Break()
	alice.registration(engine.Reconnecting)
	bob.registration(engine.Reconnecting)
	err := alice.Offer(alice.ctx(), p.callerLeg, s.sdp("sendrecv"))
	alice.problem("Offer without a network", err)
	s.world.Heal()
	alice.registration(engine.Registered)
	bob.registration(engine.Registered)
	s.change(alice, p.callerLeg, bob, p.calleeLeg, "sendrecv")
	s.change(bob, p.calleeLeg, alice, p.callerLeg, "sendrecv")
	s.hangup(bob, p.calleeLeg, alice, p.callerLeg)
	// And new calls can be made.
	p = s.establish(bob, "bob", alice, "alice")
	s.hangup(bob, p.callerLeg, alice, p.calleeLeg)
}

func contextEndsRequest(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, inviteErr := alice.Invite(ctx, s.world.Address("carol"), "", s.sdp("sendrecv"))
	_, auditErr := alice.Audit(ctx, p.callerLeg)
	for what, err := range map[string]error{
		"Invite": inviteErr, "Audit": auditErr,
		"Offer":  alice.Offer(ctx, p.callerLeg, s.sdp("sendrecv")),
		"Hangup": alice.Hangup(ctx, p.callerLeg),
	} {
		if !errors.Is(err, context.Canceled) {
			s.Errorf("%s with a cancelled context: %v", what, err)
		}
		alice.problem(what, err)
	}
	s.hangup(alice, p.callerLeg, bob, p.calleeLeg)
}

func closeJoins(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	p := s.establish(alice, "alice", bob, "bob")
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() {
			if err := alice.Close(alice.ctx()); err != nil {
				s.Errorf("Close: %v", err)
			}
		})
	}
	closers.Wait()
	timeout := time.NewTimer(s.limit)
	defer timeout.Stop()
	for open := true; open; {
		select {
		case _, open = <-alice.Events():
		case <-timeout.C:
			s.Fatal("Events stay open after Close")
		}
	}
	_, inviteErr := alice.Invite(alice.ctx(), s.world.Address("bob"), "", s.sdp("sendrecv"))
	for what, err := range map[string]error{"Invite": inviteErr, "Offer": alice.Offer(alice.ctx(), p.callerLeg, s.sdp("sendrecv"))} {
		if !errors.Is(err, engine.ErrClosed) {
			s.Errorf("%s after Close: %v", what, err)
		}
		alice.problem(what, err)
	}
	// The account can be used again.
	again := s.signIn("alice", "desk")
	bob.ok("Hangup", bob.Hangup(bob.ctx(), p.calleeLeg))
	p = s.establish(bob, "bob", again, "alice")
	s.hangup(again, p.calleeLeg, bob, p.callerLeg)
}

// adoptedLegs signs a device in again while it is in a call, as after a refused
// sign-in: the new session takes the call over.
func adoptedLegs(s *stage) {
	alice, bob := s.signIn("alice", "desk"), s.signIn("bob", "desk")
	if _, ok := alice.Session.(signaling.Adopter); !ok {
		s.Skip("the backend cannot take calls over")
	}
	p := s.establish(alice, "alice", bob, "bob")
	alice.ok("Close", alice.Close(alice.ctx()))
	again := s.signIn("alice", "desk")
	offer, answer := s.sdp("inactive"), s.sdp("inactive")
	bob.ok("Offer", bob.Offer(bob.ctx(), p.calleeLeg, offer)) // before anybody has taken the call over
	again.Session.(signaling.Adopter).Adopt(p.callerLeg, false)
	if e := expect[signaling.Offered](again); e.Leg != p.callerLeg || e.Offer != offer {
		s.Fatalf("%+v, want the offer for leg %s", e, p.callerLeg)
	}
	again.ok("Answer", again.Answer(again.ctx(), p.callerLeg, answer))
	if e := expect[signaling.Answered](bob); e.Answer != answer {
		s.Fatalf("%+v", e)
	}
	s.change(again, p.callerLeg, bob, p.calleeLeg, "sendrecv")
	s.hangup(bob, p.calleeLeg, again, p.callerLeg)
}
