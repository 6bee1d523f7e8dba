package core

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/signaling"
)

// pathPatience is how long a call whose media path is lost is kept up.
const pathPatience = 30 * time.Second

// requestPatience bounds one request to the server.
const requestPatience = 30 * time.Second

// offerPatience is how long the far end has for the answer to an offer inside
// the call; RFC 3261 §17.1.1.2 has it at 32 s.
const offerPatience = 32 * time.Second

// step gives an input to the call's machine and does what follows.
func (c *Core) step(e *entry, in call.Input) {
	before := e.st
	switch in.(type) {
	case call.Accept, call.SetHold, call.SetVideo, call.Transfer: // what went wrong before is past
		e.problem = nil
	}
	var effects []call.Effect
	e.st, effects = call.Step(e.st, in)
	c.dirty = true
	if _, ok := in.(call.Accept); ok && e.answeredAt.IsZero() {
		e.answeredAt = time.Now()
	}
	if e.st.Phase.Established() && e.connectedAt.IsZero() {
		e.connectedAt = time.Now()
		stop(&e.ring)
	}
	for _, effect := range effects {
		c.perform(e, effect)
	}
	if e.st.Phase.Final() && !before.Phase.Final() {
		c.callOver(e)
	}
	if e.st.HasLeg && e.audit == nil && !e.st.Phase.Final() {
		c.startAudit(e)
	}
	c.watchOffer(e)
	if e.media != nil {
		e.media.update(e)
	}
	c.updateLocalSinks(e)
}

// watchOffer lets no offer inside the call wait for ever. One that goes to
// somebody new has the time of ringing.
func (c *Core) watchOffer(e *entry) {
	waits, rings := e.st.Waits()
	switch {
	case !waits:
		stop(&e.answer)
	case e.answer == nil && rings:
		c.after(e, &e.answer, ringPatience, call.AnswerTimeout{})
	case e.answer == nil:
		c.after(e, &e.answer, offerPatience, call.AnswerTimeout{})
	}
}

func (c *Core) perform(e *entry, effect call.Effect) {
	switch f := effect.(type) {
	case call.MakeOffer, call.MakeAnswer, call.ApplyAnswer, call.AbandonOffer:
		c.negotiate(e, f)
	case call.CloseMedia:
		if e.media != nil {
			e.media.close(c)
		}
	case call.SendHangup:
		c.sendHangup(e, f.Busy)
	case call.StartRetry:
		// RFC 3261 §14.1: who made the call waits longer, so that the two
		// sides do not meet again.
		wait := time.Duration(rand.Int64N(int64(2 * time.Second)))
		if e.st.Direction == engine.Outgoing {
			wait += 2100 * time.Millisecond
		}
		c.after(e, &e.retry, wait, call.RetryDue{})
	case call.StartPathTimer:
		if e.path == nil {
			c.after(e, &e.path, pathPatience, call.PathTimeout{})
		}
	case call.StopPathTimer:
		stop(&e.path)
	case call.StateChanged:
		c.emit(engine.Event{
			Name: engine.EventCallStateChange, CallID: e.id, Previous: f.Previous, State: e.st.Phase,
			LocalHold: e.st.LocalHold, RemoteHold: e.st.RemoteHold, End: e.st.End,
		})
	case call.Operation:
		c.operation(e, f)
	case call.Failed:
		e.problem = f.Problem
		c.emit(engine.Event{Name: engine.EventCallError, CallID: e.id, Problem: f.Problem})
	default:
		c.request(e, f)
	}
}

func (c *Core) operation(e *entry, f call.Operation) {
	ev := engine.Event{Name: engine.EventCallOperation, CallID: e.id, Operation: f.Name, Phase: f.Phase, Local: f.Local, Problem: f.Problem}
	c.emit(ev)
	if f.Problem != nil && f.Phase == "error" {
		e.problem = f.Problem
		c.emit(engine.Event{Name: engine.EventCallError, CallID: e.id, Problem: f.Problem})
	}
}

// after gives the call an input later, unless it is over or the timer in slot
// was stopped or replaced by then.
func (c *Core) after(e *entry, slot **time.Timer, d time.Duration, in call.Input) {
	c.later(e, slot, d, func() { c.step(e, in) })
}

func (c *Core) later(e *entry, slot **time.Timer, d time.Duration, f func()) {
	stop(slot)
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		c.post(func() {
			if *slot == t && !e.st.Phase.Final() {
				*slot = nil
				f()
			}
		})
	})
	*slot = t
}

func stop(slot **time.Timer) {
	if *slot != nil {
		(*slot).Stop()
		*slot = nil
	}
}

// request sends one request of the call and brings its outcome back.
func (c *Core) request(e *entry, effect call.Effect) {
	session := e.session
	if _, ok := effect.(call.SendInvite); ok {
		c.inviting++
		e.inviting = true
	}
	leg, to, name := e.leg, e.remote, e.displayName
	c.job(func(context.Context) {
		ctx, cancel := context.WithTimeout(e.ctx, requestPatience)
		defer cancel()
		var err error
		switch f := effect.(type) {
		case call.SendInvite:
			// Not cancelled with the call: a leg that came to be must be hung up.
			ctx, cancel := context.WithTimeout(c.ctx, requestPatience)
			defer cancel()
			leg, err := session.Invite(ctx, to, name, f.Offer)
			c.post(func() { c.invited(e, leg, err) })
			return
		case call.SendRinging:
			err = session.Ringing(ctx, leg)
		case call.SendAnswer:
			err = session.Answer(ctx, leg, f.SDP)
		case call.SendOffer:
			err = session.Offer(ctx, leg, f.SDP)
		case call.SendForward:
			err = session.Forward(ctx, leg, f.Address)
		case call.SendTransfer:
			err = session.Transfer(ctx, leg, f.Address, signaling.LegID(f.Other))
		}
		c.post(func() { c.requested(e, effect, err) })
	})
}

