package signaling

import (
	"context"
	"errors"
	"time"

	"tring/engine"
)

// Sentinels for errors.Is that a backend wraps in the *engine.Problem of a
// method that names a leg.
var (
	// ErrGlare: Offer was refused because the far end's offer is under way
	// (RFC 3264 §4 forbids both at once), or Transfer because an offer of
	// anybody's is. The far end's offer goes on; ours may be tried again after it.
	ErrGlare = errors.New("offers crossed")
	// ErrGone: the leg is over, or another device took the call. Finished
	// follows, has arrived, or was lost with the connection.
	ErrGone = errors.New("call is gone")
)

// RefusedError is how Invite says that the call could not even begin, where
// the server told why: an unknown user, a busy one. Other failures of Invite
// (no connection, no permission) are plain Problems.
type RefusedError struct {
	End     engine.EndInfo  // what the call ends with
	Problem *engine.Problem // for people
}

// Error is the Problem's text.
func (e *RefusedError) Error() string { return e.Problem.Error() }

// Unwrap gives the Problem.
func (e *RefusedError) Unwrap() error { return e.Problem }

// Adopter is a Session that can take over established legs of the session that
// the same device had before, because its sign-in was no longer accepted.
type Adopter interface {
	// Adopt makes the leg known: its events arrive from now on. incoming says
	// who called.
	Adopt(leg LegID, incoming bool)
}

// BusyRejecter is a Session that can reject an incoming call with "busy"
// (SIP's 486) rather than with "declined". Where the server cannot carry the
// difference the call is rejected all the same.
type BusyRejecter interface {
	// RejectBusy rejects a ringing incoming call. A leg that is already gone is
	// no error.
	RejectBusy(ctx context.Context, leg LegID) error
}

// Prober is a Backend that can say how a server is reached, without signing in.
type Prober interface {
	// Probe sends one request that tells nothing of a user. The error, a
	// *engine.Problem, says what was in the way; what was measured before it is
	// returned with it.
	Probe(ctx context.Context, account engine.Account) (Reach, error)
}

// Reach is how long the parts of the way to a server took. 0 is what there was no
// need for, or what was not reached.
type Reach struct {
	LookUp  time.Duration // of the name
	Connect time.Duration // TCP
	TLS     time.Duration // handshake
	Answer  time.Duration // from the request to its answer
}
