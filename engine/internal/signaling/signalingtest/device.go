package signalingtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/signaling"
)

// stage is one flow's test, world and patience.
type stage struct {
	testing.TB
	world World
	limit time.Duration // for anything that must happen
	sdps  int
}

func newStage(t *testing.T, h Harness, limit time.Duration) *stage {
	return &stage{TB: t, world: h.Start(t), limit: limit}
}

// device is a signed-in session and the events it has not been asked for yet.
type device struct {
	signaling.Session
	s       *stage
	name    string
	backlog []signaling.Event
}

// signIn signs a device in, and out at the end.
func (s *stage) signIn(user, name string) *device {
	s.Helper()
	session := s.world.SignIn(s, user, user+"-"+name)
	d := &device{Session: session, s: s, name: user + "-" + name}
	s.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.limit)
		defer cancel()
		if err := session.Close(ctx); err != nil {
			s.Errorf("%s: Close: %v", d.name, err)
		}
	})
	return d
}

// sdp makes a session description that no other is equal to.
func (s *stage) sdp(direction string) string {
	s.sdps++
	return fmt.Sprintf("v=0\r\no=- 4711 %d IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"+
		"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.0.2.1\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=%s\r\n", s.sdps, direction)
}

func (d *device) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d.s.limit)
	d.s.Cleanup(cancel)
	return ctx
}

// ok fails the flow if a request failed.
func (d *device) ok(what string, err error) {
	d.s.Helper()
	if err != nil {
		d.s.Fatalf("%s: %s: %v", d.name, what, err)
	}
}

// invite calls a user with an offer, which must be taken.
func (d *device) invite(user, offer string) signaling.LegID {
	d.s.Helper()
	leg, err := d.Invite(d.ctx(), d.s.world.Address(user), "", offer)
	d.ok("Invite", err)
	return leg
}

// about reports whether an event is about a call.
func about(e signaling.Event) bool {
	switch e.(type) {
	case signaling.RegistrationChanged, signaling.CredentialChanged:
		return false
	}
	return true
}

// take is the next event that is wanted; others stay in the backlog.
func (d *device) take(what string, wanted func(signaling.Event) bool) signaling.Event {
	d.s.Helper()
	for i, e := range d.backlog {
		if wanted(e) {
			d.backlog = append(d.backlog[:i:i], d.backlog[i+1:]...)
			return e
		}
	}
	timeout := time.NewTimer(d.s.limit)
	defer timeout.Stop()
	for {
		select {
		case e, open := <-d.Events():
			if !open {
				d.s.Fatalf("%s: events closed while waiting for %s", d.name, what)
			}
			if wanted(e) {
				return e
			}
			d.backlog = append(d.backlog, e)
		case <-timeout.C:
			d.s.Fatalf("%s: no %s came", d.name, what)
		}
	}
}

// expect takes the next event about a call, which must be a T.
func expect[T signaling.Event](d *device) T {
	d.s.Helper()
	var want T
	e := d.take(fmt.Sprintf("%T", want), about)
	got, ok := e.(T)
	if !ok {
		d.s.Fatalf("%s: %#v came, want a %T", d.name, e, want)
	}
	return got
}

// registration waits for a state of the registration.
func (d *device) registration(state engine.Registration) {
	d.s.Helper()
	d.take("registration state", func(e signaling.Event) bool {
		r, ok := e.(signaling.RegistrationChanged)
		return ok && r.State == state
	})
}

// finished takes the end of a leg and checks it.
func (d *device) finished(leg signaling.LegID, cancelled bool, reason engine.EndReason) {
	d.s.Helper()
	e := expect[signaling.Finished](d)
	if e.Leg != leg || e.Cancelled != cancelled || e.End.Reason != reason {
		d.s.Fatalf("%s: %+v, want leg %s, cancelled %t, reason %v", d.name, e, leg, cancelled, reason)
	}
}

// incoming takes an invitation and checks where it is from.
func (d *device) incoming(from, offer string) signaling.LegID {
	d.s.Helper()
	in := expect[signaling.Incoming](d)
	if in.From != d.s.world.Address(from) || in.Offer != offer || in.Leg == "" {
		d.s.Fatalf("%s: %+v, want a call from %s with %q", d.name, in, from, offer)
	}
	return in.Leg
}

// ring takes an invitation and rings, which the caller is told.
func (d *device) ring(caller *device, leg signaling.LegID, from, offer string) signaling.LegID {
	d.s.Helper()
	mine := d.incoming(from, offer)
	d.ok("Ringing", d.Ringing(d.ctx(), mine))
	if e := expect[signaling.RemoteRinging](caller); e.Leg != leg {
		d.s.Fatalf("%s: %+v, want leg %s", caller.name, e, leg)
	}
	return mine
}

// pair is an established call.
type pair struct {
	caller, callee       *device
	callerLeg, calleeLeg signaling.LegID
}

// establish makes a call between two devices of different users.
func (s *stage) establish(caller *device, from string, callee *device, to string) pair {
	s.Helper()
	offer, answer := s.sdp("sendrecv"), s.sdp("sendrecv")
	p := pair{caller: caller, callee: callee}
	p.callerLeg = caller.invite(to, offer)
	p.calleeLeg = callee.ring(caller, p.callerLeg, from, offer)
	callee.ok("Answer", callee.Answer(callee.ctx(), p.calleeLeg, answer))
	if e := expect[signaling.Accepted](caller); e.Leg != p.callerLeg || e.Answer != answer {
		s.Fatalf("%s: %+v, want the answer of leg %s", caller.name, e, p.callerLeg)
	}
	return p
}

// change plays a mid-call offer and its answer.
func (s *stage) change(a *device, aLeg signaling.LegID, b *device, bLeg signaling.LegID, direction string) {
	s.Helper()
	offer, answer := s.sdp(direction), s.sdp(direction)
	a.ok("Offer", a.Offer(a.ctx(), aLeg, offer))
	if e := expect[signaling.Offered](b); e.Leg != bLeg || e.Offer != offer {
		s.Fatalf("%s: %+v, want the offer for leg %s", b.name, e, bLeg)
	}
	b.ok("Answer", b.Answer(b.ctx(), bLeg, answer))
	if e := expect[signaling.Answered](a); e.Leg != aLeg || e.Answer != answer {
		s.Fatalf("%s: %+v, want the answer for leg %s", a.name, e, aLeg)
	}
}

// hangup ends a leg, and wants the other side to be told.
func (s *stage) hangup(a *device, aLeg signaling.LegID, b *device, bLeg signaling.LegID) {
	s.Helper()
	a.ok("Hangup", a.Hangup(a.ctx(), aLeg))
	b.finished(bLeg, false, engine.ReasonHungUpThere)
}

// quiet fails if a device has events about calls that nobody asked for.
func (d *device) quiet() {
	d.s.Helper()
	for {
		select {
		case e, open := <-d.Events():
			if open {
				d.backlog = append(d.backlog, e)
				continue
			}
		default:
		}
		break
	}
	for _, e := range d.backlog {
		if about(e) {
			d.s.Errorf("%s: unasked %#v", d.name, e)
		}
	}
}

// problem fails unless err can be shown to a person.
func (d *device) problem(what string, err error) {
	d.s.Helper()
	var p *engine.Problem
	if !errors.As(err, &p) || p.Cause == "" {
		d.s.Errorf("%s: %s gave %v, want an *engine.Problem", d.name, what, err)
	}
}
