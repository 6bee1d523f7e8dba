package core

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/signaling"
)

// requestPatience bounds one request to the server.
const requestPatience = 30 * time.Second

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
		return call.TransferRefused{Problem: p, Glare: errors.Is(err, signaling.ErrGlare)}
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
		e.parting = nil
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
		c.post(func() {
			e.untold = err != nil
			c.parted(e)
		})
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
