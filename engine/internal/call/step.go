package call

import "tring/engine"

// Step applies an input. An input that does not fit the state (a late answer,
// a second click) changes nothing.
func Step(s State, in Input) (State, []Effect) {
	m := &step{State: s}
	if s.Phase.Final() {
		m.afterEnd(in)
		return m.State, m.effects
	}
	switch in := in.(type) {
	case Place, Accept, Reject, Ignore, Hangup, SetHold, SetVideo, Transfer:
		m.user(in)
	case OfferMade, AnswerMade, AnswerApplied, PeerRefused, PathChanged, PathTimeout, Unusable:
		m.peer(in)
	case Received, RemoteRinging, Accepted, Offered, Answered, Finished:
		m.remote(in)
	default:
		m.server(in)
	}
	m.reconcile()
	if m.Phase.Established() {
		m.Phase = engine.Connected
		if m.LocalHold || m.RemoteHold {
			m.Phase = engine.OnHold
		}
	}
	if m.Phase != s.Phase || m.LocalHold != s.LocalHold || m.RemoteHold != s.RemoteHold {
		m.do(StateChanged{s.Phase, s.LocalHold, s.RemoteHold})
	}
	return m.State, m.effects
}

// step is one Step under way.
type step struct {
	State
	effects []Effect
}

func (m *step) do(e Effect) { m.effects = append(m.effects, e) }

// end makes the call final.
func (m *step) end(phase engine.CallState, why engine.EndInfo) {
	if why.StatusCode == 0 {
		why.StatusCode = why.Reason.StatusCode()
	}
	m.Phase, m.End, m.Stage = phase, why, Idle
	m.LocalHold, m.RemoteHold = false, false
	m.queued, m.hasQueued, m.waiting = "", false, false
	m.do(StopPathTimer{})
	m.do(CloseMedia{})
}

// leave ends the call from here and tells the server.
func (m *step) leave(why engine.EndReason, busy bool) {
	if m.HasLeg {
		m.do(SendHangup{busy})
	}
	m.end(engine.Ended, engine.EndInfo{Reason: why})
}

// afterEnd clears away what was under way when the call ended here.
func (m *step) afterEnd(in Input) {
	if _, ok := in.(InviteDone); ok && !m.HasLeg {
		m.HasLeg = true
		m.do(SendHangup{})
	}
}

func (m *step) user(in Input) {
	ringing := m.Direction == engine.Incoming && !m.Phase.Established()
	switch in := in.(type) {
	case Place:
		if m.Direction == engine.Outgoing && m.Stage == Idle {
			m.Want = Media{Video: in.Video}
			m.makeOffer(false)
		}
	case Accept:
		if ringing && m.Stage == Idle && m.HasLeg {
			m.accept(in.Video)
		}
	case Reject:
		if ringing {
			m.leave(engine.ReasonDeclinedHere, in.Busy)
		}
	case Ignore:
		if ringing {
			m.end(engine.Ended, engine.EndInfo{Reason: engine.ReasonDeclinedHere, Text: "ignored"})
		}
	case Hangup:
		switch {
		case m.Phase.Established():
			m.leave(engine.ReasonHungUpHere, false)
		case ringing:
			m.leave(engine.ReasonDeclinedHere, false)
		default:
			m.leave(engine.ReasonCancelledHere, false)
		}
	case SetHold:
		if m.Phase.Established() {
			m.hold(in.On)
		}
	case SetVideo:
		m.Want.Video, m.refusals = in.On, 0
	case Transfer:
		m.transfer(in)
	}
}

func (m *step) hold(on bool) {
	m.Want.Hold, m.refusals = on, 0
	if on || m.transferTo == "" {
		return
	}
	m.unholdAfter = false
	if !m.transferred { // it needs the hold
		m.transferFailed(&engine.Problem{Cause: "The call was resumed, so it is not transferred.", Next: "Transfer it again if you want to."})
	}
}

func (m *step) accept(video bool) {
	m.Want.Video = video
	if m.slowStart {
		m.asked = true
		m.makeOffer(false)
		return
	}
	m.makeAnswer(m.offer)
	m.offer = ""
}

func (m *step) transfer(in Transfer) {
	switch {
	case m.Phase.Established() && m.transferTo == "":
		m.transferTo, m.transferBy, m.awaitsOther = in.Address, in.Other, in.Await
		m.unholdAfter = !m.Want.Hold
		m.Want.Hold = true // the SDK's servers transfer only calls on hold
		m.do(Operation{Name: "transfer", Phase: "start", Local: true})
	case m.Direction == engine.Incoming && !m.Phase.Established() && m.Stage == Idle && m.transferTo == "":
		m.transferTo, m.transferred = in.Address, true
		m.do(Operation{Name: "forward", Phase: "start", Local: true})
		m.do(SendForward{in.Address})
	}
}

func (m *step) makeOffer(fresh bool) {
	m.Stage, m.trying = MakingOffer, m.Want
	m.restarting, m.restart, m.resync = m.restart, false, false
	m.do(MakeOffer{Want: m.Want, Fresh: fresh, Restart: m.restarting})
}

func (m *step) makeAnswer(offer string) {
	m.Stage, m.trying = MakingAnswer, m.Want
	m.do(MakeAnswer{Offer: offer, Want: m.Want})
}
