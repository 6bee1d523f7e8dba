package call

import "tring/engine"

// Stage says how far the negotiation under way has come.
type Stage int

// The stages.
const (
	Idle           Stage = iota
	MakingOffer          // the peer makes our offer
	OfferOut             // our offer is with the far end
	ApplyingAnswer       // the peer takes the far end's answer
	MakingAnswer         // the peer answers the far end's offer
	SendingAnswer        // our answer (or, asked for one, our offer) is on its way
	Asked                // our offer, which was asked for, is with the far end
)

// Media is what one side does.
type Media struct {
	Hold  bool
	Video bool // send video
}

// Remote is what the far end's newest session description says.
type Remote struct {
	HasVideo   bool // it has a video section that was not rejected
	SendsVideo bool
	TakesVideo bool // it would receive ours
	Held       bool
}

// State is one call. It is a plain value: copying it copies the call.
type State struct {
	Direction  engine.Direction
	Phase      engine.CallState
	LocalHold  bool
	RemoteHold bool

	Stage  Stage
	Want   Media // the user's latest wishes
	Agreed Media // ours in the last finished negotiation
	Remote Remote

	HasLeg bool // the server knows the call
	End    engine.EndInfo

	trying      Media  // Want as it was when the negotiation began
	settled     bool   // the first offer and answer are done
	asked       bool   // the negotiation began with a request for our offer
	restart     bool   // an ICE restart is wanted
	restarting  bool   // the offer under way is one
	resync      bool   // an offer is wanted so that both sides agree again
	open        string // operation of ours that was told to have begun
	refusals    int    // of our offer, in a row
	waiting     bool   // for RetryDue
	gone        bool   // the answer came too late; why it ended is still to be told
	offer       string // incoming: the offer to answer on Accept
	slowStart   bool   // incoming: no offer came, one was asked for
	queued      string // far end's offer that has to wait
	hasQueued   bool   // "" in queued is a request for an offer
	transferTo  string // address to transfer to, once on hold
	transferBy  string // the other call of a consultative transfer
	awaitsOther bool   // until that one is on hold
	transferred bool   // the request is with the server; the end of the call is awaited
	unholdAfter bool   // the hold was made for the transfer alone
}

// maxRefusals is how often an offer of ours is made again after a refusal.
const maxRefusals = 4

// New is an outgoing or incoming call before anything happened.
func New(d engine.Direction) State {
	return State{Direction: d, Phase: engine.Initiating}
}

// Accepting reports whether an incoming call is being answered here.
func (s State) Accepting() bool {
	return s.Direction == engine.Incoming && s.Stage != Idle && !s.Phase.Established() && !s.Phase.Final()
}

// SendsVideo reports whether our video is sent, or will be when the call is
// answered, changed or resumed.
func (s State) SendsVideo() bool {
	unwanted := s.Phase == engine.Connected && s.Agreed.Video && !s.Remote.TakesVideo
	return s.Want.Video && !s.Phase.Final() && !unwanted
}

// Rests reports whether the call is held here and nothing is under way in it:
// only then servers transfer it, or join another to it.
func (s State) Rests() bool { return s.LocalHold && s.Want.Hold && s.Stage == Idle && !s.hasQueued }

// AwaitsOther reports whether a consultative transfer waits for the other call
// to come to rest.
func (s State) AwaitsOther() bool { return s.awaitsOther && s.transferTo != "" }

// Waits reports whether our offer inside the call is with the far end, and
// whether that is somebody who has to be called first (a transfer).
func (s State) Waits() (waits, rings bool) {
	return s.Phase.Established() && (s.Stage == OfferOut || s.Stage == Asked), s.Stage == Asked
}
