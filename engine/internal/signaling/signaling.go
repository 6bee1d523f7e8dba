// Package signaling says what a signalling backend is: how an account signs
// in, and how calls are set up, changed and ended over it.
//
// engine/internal/kandy is such a backend; a SIP one would be another package.
// The suite in signalingtest holds every backend to the rules written here, and
// no word of a backend's own protocol passes this border.
//
// # Threads and order
//
// Methods of a Session that talk to the server block until it answered or ctx
// ended; callers run them in goroutines of their own. Methods for different
// legs may run at the same time.
//
// Events arrive in order on one channel, which the owner must keep reading
// until it is closed. A backend never drops an event about a call: if its
// reader is slow it queues. An event about a leg never arrives before the
// Invite that makes the leg has returned: the backend holds it back, and drops
// it if Invite fails.
package signaling

import (
	"context"
	"time"

	"tring/engine"
)

// LegID names a call as the server knows it for this device.
type LegID string

// Backend signs accounts in.
type Backend interface {
	// SignIn gets tokens, opens the notification channel and subscribes to
	// calls. It returns once calls can be made and received. Errors are
	// *engine.Problem.
	//
	// Afterwards the session keeps itself alive: it answers and sends
	// keep-alives, refreshes tokens, and reconnects for as long as it is open.
	SignIn(ctx context.Context, account engine.Account, secret engine.Secret) (Session, error)
}

// Hurrier is a Session that can be told not to wait for its next try to
// reconnect.
type Hurrier interface {
	// Hurry tries now, if the way to the server is lost. It does not wait.
	Hurry()
}

// Session is a signed-in account.
type Session interface {
	// Identity is who the server says we are.
	Identity() Identity
	// Capabilities is what this server can do.
	Capabilities() Capabilities
	// Events is the one stream of what happens; closed by Close.
	Events() <-chan Event

	// Address completes what a person typed to an address ("bob" →
	// "bob@example.com"), or says why it is none (a *engine.Problem).
	Address(typed string) (string, error)

	// Invite calls address with an offer. The leg exists once it returned.
	Invite(ctx context.Context, address, displayName, offer string) (LegID, error)
	// Ringing tells the caller that this device rings.
	Ringing(ctx context.Context, leg LegID) error
	// Answer answers an incoming call or the far end's pending offer. In a slow
	// start (Incoming or Offered without SDP) sdp is an offer, and the answer to
	// it comes as Accepted or Answered.
	Answer(ctx context.Context, leg LegID, sdp string) error
	// Offer changes an established call. The answer comes as Answered.
	Offer(ctx context.Context, leg LegID, sdp string) error
	// Hangup cancels, rejects or ends the leg, whichever fits its state. A leg
	// that is already gone is no error.
	Hangup(ctx context.Context, leg LegID) error
	// Forward sends a ringing incoming call on to another address.
	Forward(ctx context.Context, leg LegID, address string) error
	// Transfer sends the far end of leg to address. With other set, it is
	// joined to the far end of that leg of ours (consultative transfer).
	Transfer(ctx context.Context, leg LegID, address string, other LegID) error
	// Audit asks whether the leg still lives; it also tells the server that we
	// do. alive is false only if the server says so; an error leaves it open.
	Audit(ctx context.Context, leg LegID) (alive bool, err error)

	// ICEServers gives STUN and TURN servers with fresh credentials; none is no
	// error.
	ICEServers(ctx context.Context) ([]ICEServer, error)

	// Close unsubscribes as far as ctx allows, and joins every goroutine.
	Close(ctx context.Context) error
}

// Identity is the signed-in user.
type Identity struct {
	Address string // alice@example.com
	Name    string // display name; may be empty
}

// Capabilities is what can be asked of a server.
type Capabilities struct {
	Transfer   bool // direct and consultative
	Forward    bool
	Services   []string      // subscribed services, e.g. "call"
	AuditEvery time.Duration // how often Audit is wanted for a live leg; 0 for never
}

// ICEServer is a STUN or TURN server, RFC 7064 and RFC 7065.
type ICEServer struct {
	URLs       []string
	Username   string
	Credential string
}

// Event is one of the types below.
type Event interface{ signalingEvent() }

// RegistrationChanged says that the way to the server changed. Calls live on
// through Reconnecting.
type RegistrationChanged struct {
	State      engine.Registration // Registered, Reconnecting or SignInRequired
	Subscribed []string
	Reason     string          // short, for the log; "" when all is well
	RetryAt    time.Time       // while Reconnecting: the next try; zero if under way
	Problem    *engine.Problem // for people; nil when Registered
}

// CredentialChanged hands over a new refresh token to be kept for the next
// start.
type CredentialChanged struct {
	Account engine.Account
	Secret  engine.Secret
}

// Incoming is an invitation.
type Incoming struct {
	Leg         LegID
	From        string // address
	DisplayName string
	Offer       string // SDP; "" is a slow start: Answer with an offer
}

// RemoteRinging says that the callee's device rings.
type RemoteRinging struct{ Leg LegID }

// Accepted says that the callee answered.
type Accepted struct {
	Leg    LegID
	Answer string
}

// Offered is a mid-call offer; "" is a request for one: Answer with an offer.
type Offered struct {
	Leg   LegID
	Offer string
}

// Answered is the answer to our mid-call offer, or to the one asked for.
type Answered struct {
	Leg    LegID
	Answer string
}

// Finished says that a leg is over.
type Finished struct {
	Leg       LegID
	Cancelled bool // an incoming call that ended before it was answered here
	End       engine.EndInfo
}

func (RegistrationChanged) signalingEvent() {}
func (CredentialChanged) signalingEvent()   {}
func (Incoming) signalingEvent()            {}
func (RemoteRinging) signalingEvent()       {}
func (Accepted) signalingEvent()            {}
func (Offered) signalingEvent()             {}
func (Answered) signalingEvent()            {}
func (Finished) signalingEvent()            {}
