package call

import "tring/engine"

// Input is something that happened to a call: one of the types below.
type Input interface{ input() }

// What the user did.
type (
	// Place starts an outgoing call.
	Place struct{ Video bool }
	// Accept answers an incoming one.
	Accept struct{ Video bool }
	// Reject declines it; Busy says why.
	Reject struct{ Busy bool }
	// Ignore drops it here, without a word.
	Ignore struct{}
	// Hangup cancels or ends the call.
	Hangup struct{}
	// SetHold holds or resumes.
	SetHold struct{ On bool }
	// SetVideo sends our video, or stops it.
	SetVideo struct{ On bool }
	// Transfer sends the far end to Address, or forwards a ringing call. Other,
	// which only the server needs to understand, names another call of ours
	// whose far end it is joined to (consultative transfer). With Await the
	// request waits for TransferReady, since that call must be on hold, too.
	Transfer struct {
		Address, Other string
		Await          bool
	}
)

// What the peer (our media side) finished.
type (
	// OfferMade has the offer that MakeOffer asked for.
	OfferMade struct{ SDP string }
	// AnswerMade has the answer that MakeAnswer asked for.
	AnswerMade struct {
		SDP    string
		Remote Remote
	}
	// AnswerApplied says that the far end's answer was taken.
	AnswerApplied struct{ Remote Remote }
	// PeerRefused says that making or applying a description failed.
	PeerRefused struct{ Problem *engine.Problem }
	// PathChanged tells of the media path.
	PathChanged struct{ State engine.MediaState }
	// PathTimeout says that the path stayed away for too long.
	PathTimeout struct{}
	// Unusable says of an invitation that it can never be answered.
	Unusable struct{ Problem *engine.Problem }
)

// What the server said to our requests.
type (
	// InviteDone says that the server has the call.
	InviteDone struct{}
	// InviteFailed says that it does not, and never will.
	InviteFailed struct {
		End     engine.EndInfo
		Problem *engine.Problem
	}
	// RingingDone says that the ringing feedback was sent, or could not be.
	RingingDone struct{}
	// AnswerSent says that our answer arrived.
	AnswerSent struct{}
	// AnswerRefused says that it did not; Gone, because the call is over or
	// another device took it.
	AnswerRefused struct {
		Problem *engine.Problem
		Gone    bool
	}
	// OfferRefused says that our mid-call offer was refused; Glare, because the
	// far end's is under way.
	OfferRefused struct {
		Problem *engine.Problem
		Glare   bool
	}
	// AnswerTimeout says that our offer stays without an answer (State.Waits).
	AnswerTimeout struct{}
	// RingTimeout says that the call was not answered for longer than any
	// server lets it ring.
	RingTimeout struct{}
	// TransferDone says that SendTransfer or SendForward worked.
	TransferDone struct{}
	// TransferRefused says that it did not; Glare, because an offer is under way
	// in one of the calls.
	TransferRefused struct {
		Problem *engine.Problem
		Glare   bool
	}
	// TransferReady says that the other call of a consultative transfer is on
	// hold.
	TransferReady struct{}
	// TransferOff says that it never will be.
	TransferOff struct{ Problem *engine.Problem }
	// AuditGone says that the server does not know the call any more.
	AuditGone struct{}
	// RetryDue ends the wait after a refused offer.
	RetryDue struct{}
)

// What the far end did, as the server tells it.
type (
	// Received is the invitation; Offer "" asks for one of ours.
	Received struct{ Offer string }
	// RemoteRinging says that the callee's device rings.
	RemoteRinging struct{}
	// Accepted is the callee's answer.
	Accepted struct{ Answer string }
	// Offered is a mid-call offer; "" asks for one of ours.
	Offered struct{ Offer string }
	// Answered is the answer to our mid-call offer.
	Answered struct{ Answer string }
	// Finished says that the call is over.
	Finished struct {
		Cancelled bool
		End       engine.EndInfo
	}
)

func (Place) input()           {}
func (Accept) input()          {}
func (Reject) input()          {}
func (Ignore) input()          {}
func (Hangup) input()          {}
func (SetHold) input()         {}
func (SetVideo) input()        {}
func (Transfer) input()        {}
func (OfferMade) input()       {}
func (AnswerMade) input()      {}
func (AnswerApplied) input()   {}
func (PeerRefused) input()     {}
func (PathChanged) input()     {}
func (PathTimeout) input()     {}
func (Unusable) input()        {}
func (InviteDone) input()      {}
func (InviteFailed) input()    {}
func (RingingDone) input()     {}
func (AnswerSent) input()      {}
func (AnswerRefused) input()   {}
func (OfferRefused) input()    {}
func (AnswerTimeout) input()   {}
func (RingTimeout) input()     {}
func (TransferDone) input()    {}
func (TransferRefused) input() {}
func (TransferReady) input()   {}
func (TransferOff) input()     {}
func (AuditGone) input()       {}
func (RetryDue) input()        {}
func (Received) input()        {}
func (RemoteRinging) input()   {}
func (Accepted) input()        {}
func (Offered) input()         {}
func (Answered) input()        {}
func (Finished) input()        {}