// requested takes the outcome of a request. If the server says that the call
// is gone, it is asked at once whether that is so: the event which tells why
// may be lost.
func (c *Core) requested(e *entry, effect call.Effect, err error) {
	if err == nil {
		if in := granted(effect); in != nil {
			c.step(e, in)
		}
		return
	}
	c.log.Warn("request refused", "call", e.id, "request", fmt.Sprintf("%T", effect), "error", err)
	gone := errors.Is(err, signaling.ErrGone)
	c.step(e, refused(effect, err))
	if gone && !e.st.Phase.Final() && !e.st.Accepting() {
		c.auditNow(e)
	}
}

// granted is the input that says that effect worked; nil if something else will.
func granted(effect call.Effect) call.Input {
	switch effect.(type) {
	case call.SendRinging:
		return call.RingingDone{}
	case call.SendAnswer:
		return call.AnswerSent{}
	case call.SendForward, call.SendTransfer:
		return call.TransferDone{}
	}
	return nil
}

// refused is the input that says that effect failed.
func refused(effect call.Effect, err error) call.Input {
	p := problemOf(err, "The server refused the request.", "Try again.")
	switch effect.(type) {
	case call.SendAnswer:
		return call.AnswerRefused{Problem: p, Gone: errors.Is(err, signaling.ErrGone)}
	case call.SendOffer:
		return call.OfferRefused{Problem: p, Glare: errors.Is(err, signaling.ErrGlare)}
	case call.SendForward, call.SendTransfer:
		return call.TransferRefused{Problem: p}
	}
	return call.RingingDone{} // it rings here all the same
}

// invited takes the reply to an invitation, and the events that outran it.
func (c *Core) invited(e *entry, leg signaling.LegID, err error) {
	c.inviting--
	e.inviting = false
	if err != nil {
		c.step(e, inviteFailed(err))
		c.parted(e)
	} else {
		e.leg = leg
		c.legs[leg] = e
		c.step(e, call.InviteDone{})
	}
	early := c.early
	c.early = nil
	for _, ev := range early {
		c.legEvent(ev)
	}
}

func inviteFailed(err error) call.InviteFailed {
	in := call.InviteFailed{
		End:     engine.EndInfo{Reason: engine.ReasonServerEnded},
		Problem: problemOf(err, "The call could not be made.", "Try again."),
	}
	var refused *signaling.RefusedError
	if errors.As(err, &refused) {
		in.End = refused.End
	} else if errors.Is(err, engine.ErrServerUnreachable) {
		in.End.Reason = engine.ReasonNetworkLost
	}
	return in
}

// part begins the good-byes of a call: the session must live until parted.
func (c *Core) part(e *entry) {
	if e.parting == nil {
		e.parting = make(chan struct{})
		c.parting[e.parting] = struct{}{}
	}
}

// parted ends them.
func (c *Core) parted(e *entry) {
	if _, ok := c.parting[e.parting]; ok {
		delete(c.parting, e.parting)
		close(e.parting)
	}
}

// sendHangup tells the server that the call is over, within a limit of its
// own: the call's context is gone by then.
func (c *Core) sendHangup(e *entry, busy bool) {
	session, leg := e.session, e.leg
	c.part(e)
	c.farewell(func(ctx context.Context) {
		var err error
		if b, ok := session.(signaling.BusyRejecter); ok && busy {
			err = b.RejectBusy(ctx, leg)
		} else {
			err = session.Hangup(ctx, leg)
		}
		if err != nil {
			c.log.Warn("hanging up failed", "call", e.id, "error", err)
		}
		c.post(func() { c.parted(e) })
	})
}

// startAudit asks the server now and then whether the call still lives
// (kandy-protocol §12), for as long as it does: also while it rings, since the
// server's word on its end can be lost.
func (c *Core) startAudit(e *entry) {
	if every := e.session.Capabilities().AuditEvery; every > 0 {
		c.later(e, &e.audit, every, func() {
			c.auditNow(e)
			c.startAudit(e)
		})
	}
}

func (c *Core) auditNow(e *entry) {
	leg := e.leg
	c.job(func(context.Context) {
		ctx, cancel := context.WithTimeout(e.ctx, requestPatience)
		defer cancel()
		alive, err := e.session.Audit(ctx, leg)
		c.post(func() {
			if err == nil && !alive && !e.st.Phase.Final() {
				c.step(e, call.AuditGone{})
			}
		})
	})
}

// callOver clears up after a call and keeps its end in sight for a while.
func (c *Core) callOver(e *entry) {
	e.endedAt = time.Now()
	e.mediaState = engine.MediaNew
	e.cancel()
	c.unshare(e)
	for _, slot := range []**time.Timer{&e.audit, &e.ring, &e.path, &e.retry, &e.answer} {
		stop(slot)
	}
	if e.inviting { // the call that may come of it has to be taken back
		c.part(e)
	}
	if c.closing {
		return
	}
	c.endChime(e)
	time.AfterFunc(lingering, func() { c.post(func() { c.forget(e) }) })
}
