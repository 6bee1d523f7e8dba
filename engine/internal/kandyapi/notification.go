package kandyapi

// Values of EventNotification.EventType.
const (
	EventRinging      = "Ringing"
	EventSessionEnded = "SessionEnded"
	EventCancelled    = "Cancelled"
)

// Reasons and status codes of an end (RFC 3261 §21), sent by Tring's
// switchboard with SessionEnded and Cancelled. The JavaScript SDK ignores them.
const (
	ReasonDeclined          = "Declined"
	ReasonBusy              = "Busy"
	ReasonNoAnswer          = "No answer"
	ReasonNotFound          = "Not found"
	ReasonUnavailable       = "Unavailable"
	ReasonAnsweredElsewhere = "Answered elsewhere"
	ReasonDeclinedElsewhere = "Declined elsewhere"
	ReasonCallerCancelled   = "Caller cancelled"
	ReasonHungUp            = "Hung up"
	ReasonTransferred       = "Transferred"
	ReasonLost              = "Connection lost"

	StatusCodeOK          = 200 // hung up, answered elsewhere, transferred
	StatusCodeNotFound    = 404
	StatusCodeTimeout     = 408 // no answer in time; connection lost
	StatusCodeUnavailable = 480 // no device signed in
	StatusCodeBusy        = 486
	StatusCodeCancelled   = 487
	StatusCodeDeclined    = 603
)

// Message is anything on the websocket: one field is set.
type Message struct {
	ConnCheck *ConnCheck `json:"connCheck,omitempty"`
	ConnAck   *ConnAck   `json:"connAck,omitempty"`

	Invitation *InvitationNotification `json:"wrtcsSessionInvitationNotification,omitempty"`
	Acceptance *AnswerNotification     `json:"wrtcsAcceptanceNotification,omitempty"`
	Event      *EventNotification      `json:"wrtcsEventNotification,omitempty"`
	Offer      *OfferNotification      `json:"wrtcsOfferNotification,omitempty"`
	Answer     *AnswerNotification     `json:"wrtcsAnswerNotification,omitempty"`
}

// ConnCheck is the application's ping; the next follows within Interval seconds.
type ConnCheck struct {
	Interval int `json:"interval,omitempty"`
}

// ConnAck answers a ConnCheck.
type ConnAck struct{}

// Header begins every notification: an id, unique so that repeats can be
// dropped, and the receiver's own session in Link[0].
type Header struct {
	ID       string `json:"id"`
	DateTime int64  `json:"dateTime,omitempty"` // Unix milliseconds
	Link     []Link `json:"link,omitempty"`
}

// Link names a resource by a server-relative path (a full URL is allowed).
type Link struct {
	Rel  string `json:"rel,omitempty"`
	Href string `json:"href"`
}

// InvitationNotification is an incoming call. Offer is always there; without
// SDP in it the callee is asked for an offer (slow start).
type InvitationNotification struct {
	Header
	OriginatorAddress   string `json:"originatorAddress,omitempty"`
	OriginatorName      string `json:"originatorName,omitempty"`
	TParticipantAddress string `json:"tParticipantAddress,omitempty"`
	Offer               *SDP   `json:"offer,omitempty"`
}

// AnswerNotification is the callee's acceptance, or the answer to a mid-call
// offer.
type AnswerNotification struct {
	Header
	Answer *SDP `json:"answer,omitempty"`
}

// OfferNotification is a mid-call offer; without SDP it asks for one.
type OfferNotification struct {
	Header
	Offer *SDP `json:"offer,omitempty"`
}

// EventNotification tells of ringing and of the end.
type EventNotification struct {
	Header
	EventType  string `json:"eventType"`
	Reason     string `json:"reason,omitempty"`
	StatusCode int    `json:"statusCode,omitempty"`
}
