package core

import (
	"context"
	"errors"
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

// step gives an input to the call's machine and does what follows.
func (c *Core) step(e *entry, in call.Input) {
	before := e.st
	var effects []call.Effect
	e.st, effects = call.Step(e.st, in)
	c.dirty = true
	if _, ok := in.(call.Accept); ok && e.answeredAt.IsZero() {
		e.answeredAt = time.Now()
	}
	if e.st.Phase.Established() && e.connectedAt.IsZero() {
		e.connectedAt = time.Now()
		c.startAudit(e)
	}
	for _, effect := range effects {
		c.perform(e, effect)
	}
	if e.st.Phase.Final() && !before.Phase.Final() {
		c.callOver(e)
	}
	if e.media != nil {
		e.media.update(e)
	}
	c.updateLocalSinks(e)
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
		e.retry = c.after(e, wait, call.RetryDue{})
	case call.StartPathTimer:
		if e.path == nil {
			e.path = c.after(e, pathPatience, call.PathTimeout{})
		}
	case call.StopPathTimer:
		if e.path != nil {
			e.path.Stop()
			e.path = nil
		}
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

// after gives the call an input later, unless it is over by then.
func (c *Core) after(e *entry, d time.Duration, in call.Input) *time.Timer {
	return time.AfterFunc(d, func() {
		c.post(func() {
			if c.calls[e.id] == e && !e.st.Phase.Final() {
				if _, ok := in.(call.PathTimeout); ok && e.path == nil {
					return // taken back meanwhile
				}
				c.step(e, in)
			}
		})
	})
}

// request sends one request of the call and brings its outcome back.
func (c *Core) request(e *entry, effect call.Effect) {
	session := c.account.session
	reply := func(in call.Input) { c.post(func() { c.step(e, in) }) }
	if session == nil {
		reply(refusal(effect, &engine.Problem{Cause: "You are signed out.", Next: "Sign in again.", Err: engine.ErrNotRegistered}))
		return
	}
	if _, ok := effect.(call.SendInvite); ok {
		c.inviting++
	}
	leg, to, name := e.leg, e.remote, e.displayName
	c.job(func(context.Context) {
		ctx, cancel := context.WithTimeout(e.ctx, requestPatience)
		defer cancel()
		switch f := effect.(type) {
		case call.SendInvite:
			// Not cancelled with the call: a leg that came to be must be hung up.
			ctx, cancel := context.WithTimeout(c.ctx, requestPatience)
			defer cancel()
			leg, err := session.Invite(ctx, to, name, f.Offer)
			c.post(func() { c.invited(e, leg, err) })
		case call.SendRinging:
			if err := session.Ringing(ctx, leg); err != nil {
				c.log.Warn("ringing feedback failed", "error", err)
			}
			reply(call.RingingDone{})
		case call.SendAnswer:
			reply(outcome(session.Answer(ctx, leg, f.SDP), f, call.AnswerSent{}))
		case call.SendOffer:
			if err := session.Offer(ctx, leg, f.SDP); err != nil {
				reply(outcome(err, f, nil))
			}
		case call.SendForward:
			reply(outcome(session.Forward(ctx, leg, f.Address), f, call.TransferDone{}))
		case call.SendTransfer:
			reply(outcome(session.Transfer(ctx, leg, f.Address, signaling.LegID(f.Other)), f, call.TransferDone{}))
		}
	})
}

func outcome(err error, effect call.Effect, done call.Input) call.Input {
	if err == nil {
		return done
	}
	return refusal(effect, problemOf(err, "The server refused the request.", "Try again."))
}

// refusal is the input that says that effect failed.
func refusal(effect call.Effect, p *engine.Problem) call.Input {
	switch effect.(type) {
	case call.SendInvite:
		return call.InviteFailed{End: engine.EndInfo{Reason: engine.ReasonServerEnded}, Problem: p}
	case call.SendAnswer:
		return call.AnswerRefused{Problem: p}
	case call.SendOffer:
		return call.OfferRefused{Problem: p}
	case call.SendForward, call.SendTransfer:
		return call.TransferRefused{Problem: p}
	}
	return call.RingingDone{}
}

// invited takes the reply to an invitation, and the events that outran it.
func (c *Core) invited(e *entry, leg signaling.LegID, err error) {
	c.inviting--
	if err != nil {
		in := refusal(call.SendInvite{}, problemOf(err, "The call could not be made.", "Try again.")).(call.InviteFailed)
		var refused *signaling.RefusedError
		if errors.As(err, &refused) {
			in.End = refused.End
		} else if errors.Is(err, engine.ErrServerUnreachable) {
			in.End.Reason = engine.ReasonNetworkLost
		}
		c.step(e, in)
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

// sendHangup tells the server that the call is over, within a limit of its
// own: the call's context is gone by then.
func (c *Core) sendHangup(e *entry, busy bool) {
	session := c.account.session
	if session == nil {
		return
	}
	leg, done := e.leg, make(chan struct{})
	e.hungUp = done
	c.farewell(func(ctx context.Context) {
		defer close(done)
		var err error
		if b, ok := session.(signaling.BusyRejecter); ok && busy {
			err = b.RejectBusy(ctx, leg)
		} else {
			err = session.Hangup(ctx, leg)
		}
		if err != nil {
			c.log.Warn("hanging up failed", "error", err)
		}
	})
}

// hangups are the good-byes under way.
func (c *Core) hangups() []chan struct{} {
	var all []chan struct{}
	for _, e := range c.calls {
		if e.hungUp != nil {
			all = append(all, e.hungUp)
		}
	}
	return all
}

// startAudit asks the server now and then whether the call still lives
// (kandy-protocol §12), for as long as it does.
func (c *Core) startAudit(e *entry) {
	session := c.account.session
	if session == nil {
		return
	}
	every := session.Capabilities().AuditEvery
	if every <= 0 {
		return
	}
	turn := c.account.turn
	e.audit = time.AfterFunc(every, func() {
		c.post(func() {
			if e.st.Phase.Final() || turn != c.account.turn || c.closing {
				return
			}
			leg := e.leg
			c.job(func(context.Context) {
				alive, err := session.Audit(e.ctx, leg)
				c.post(func() {
					if err == nil && !alive && !e.st.Phase.Final() {
						c.step(e, call.AuditGone{})
					}
				})
			})
			e.audit.Reset(every)
		})
	})
}

// callOver clears up after a call and keeps its end in sight for a while.
func (c *Core) callOver(e *entry) {
	e.endedAt = time.Now()
	e.mediaState = engine.MediaNew
	e.cancel()
	c.unshare(e)
	for _, t := range []*time.Timer{e.audit, e.path, e.retry} {
		if t != nil {
			t.Stop()
		}
	}
	if c.closing {
		c.forget(e)
		return
	}
	c.endChime(e)
	time.AfterFunc(lingering, func() { c.post(func() { c.forget(e) }) })
}
