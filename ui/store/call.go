package store

import (
	"encoding/json"
	"math"
	"time"

	"tring/engine"
)

// Outcome says what became of a call. The words are those in the file.
type Outcome string

// The outcomes. Ringing and Answered are also the states of a call that goes on.
const (
	Ringing           Outcome = "ringing"            // it rings, here or there
	Answered          Outcome = "answered"           // however it ended later
	Missed            Outcome = "missed"             // it rang here, nobody answered anywhere, the caller waited in vain
	Declined          Outcome = "declined"           // incoming: here; outgoing: by the far end
	DeclinedElsewhere Outcome = "declined-elsewhere" // on another device of this user
	AnsweredElsewhere Outcome = "answered-elsewhere"
	Cancelled         Outcome = "cancelled" // outgoing: given up here
	Busy              Outcome = "busy"
	NoAnswer          Outcome = "no-answer" // outgoing
	UnknownUser       Outcome = "unknown-user"
	Unreachable       Outcome = "unreachable"
	Forwarded         Outcome = "forwarded" // before it was answered
	Failed            Outcome = "failed"    // the network or the program failed
	Over              Outcome = "over"      // nobody knows how: a plain call
)

// Known reports whether o is one of the outcomes.
func (o Outcome) Known() bool {
	switch o {
	case Ringing, Answered, Missed, Declined, DeclinedElsewhere, AnsweredElsewhere, Cancelled,
		Busy, NoAnswer, UnknownUser, Unreachable, Forwarded, Failed, Over:
		return true
	}
	return false
}

// Entry is one call of the history.
type Entry struct {
	ID       int64  // given by BeginCall; a later call has a higher one
	Account  string // own address
	Address  string // the other side's; "" if it is withheld
	Name     string // as the call told it; may be empty
	Incoming bool
	Video    bool      // as it was asked for: redial in the same mode
	Began    time.Time // made or received
	Answered time.Time // zero if it never was
	Ended    time.Time // zero while it goes on
	Outcome  Outcome
	Seen     bool     // the person knows of it; matters for missed calls alone
	Receipt  *Receipt // nil if nothing was measured
}

// Length is how long the call was answered.
func (e Entry) Length() time.Duration {
	if e.Answered.IsZero() || e.Ended.Before(e.Answered) {
		return 0
	}
	return e.Ended.Sub(e.Answered)
}

// Receipt is how a call went, in numbers.
type Receipt struct {
	SetUp         time.Duration `json:"setUp,omitzero"`         // from the answer to the first remote picture or sound; ns in JSON, as the others
	RoundTrip     time.Duration `json:"roundTrip,omitzero"`     // mean
	Relayed       bool          `json:"relayed,omitzero"`       // media went through a relay
	Width         int           `json:"width,omitzero"`         // of the largest picture received
	Height        int           `json:"height,omitzero"`        //
	LossOut       float64       `json:"lossOut,omitzero"`       // share of the packets sent that were lost, 0–1
	LossIn        float64       `json:"lossIn,omitzero"`        // share of those meant for us, 0–1
	Freezes       int           `json:"freezes,omitzero"`       // of the remote picture
	FrozenFor     time.Duration `json:"frozenFor,omitzero"`     //
	DeviceChanges int           `json:"deviceChanges,omitzero"` //
	Interruptions int           `json:"interruptions,omitzero"` // times that no media came through
}

// FromCall is the Entry of a call as the engine tells it, at any moment of it.
// account is the own address. ID, Seen and Receipt are left to the caller.
func FromCall(account string, c engine.Call) Entry {
	return Entry{
		Account: account, Address: c.RemoteAddress, Name: c.RemoteName,
		Incoming: c.Direction == engine.Incoming, Video: c.OfferedVideo,
		Began: c.StartedAt, Answered: c.ConnectedAt, Ended: c.EndedAt, Outcome: OutcomeOf(c),
	}
}

// OutcomeOf says what became of a call, or how far it is. Only an incoming call
// is missed, and only if its caller gave up or nobody answered in time.
func OutcomeOf(c engine.Call) Outcome {
	switch {
	case !c.ConnectedAt.IsZero():
		return Answered
	case !c.State.Final():
		return Ringing
	}
	incoming := c.Direction == engine.Incoming
	switch c.End.Reason {
	case engine.ReasonCancelledThere, engine.ReasonNoAnswer:
		if incoming {
			return Missed
		}
		return NoAnswer
	case engine.ReasonCancelledHere, engine.ReasonHungUpHere:
		if incoming {
			return Declined
		}
		return Cancelled
	}
	if o, ok := outcomes[c.End.Reason]; ok {
		return o
	}
	return Over
}

// outcomes are those that do not depend on the direction.
var outcomes = map[engine.EndReason]Outcome{
	engine.ReasonDeclinedHere:      Declined,
	engine.ReasonDeclined:          Declined,
	engine.ReasonDeclinedElsewhere: DeclinedElsewhere,
	engine.ReasonAnsweredElsewhere: AnsweredElsewhere,
	engine.ReasonBusy:              Busy,
	engine.ReasonUnknownUser:       UnknownUser,
	engine.ReasonUnreachable:       Unreachable,
	engine.ReasonTransferred:       Forwarded,
	engine.ReasonNetworkLost:       Failed,
	engine.ReasonRefused:           Failed,
}

// record is an Entry as it is kept.
type record struct {
	Entry             // Receipt is nil
	touched time.Time // known to go on then
	receipt string    // JSON; "" for none
	key     string    // of the address
	words   words
}

// newRecord cleans what came from the network.
func newRecord(e Entry) *record {
	e.Account, e.Address, e.Name = clean(e.Account, maxText), bare(clean(e.Address, maxText)), clean(e.Name, maxText)
	e.Began, e.Answered, e.Ended = stamp(e.Began), stamp(e.Answered), stamp(e.Ended)
	if !e.Outcome.Known() {
		e.Outcome = Over
	}
	r := &record{Entry: e, receipt: e.Receipt.encode()}
	r.Receipt = nil
	r.prepare()
	return r
}

// prepare makes what is searched for.
func (r *record) prepare() {
	r.key = addressKey(r.Address)
	r.words = newWords(r.Name, []string{r.Address}, "")
}

// entry is the record as it is handed out.
func (r *record) entry() Entry {
	e := r.Entry
	e.Receipt = decodeReceipt(r.receipt)
	return e
}

// stamp is a time as it comes back from the file.
func stamp(t time.Time) time.Time { return moment(nanos(t)) }

func (r *Receipt) encode() string {
	if r == nil {
		return ""
	}
	c := *r
	c.LossIn, c.LossOut = share(c.LossIn), share(c.LossOut)
	b, err := json.Marshal(c)
	if err != nil {
		return "" // numbers that are finite can be written
	}
	return string(b)
}

// share is f as a number from 0 to 1.
func share(f float64) float64 {
	if math.IsNaN(f) {
		return 0
	}
	return min(max(f, 0), 1)
}

func decodeReceipt(s string) *Receipt {
	if s == "" {
		return nil
	}
	var r Receipt
	if json.Unmarshal([]byte(s), &r) != nil {
		return nil
	}
	return &r
}
