package kandyapi

// Values of SessionStatus.Status.
const (
	StatusInitiated = "Initiated"
	StatusRinging   = "Ringing"
	StatusConnected = "Connected"
	StatusClosed    = "Closed"
)

// SDP is a session description, or a request for one where SDP is empty.
type SDP struct {
	SDP string `json:"sdp,omitempty"`
}

// SessionBody is {"wrtcsSession": …}.
type SessionBody struct {
	Session *Session `json:"wrtcsSession"`
}

// Session is a call, in the request that makes it and the answer.
type Session struct {
	ClientCorrelator    string `json:"clientCorrelator,omitempty"`
	TParticipantAddress string `json:"tParticipantAddress"`        // callee, "sip:bob@example.com"
	TParticipantName    string `json:"tParticipantName,omitempty"` // the caller's wanted display name, despite its name
	Offer               *SDP   `json:"offer,omitempty"`
	Status              string `json:"status,omitempty"`
	ResourceURL         string `json:"resourceURL,omitempty"`
}

// SessionStatusBody is {"wrtcsSessionStatus": …}.
type SessionStatusBody struct {
	Status *SessionStatus `json:"wrtcsSessionStatus"`
}

// SessionStatus is ringing feedback ("Ringing") or a sign of life
// ("Connected"), and the answer to both.
type SessionStatus struct {
	ClientCorrelator string `json:"clientCorrelator,omitempty"`
	Status           string `json:"status"`
}

// Bodies that carry a session description.
type (
	// AnswerBody is {"wrtcsAnswer": …}.
	AnswerBody struct {
		Answer *CorrelatedSDP `json:"wrtcsAnswer"`
	}
	// OfferBody is {"wrtcsOffer": …}.
	OfferBody struct {
		Offer *CorrelatedSDP `json:"wrtcsOffer"`
	}
	// CorrelatedSDP is a session description and the device that sends it.
	CorrelatedSDP struct {
		ClientCorrelator string `json:"clientCorrelator,omitempty"`
		SDP              string `json:"sdp"`
	}
)

// Bodies that send a call on.
type (
	// ForwardBody is {"wrtcsForward": …}.
	ForwardBody struct {
		Forward *Target `json:"wrtcsForward"`
	}
	// TransferBody is {"wrtcsTransfer": …}.
	TransferBody struct {
		Transfer *Target `json:"wrtcsTransfer"`
	}
	// Target is where a call goes; SessionID, for a consultative transfer, is
	// the transferor's other session.
	Target struct {
		ClientCorrelator string `json:"clientCorrelator,omitempty"`
		Address          string `json:"address"`
		SessionID        string `json:"sessionId,omitempty"`
	}
)
