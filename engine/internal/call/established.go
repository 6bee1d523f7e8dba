package call

import "tring/engine"

// reconcile starts the next negotiation if one is needed and none is under way.
func (m *step) reconcile() {
	if !m.Phase.Established() || m.Stage != Idle {
		return
	}
	m.closeOperation()
	switch {
	case m.hasQueued:
		offer := m.queued
		m.queued, m.hasQueued = "", false
		m.remoteOffer(offer)
	case m.waiting:
	case m.Want != m.Agreed || m.restart || m.resync:
		if name := m.operation(); name != m.open {
			m.open = name
			m.do(Operation{Name: name, Phase: "start", Local: true})
		}
		m.makeOffer(false)
	case m.transferTo != "" && !m.transferred && !m.awaitsOther && m.LocalHold:
		m.transferred = true
		m.do(SendTransfer{m.transferTo, m.transferBy})
	}
}

// remoteOffer begins to answer a mid-call offer, or the request for one.
func (m *step) remoteOffer(offer string) {
	if offer == "" {
		// Asked for an offer in mid-call: we are being transferred, so the
		// other end will be another one, with transports of its own
		// (kandy-protocol §8.5); nobody holds us there.
		m.asked = true
		m.makeOffer(true)
		return
	}
	m.makeAnswer(offer)
}

// operation names the step from what is agreed to what is wanted.
func (m *step) operation() string {
	switch {
	case m.Want.Hold && !m.Agreed.Hold:
		return "hold"
	case !m.Want.Hold && m.Agreed.Hold:
		return "unhold"
	case m.Want.Video && !m.Agreed.Video:
		return "addVideo"
	case !m.Want.Video && m.Agreed.Video:
		return "removeVideo"
	case m.restart:
		return "restart"
	}
	return "update"
}

// closeOperation tells the end of our operation: it is done, by our offer or
// along with an answer to the far end's, or it was taken back.
func (m *step) closeOperation() {
	wanted := m.Want != m.Agreed || m.restart || m.resync
	if m.open == "" || wanted && m.operation() == m.open {
		return
	}
	done := true
	switch m.open {
	case "hold", "unhold":
		done = m.Agreed.Hold == (m.open == "hold")
	case "addVideo", "removeVideo":
		done = m.Agreed.Video == (m.open == "addVideo")
	}
	phase := "finish"
	if !done {
		phase = "error"
	}
	m.do(Operation{Name: m.open, Phase: phase, Local: true})
	m.open = ""
}

// settleOurs takes the far end's answer to our offer into account.
func (m *step) settleOurs(r Remote) {
	m.Stage, m.refusals, m.settled = Idle, 0, true
	m.Agreed, m.LocalHold = m.trying, m.trying.Hold
	m.Remote = r
	if !m.trying.Hold || m.asked { // else our own hold is mirrored, which says nothing of theirs
		m.RemoteHold = r.Held
	}
	if m.asked { // new transports: what was wrong with the old ones is past
		m.restart = false
	}
	m.restarting, m.asked = false, false
	if m.trying.Video && !r.HasVideo {
		m.videoRefused()
	}
}

// videoRefused takes our wish back, which the far end cannot fulfil.
func (m *step) videoRefused() {
	m.Agreed.Video, m.Want.Video = false, false
	if m.open == "addVideo" {
		m.open = ""
		m.do(Operation{Name: "addVideo", Phase: "error", Local: true, Problem: &engine.Problem{
			Cause: "The other side takes no video.", Next: "The call goes on without your picture.", Err: engine.ErrNotSupported,
		}})
	}
}

// settleTheirs takes our answer to the far end's offer into account.
func (m *step) settleTheirs() {
	held := m.RemoteHold
	m.Stage, m.settled = Idle, true
	m.Agreed = m.trying
	m.Agreed.Video = m.trying.Video && m.Remote.HasVideo
	if m.Remote.Held && !m.LocalHold {
		// The answer to a hold says the same with or without one of ours: the
		// far end learns of ours by an offer alone (kandy-protocol §8.1).
		m.Agreed.Hold = false
	}
	m.LocalHold, m.RemoteHold = m.Agreed.Hold, m.Remote.Held
	if held != m.RemoteHold {
		name := "unhold"
		if m.RemoteHold {
			name = "hold"
		}
		m.do(Operation{Name: name, Phase: "finish"})
	}
}

// giveUp stops trying for what the other side or the peer refused.
func (m *step) giveUp(p *engine.Problem) {
	name := m.open
	if name == "" {
		name = m.operation()
	}
	m.Want, m.refusals, m.open = m.Agreed, 0, ""
	m.restarting, m.resync = false, false
	m.do(Operation{Name: name, Phase: "error", Local: true, Problem: p})
	if m.transferTo != "" && !m.transferred {
		m.transferFailed(p)
	}
}

// transferFailed ends a transfer that came to nothing; the call goes on as it
// was before.
func (m *step) transferFailed(p *engine.Problem) {
	if m.unholdAfter {
		m.Want.Hold = false
	}
	m.transferTo, m.transferBy = "", ""
	m.transferred, m.unholdAfter, m.awaitsOther = false, false, false
	m.do(Operation{Name: "transfer", Phase: "error", Local: true, Problem: p})
}
