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
		m.Stage, m.restart, m.restarting = Idle, m.restarting, false
		m.do(AbandonOffer{})
	default:
		m.Stage = OfferOut
		m.do(SendOffer{sdp})
	}
}

func (m *step) peerRefused(p *engine.Problem) {
	stage := m.Stage
	switch {
	case stage == Idle:
	case !m.settled:
		m.do(Failed{p})
		m.leave(engine.ReasonRefused, false)
	case stage == MakingAnswer || m.asked:
		m.Stage, m.asked = Idle, false
		m.do(Operation{Name: "update", Phase: "error", Problem: p})
	default:
		m.Stage = Idle
		m.do(AbandonOffer{})
		m.giveUp(Operation{Name: m.operation(m.trying, m.restarting), Phase: "error", Local: true, Problem: p})
	}
}

func (m *step) pathChanged(s engine.MediaState) {
	if !m.Phase.Established() {
		return
	}
	switch s {
	case engine.MediaFlowing:
		m.restart = false
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
		m.answerRefused(in.Problem)
	case OfferRefused:
		if m.Stage == OfferOut && m.Phase.Established() {
			m.offerRefused(in.Problem)
		}
	case TransferDone:
		m.transferDone()
	case TransferRefused:
		m.transferRefused(in.Problem)
	case AuditGone:
		m.end(engine.Ended, engine.EndInfo{Reason: engine.ReasonServerEnded})
	case RetryDue:
		m.waiting = false
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
		}
		m.settleTheirs()
	}
}

func (m *step) answerRefused(p *engine.Problem) {
	switch {
	case m.Stage != SendingAnswer:
	case m.Phase.Established():
		m.Stage, m.asked = Idle, false
		m.do(Operation{Name: "update", Phase: "error", Problem: p})
	default:
		m.do(Failed{p})
		m.leave(engine.ReasonServerEnded, false)
	}
}

func (m *step) offerRefused(p *engine.Problem) {
	m.Stage = Idle
	m.do(AbandonOffer{})
	m.restart, m.restarting = m.restarting, false
	m.refusals++
	if m.refusals > maxRefusals {
		m.giveUp(Operation{Name: m.operation(m.trying, m.restart), Phase: "error", Local: true, Problem: p})
		return
	}
	m.waiting = true
	m.do(StartRetry{m.refusals})
}

func (m *step) transferDone() {
	if !m.transferred {
		return
	}
	if m.Phase.Established() {
		m.do(Operation{Name: "transfer", Phase: "finish", Local: true})
		m.transferTo, m.transferred = "", false // the server ends the call
		return
	}
	m.do(Operation{Name: "forward", Phase: "finish", Local: true})
	m.end(engine.Ended, engine.EndInfo{Reason: engine.ReasonTransferred})
}

func (m *step) transferRefused(p *engine.Problem) {
	if !m.transferred {
		return
	}
	name := "forward"
	if m.Phase.Established() {
		name = "transfer"
		if m.unholdAfter {
			m.Want.Hold = false
		}
	}
	m.transferTo, m.transferred = "", false
	m.do(Operation{Name: name, Phase: "error", Local: true, Problem: p})
}
