package call

// reconcile starts the next negotiation if one is needed and none is under way.
func (m *step) reconcile() {
	if !m.Phase.Established() || m.Stage != Idle {
		return
	}
	switch {
	case m.hasQueued:
		offer := m.queued
		m.queued, m.hasQueued = "", false
		m.remoteOffer(offer)
	case m.waiting:
	case m.Want != m.Agreed || m.restart:
		name := m.operation(m.Want, m.restart)
		if m.refusals == 0 {
			m.do(Operation{Name: name, Phase: "start", Local: true})
		}
		m.makeOffer(false)
	case m.transferTo != "" && !m.transferred && m.LocalHold:
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
func (m *step) operation(want Media, restart bool) string {
	switch {
	case want.Hold && !m.Agreed.Hold:
		return "hold"
	case !want.Hold && m.Agreed.Hold:
		return "unhold"
	case want.Video && !m.Agreed.Video:
		return "addVideo"
	case !want.Video && m.Agreed.Video:
		return "removeVideo"
	case restart:
		return "restart"
	}
	return "update"
}

// settleOurs takes the far end's answer to our offer into account.
func (m *step) settleOurs(r Remote) {
	name := m.operation(m.trying, m.restarting)
	first := !m.settled || m.asked
	m.Stage, m.refusals, m.restarting, m.settled = Idle, 0, false, true
	m.Agreed, m.LocalHold = m.trying, m.trying.Hold
	m.Remote = r
	if !m.trying.Hold { // else our own hold is mirrored, which says nothing of theirs
		m.RemoteHold = r.Held
	}
	if !first && name != "update" {
		m.do(Operation{Name: name, Phase: "finish", Local: true})
	}
	m.asked = false
}

// settleTheirs takes our answer to the far end's offer into account.
func (m *step) settleTheirs() {
	held := m.RemoteHold
	m.Stage, m.settled = Idle, true
	m.Agreed = m.trying
	m.Agreed.Video = m.trying.Video && m.Remote.HasVideo
	m.LocalHold, m.RemoteHold = m.trying.Hold, m.Remote.Held
	if held != m.RemoteHold {
		name := "unhold"
		if m.RemoteHold {
			name = "hold"
		}
		m.do(Operation{Name: name, Phase: "finish"})
	}
}

// giveUp stops trying for what the other side or the peer refused.
func (m *step) giveUp(failed Operation) {
	m.Want, m.refusals, m.restart, m.restarting = m.Agreed, 0, false, false
	m.do(failed)
	if m.transferTo != "" && !m.transferred {
		m.transferTo = ""
		m.do(Operation{Name: "transfer", Phase: "error", Local: true, Problem: failed.Problem})
	}
}
