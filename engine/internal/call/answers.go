package call

import "tring/engine"

// peer takes what our media side reports.
func (m *step) peer(in Input) {
	switch in := in.(type) {
	case OfferMade:
		if m.Stage == MakingOffer {
			m.offerMade(in.SDP)
		}
	case AnswerMade:
		if m.Stage == MakingAnswer {
			m.Stage, m.Remote = SendingAnswer, in.Remote
			m.do(SendAnswer{in.SDP})
		}
	case AnswerApplied:
		if m.Stage == ApplyingAnswer {
			m.settleOurs(in.Remote)
		}
	case PeerRefused:
		m.peerRefused(in.Problem)
	case PathChanged:
		m.pathChanged(in.State)
	case PathTimeout:
		m.leave(engine.ReasonNetworkLost, false)
	case Unusable:
		m.do(Failed(in))
		m.leave(engine.ReasonRefused, false)
	}
}

func (m *step) offerMade(sdp string) {
	switch {
	case m.asked:
		m.Stage = SendingAnswer
		m.do(SendAnswer{sdp})
	case !m.Phase.Established():
		m.Stage = OfferOut
		m.do(SendInvite{sdp})
	case m.hasQueued: // theirs came first: ours is made again afterwards
		m.abandonOffer()
	default:
		m.Stage = OfferOut
		m.do(SendOffer{sdp})
	}
}

// abandonOffer makes our offer void. A restart that it carried is still wanted.
func (m *step) abandonOffer() {
	m.Stage, m.asked = Idle, false
	m.restart, m.restarting = m.restart || m.restarting, false
	m.do(AbandonOffer{})
}

func (m *step) peerRefused(p *engine.Problem) {
	stage := m.Stage
	switch {
	case stage == Idle:
	case !m.settled:
		m.do(Failed{p})
		m.leave(engine.ReasonRefused, false)
	case m.asked:
		m.abandonOffer()
		m.do(Operation{Name: "update", Phase: "error", Problem: p})
	case stage == MakingAnswer:
		m.Stage = Idle
		m.do(Operation{Name: "update", Phase: "error", Problem: p})
	case stage == ApplyingAnswer && !m.restarting && m.refusals < maxRefusals:
		// An answer that does not fit the offer may belong to the one before: the
		// SDK 4.9.0 sends that, if it is asked at a bad moment. It is asked again.
		m.offerRefused(p, true)
	default:
		impossible := m.restarting
		m.abandonOffer()
		m.restart = m.restart && !impossible
		m.giveUp(p)
	}
}

func (m *step) pathChanged(s engine.MediaState) {
	if !m.Phase.Established() {
		return
	}
	switch s {
	case engine.MediaFlowing:
		m.restart, m.restarting = false, false
		m.do(StopPathTimer{})
	case engine.MediaInterrupted:
		m.do(StartPathTimer{})
		// One side alone asks for the restart, or two offers meet (glare).
		m.restart = m.restart || m.Direction == engine.Outgoing
	case engine.MediaFailed:
		m.do(StartPathTimer{})
		m.restart = true
	}
}

// server takes what the server says to our requests.
func (m *step) server(in Input) {
	switch in := in.(type) {
	case InviteDone:
		m.HasLeg = true
		if m.Phase == engine.Initiating {
			m.Phase = engine.Initiated
		}
	case InviteFailed:
		if in.Problem != nil {
			m.do(Failed{in.Problem})
		}
		m.end(engine.Ended, in.End)
	case RingingDone:
		if m.Direction == engine.Incoming && m.Phase == engine.Initiating {
			m.Phase = engine.Ringing
		}
	case AnswerSent:
		m.answerSent()
	case AnswerRefused:
		m.answerRefused(in)
	case OfferRefused:
		if m.Stage == OfferOut && m.Phase.Established() {
			m.offerRefused(in.Problem, in.Glare)
		}
	case TransferDone:
		m.transferDone()
	case TransferRefused:
		m.transferRefused(in)
	case TransferReady:
		m.awaitsOther = false
	case TransferOff:
		if m.awaitsOther {
			m.transferFailed(in.Problem)
		}
	case AuditGone:
		m.auditGone()
	case AnswerTimeout:
		m.answerTimeout()
	case RingTimeout:
		m.ringTimeout()
	case RetryDue:
		m.waiting = false
		if m.gone {
			m.auditGone()
		}
	}
}

