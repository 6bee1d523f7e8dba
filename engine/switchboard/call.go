package switchboard

import (
	"time"

	"tring/engine/internal/kandyapi"
)

// phase is how far a call has come.
type phase string

const (
	phaseRinging     phase = "ringing"     // Ringing holds the callee's legs
	phaseAnswering   phase = "answering"   // slow start: the callee's offer is with the caller
	phaseEstablished phase = "established" // A and B talk
)

// call is plain data, stored as it is: legs refer to one another by id, so
// that a server that takes over can go on. Guarded by Server.mu.
//
//	caller A ──┬── leg of callee's device 1 ─┐
//	           ├── leg of callee's device 2 ─┼─ Ringing; the first to answer becomes B
//	           └── leg of a contact ─────────┘
//
// While a transfer rings its target, Ringing holds the target's legs instead.
type call struct {
	ID       string          `json:"id"`
	Phase    phase           `json:"phase"`
	Legs     map[string]*leg `json:"legs"`
	A        string          `json:"a"`           // leg that called; "" once it left a transfer
	B        string          `json:"b,omitempty"` // leg that answered, or left likewise
	Ringing  []string        `json:"ringing,omitempty"`
	Target   target          `json:"target"`          // who was called
	Offer    string          `json:"offer,omitempty"` // first offer, while it may still be needed
	Rang     bool            `json:"rang,omitempty"`  // the caller has been told that it rings
	Forwards int             `json:"forwards,omitempty"`
	Pending  *exchange       `json:"pending,omitempty"`
	Transfer *transfer       `json:"transfer,omitempty"`

	epoch int // raised to disarm the timer that was set before
}

// leg is one party's view of a call: a session resource, or an in-process
// contact.
type leg struct {
	ID      string `json:"id"`
	CallID  string `json:"call"`
	User    User   `json:"user"`              // of a contact only Email and Name
	Device  string `json:"device,omitempty"`  // correlator
	Contact string `json:"contact,omitempty"` // local part; then there is no device
	Status  string `json:"status"`            // Initiated, Ringing, Connected: kandyapi.StatusX

	seen    time.Time // last request: a sign of life
	settle  settling
	contact *contactLeg // nil for devices
}

// exchange is an offer inside an established call that waits for its answer.
type exchange struct {
	From     string    `json:"from,omitempty"`     // leg that gets the answer
	To       string    `json:"to"`                 // leg that owes it
	AskOffer bool      `json:"askOffer,omitempty"` // To was asked for an offer; From gets that
	ForCall  string    `json:"forCall,omitempty"`  // consultative transfer: the answer belongs into that call
	Since    time.Time `json:"since"`
}

// transfer is one under way: By leaves, Of is joined to somebody else.
//
//	By ── PUT transfer     Of ── asked for an offer ── target invited with it
//	Of ── gets the answer  By ── SessionEnded
type transfer struct {
	By    string `json:"by"`              // leg of the transferor; "" if it left before the end
	Of    string `json:"of"`              // leg of the transferee
	To    target `json:"to"`              // whom to ring …
	With  string `json:"with,omitempty"`  // … or the leg to join (consultative)
	Offer string `json:"offer,omitempty"` // of Of, once it came
}

// peer is the other leg of an established call; nil if it left.
func (c *call) peer(l *leg) *leg {
	switch l.ID {
	case c.A:
		return c.Legs[c.B]
	case c.B:
		return c.Legs[c.A]
	}
	return nil
}

// rings tells whether l is one of the legs that may still answer.
func (c *call) rings(l *leg) bool {
	for _, id := range c.Ringing {
		if id == l.ID {
			return true
		}
	}
	return false
}

// replace puts leg in the place of old.
func (c *call) replace(old string, leg string) {
	switch old {
	case c.A:
		c.A = leg
	case c.B:
		c.B = leg
	}
}

func (l *leg) key() deviceKey { return deviceKey{l.User.ID, l.Device} }

// path is the leg's session resource.
func (l *leg) path() string { return kandyapi.SessionPath(l.User.ID, l.ID) }

// end says why a call is over, in the words of kandyapi.
type end struct {
	reason string
	code   int
}

var (
	endHungUp            = end{kandyapi.ReasonHungUp, kandyapi.StatusCodeOK}
	endDeclined          = end{kandyapi.ReasonDeclined, kandyapi.StatusCodeDeclined}
	endBusy              = end{kandyapi.ReasonBusy, kandyapi.StatusCodeBusy}
	endNoAnswer          = end{kandyapi.ReasonNoAnswer, kandyapi.StatusCodeTimeout}
	endUnavailable       = end{kandyapi.ReasonUnavailable, kandyapi.StatusCodeUnavailable}
	endAnsweredElsewhere = end{kandyapi.ReasonAnsweredElsewhere, kandyapi.StatusCodeOK}
	endDeclinedElsewhere = end{kandyapi.ReasonDeclinedElsewhere, kandyapi.StatusCodeDeclined}
	endCancelled         = end{kandyapi.ReasonCallerCancelled, kandyapi.StatusCodeCancelled}
	endTransferred       = end{kandyapi.ReasonTransferred, kandyapi.StatusCodeOK}
	endLost              = end{kandyapi.ReasonLost, kandyapi.StatusCodeTimeout}
)

// eventTransferFailed tells a transferor that the transfer came to nothing; the
// mobile SDK knows the name, the JavaScript SDK ignores it.
const eventTransferFailed = "TransferFailed"
