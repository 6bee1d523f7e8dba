package core

import (
	"math/rand/v2"
	"time"

	"tring/engine"
	"tring/engine/internal/call"
)

// pathPatience is how long a call whose media path is lost is kept up.
const pathPatience = 30 * time.Second

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
	c.followJoins(e)
	if e.media != nil {
		e.media.update(e)
	}
	c.updateLocalSinks(e)
	e.check.tell()
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
			e.media = nil // the call stays in sight for a while, and its media would stay with it
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