func (m *step) answerSent() {
	switch {
	case m.Stage != SendingAnswer:
	case m.asked:
		m.Stage = Asked
	default:
		if !m.Phase.Established() {
			m.Phase = engine.Connected
			m.transferTo, m.transferred = "", false // it was answered rather than forwarded
		}
		m.settleTheirs()
	}
}

func (m *step) answerRefused(in AnswerRefused) {
	switch {
	case m.Stage != SendingAnswer:
	case m.asked && m.Phase.Established():
		m.abandonOffer()
		m.do(Operation{Name: "update", Phase: "error", Problem: in.Problem})
	case m.Phase.Established():
		m.do(Operation{Name: "update", Phase: "error", Problem: in.Problem})
		// Our media side follows the far end's offer already, but the far end
		// does not know it: an offer of ours brings the two together again.
		m.settleTheirs()
		m.resync, m.waiting = true, true
		m.do(StartRetry{1})
	case in.Gone: // Finished, which says why, is on its way or lost
		m.gone = true
		m.do(StartRetry{1})
	default:
		m.do(Failed{in.Problem})
		m.leave(engine.ReasonServerEnded, false)
	}
}

// offerRefused tries again after glare. A restart is tried for as long as the
// path may stay away; all else that is refused is given up.
func (m *step) offerRefused(p *engine.Problem, glare bool) {
	m.abandonOffer()
	m.refusals++
	if glare && m.refusals <= maxRefusals || m.restart {
		m.waiting = true
		m.do(StartRetry{m.refusals})
		return
	}
	m.giveUp(p)
}

// answerTimeout: nobody answers our offer, or the one that we were asked for.
func (m *step) answerTimeout() {
	p := &engine.Problem{Cause: "The other side does not respond to a change of the call.", Next: "Try again, or hang up and call anew."}
	switch waits, rings := m.Waits(); {
	case !waits:
	case rings:
		m.abandonOffer()
		m.do(Operation{Name: "update", Phase: "error", Problem: p})
	default:
		m.offerRefused(p, false)
	}
}

// auditGone: the server does not know the call any more, and its last word on
// it was lost.
func (m *step) auditGone() {
	phase, reason := engine.Ended, engine.ReasonServerEnded
	if m.Direction == engine.Incoming && !m.Phase.Established() {
		phase, reason = engine.Cancelled, engine.ReasonCancelledThere
		if m.Accepting() {
			reason = engine.ReasonAnsweredElsewhere
		}
	}
	m.HasLeg = false
	m.end(phase, engine.EndInfo{Reason: reason})
}

func (m *step) ringTimeout() {
	switch {
	case m.Phase.Established():
	case m.Direction == engine.Incoming && m.Stage == Idle:
		m.end(engine.Cancelled, engine.EndInfo{Reason: engine.ReasonNoAnswer})
	default:
		m.leave(engine.ReasonNoAnswer, false)
	}
}

// transferDone says that the server has begun a transfer, which it ends by
// Finished or by an offer that leads back to the far end; a call that was
// forwarded is over.
func (m *step) transferDone() {
	if !m.transferred || m.Phase.Established() {
		return
	}
	m.do(Operation{Name: "forward", Phase: "finish", Local: true})
	m.HasLeg = false
	m.end(engine.Ended, engine.EndInfo{Reason: engine.ReasonTransferred})
}

// transferRefused asks again if the far end was changing a call at that moment.
func (m *step) transferRefused(in TransferRefused) {
	switch {
	case !m.transferred:
	case m.Phase.Established() && in.Glare && m.refusals < maxRefusals:
		m.refusals++
		m.transferred, m.waiting = false, true
		m.do(StartRetry{m.refusals})
	case m.Phase.Established():
		m.transferFailed(in.Problem)
	default:
		m.transferTo, m.transferred = "", false
		m.do(Operation{Name: "forward", Phase: "error", Local: true, Problem: in.Problem})
	}
}
