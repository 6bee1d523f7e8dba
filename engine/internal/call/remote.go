package call

import "tring/engine"

// remote takes what the far end did.
func (m *step) remote(in Input) {
	switch in := in.(type) {
	case Received:
		if m.Direction == engine.Incoming && !m.HasLeg {
			m.HasLeg, m.offer, m.slowStart = true, in.Offer, in.Offer == ""
			m.do(SendRinging{})
		}
	case RemoteRinging:
		if m.Direction == engine.Outgoing && (m.Phase == engine.Initiating || m.Phase == engine.Initiated) {
			m.Phase = engine.Ringing
		}
	case Accepted:
		m.answerArrived(in.Answer)
	case Answered:
		m.answerArrived(in.Answer)
	case Offered:
		m.offered(in.Offer)
	case Finished:
		m.finished(in)
	}
}

// answerArrived takes an answer to our offer, whether the first, a later one,
// or one that we were asked for: servers use two names for them
// (kandy-protocol §7.7).
func (m *step) answerArrived(answer string) {
	switch m.Stage {
	case OfferOut, Asked:
		m.HasLeg = true
	case SendingAnswer:
		if !m.asked {
			return
		}
		// The far end was quicker than the reply to our request.
	default:
		return
	}
	if !m.Phase.Established() {
		m.Phase = engine.Connected
	}
	m.Stage = ApplyingAnswer
	m.do(ApplyAnswer{answer})
}

func (m *step) offered(offer string) {
	if m.transferred && m.Phase.Established() && offer != "" {
		// The transfer came to nothing: this offer leads back to the far end.
		m.transferFailed(&engine.Problem{
			Cause: "The call could not be transferred: nobody took it.", Next: "Go on talking, or transfer it to somebody else.",
		})
	}
	if m.Phase.Established() && m.Stage == Idle {
		m.remoteOffer(offer)
		return
	}
	m.queued, m.hasQueued = offer, true
}

func (m *step) finished(in Finished) {
	phase := engine.Ended
	if in.Cancelled && m.Direction == engine.Incoming && !m.Phase.Established() {
		phase = engine.Cancelled
	}
	if m.transferred && m.Phase.Established() {
		m.do(Operation{Name: "transfer", Phase: "finish", Local: true})
	}
	m.HasLeg = false
	m.end(phase, in.End)
}
