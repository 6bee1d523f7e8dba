package call

import "tring/engine"

// Effect is something that has to be done, in the order given: one of the
// types below. Those that can fail report back with an Input.
type Effect interface{ effect() }

// For the peer.
type (
	// MakeOffer is followed by OfferMade or PeerRefused.
	MakeOffer struct {
		Want    Media
		Fresh   bool // with new transports: the far end may be somebody else now
		Restart bool // with new ICE credentials
	}
	// MakeAnswer is followed by AnswerMade or PeerRefused.
	MakeAnswer struct {
		Offer string
		Want  Media
	}
	// ApplyAnswer is followed by AnswerApplied or PeerRefused.
	ApplyAnswer struct{ Answer string }
	// AbandonOffer makes our last offer void.
	AbandonOffer struct{}
	// CloseMedia ends all media of the call.
	CloseMedia struct{}
)

// For the server.
type (
	// SendInvite is followed by InviteDone or InviteFailed.
	SendInvite struct{ Offer string }
	// SendRinging is followed by RingingDone.
	SendRinging struct{}
	// SendAnswer is followed by AnswerSent or AnswerRefused.
	SendAnswer struct{ SDP string }
	// SendOffer is followed by Answered or OfferRefused.
	SendOffer struct{ SDP string }
	// SendHangup ends the leg; nothing follows.
	SendHangup struct{ Busy bool }
	// SendTransfer is followed by TransferDone or TransferRefused.
	SendTransfer struct{ Address, Other string }
	// SendForward is too.
	SendForward struct{ Address string }
)

// For timers and the log.
type (
	// StartRetry asks for RetryDue after a random while: RFC 3261 §14.1.
	StartRetry struct{ Attempt int }
	// StartPathTimer asks for PathTimeout.
	StartPathTimer struct{}
	// StopPathTimer takes that back.
	StopPathTimer struct{}
	// StateChanged tells what the state was before this input.
	StateChanged struct {
		Previous              engine.CallState
		LocalHold, RemoteHold bool
	}
	// Operation tells of a mid-call operation.
	Operation struct {
		Name    string // hold, unhold, addVideo, removeVideo, restart, transfer, update
		Phase   string // start, finish, error
		Local   bool
		Problem *engine.Problem
	}
	// Failed is a failure to be shown.
	Failed struct{ Problem *engine.Problem }
)

func (MakeOffer) effect()      {}
func (MakeAnswer) effect()     {}
func (ApplyAnswer) effect()    {}
func (AbandonOffer) effect()   {}
func (CloseMedia) effect()     {}
func (SendInvite) effect()     {}
func (SendRinging) effect()    {}
func (SendAnswer) effect()     {}
func (SendOffer) effect()      {}
func (SendHangup) effect()     {}
func (SendTransfer) effect()   {}
func (SendForward) effect()    {}
func (StartRetry) effect()     {}
func (StartPathTimer) effect() {}
func (StopPathTimer) effect()  {}
func (StateChanged) effect()   {}
func (Operation) effect()      {}
func (Failed) effect()         {}
