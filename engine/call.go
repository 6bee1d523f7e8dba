package engine

import "time"

// CallID names one call of this engine for its lifetime. It is not the
// server's session id.
type CallID string

// Direction says who began a call.
type Direction int

// The two directions.
const (
	Outgoing Direction = iota
	Incoming
)

// CallState says how far a call has come. The words of the Kandy SDK are kept
// (String), since logs are compared with it.
type CallState int

// The states of a call. Cancelled and Ended are final.
const (
	Initiating CallState = iota // made or received; the server does not know of it yet
	Initiated                   // the server has it; the far end does not ring yet
	Ringing                     // the far end, or this one, rings
	EarlyMedia                  // sound before the answer; never reached with Kandy
	Connected                   // answered: signalling is established; see MediaState for media
	OnHold                      // established, and held by either side or both
	Ended                       // over
	Cancelled                   // incoming, over before it was answered here: caller gave up, or another device took it
)

var callStateWords = [...]string{"Initiating", "Initiated", "Ringing", "Early Media", "Connected", "On Hold", "Ended", "Cancelled"}

// String is the SDK's word for the state.
func (s CallState) String() string {
	if s < 0 || int(s) >= len(callStateWords) {
		return "Unknown"
	}
	return callStateWords[s]
}

// Final reports whether nothing can follow.
func (s CallState) Final() bool { return s == Ended || s == Cancelled }

// Established reports whether the call was answered and is not over.
func (s CallState) Established() bool { return s == Connected || s == OnHold }

// MediaState says whether an answered call's media can flow.
type MediaState int

// The media states.
const (
	MediaNew         MediaState = iota // nothing negotiated yet
	MediaConnecting                    // ICE and DTLS under way
	MediaFlowing                       // every transport connected
	MediaInterrupted                   // no path at the moment; it may come back
	MediaFailed                        // no path; only an ICE restart or a new call helps
)

// EndReason says in one word why a call is over; Code has the number.
type EndReason int

// The reasons of an end.
const (
	ReasonNone              EndReason = iota // not over
	ReasonHungUpHere                         // this side ended, after the answer
	ReasonHungUpThere                        // the far end ended, after the answer
	ReasonCancelledHere                      // this side gave up before the answer
	ReasonCancelledThere                     // the caller gave up before the answer
	ReasonDeclinedHere                       // this side rejected
	ReasonDeclined                           // the far end rejected
	ReasonBusy                               // the far end is in another call
	ReasonNoAnswer                           // nobody answered in time
	ReasonUnknownUser                        // no such user
	ReasonUnreachable                        // the user exists but no device of theirs is signed in
	ReasonAnsweredElsewhere                  // another device of this user took it
	ReasonDeclinedElsewhere                  // another device of this user rejected it
	ReasonTransferred                        // it went on without this side
	ReasonNetworkLost                        // the media path or the server was lost for good
	ReasonRefused                            // the far end's or this side's offer could not be used
	ReasonServerEnded                        // the server ended it and gave no reason we know
)

var reasons = [...]struct {
	word string
	code int // RFC 3261 §21, where the server gave none
}{
	ReasonNone:              {"", 0},
	ReasonHungUpHere:        {"Hung up", 200},
	ReasonHungUpThere:       {"Hung up by the other side", 200},
	ReasonCancelledHere:     {"Cancelled", 487},
	ReasonCancelledThere:    {"Cancelled by the caller", 487},
	ReasonDeclinedHere:      {"Declined here", 603},
	ReasonDeclined:          {"Declined", 603},
	ReasonBusy:              {"Busy", 486},
	ReasonNoAnswer:          {"No answer", 408},
	ReasonUnknownUser:       {"Unknown user", 404},
	ReasonUnreachable:       {"Not signed in anywhere", 480},
	ReasonAnsweredElsewhere: {"Answered on another device", 200},
	ReasonDeclinedElsewhere: {"Declined on another device", 603},
	ReasonTransferred:       {"Transferred", 200},
	ReasonNetworkLost:       {"Network lost", 408},
	ReasonRefused:           {"Media did not fit", 488},
	ReasonServerEnded:       {"Ended by the server", 0},
}

// String is the reason in words.
func (r EndReason) String() string {
	if r < 0 || int(r) >= len(reasons) {
		return "Unknown"
	}
	return reasons[r].word
}

// StatusCode is the SIP status (RFC 3261 §21) that says the same; 0 if none does.
func (r EndReason) StatusCode() int {
	if r < 0 || int(r) >= len(reasons) {
		return 0
	}
	return reasons[r].code
}

// EndInfo is why a call is over.
type EndInfo struct {
	Reason     EndReason
	StatusCode int    // SIP-style status, 486 busy, 603 declined, …; 0 if none was given
	Text       string // the server's own words; may be empty; shown in the log only
}

// Call is one call's part of a Snapshot.
type Call struct {
	ID         CallID
	Direction  Direction
	State      CallState
	LocalHold  bool
	RemoteHold bool

	RemoteAddress string // bob@example.com, without sip:
	RemoteName    string // display name; may be empty

	OfferedVideo bool // incoming: the caller offers video; outgoing: we asked for it
	Muted        bool // the microphone is not sent (silence is)
	SendingVideo bool // our camera is being sent, or will be once answered
	RemoteVideo  bool // the far end sends video now, by its last session description
	ScreenShared bool // the video we send is a screen

	Media MediaState

	StartedAt   time.Time // made or received
	ConnectedAt time.Time // answered; zero before
	EndedAt     time.Time // zero before
	End         EndInfo
	Problem     *Problem // what is wrong with this call now, e.g. the camera is busy; nil if nothing is
}

// CallOptions are wishes for a new outgoing call.
type CallOptions struct {
	Video       bool
	DisplayName string // shown to the callee if the server honours it; "" for the account's own
}
