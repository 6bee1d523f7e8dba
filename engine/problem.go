package engine

import "errors"

// Problem is a failure told to a person: one sentence that names the cause,
// one that names the next step.
type Problem struct {
	Cause string // "The password for alice@example.com is wrong."
	Next  string // "Check it and sign in again."
	Err   error  // the chain for logs and errors.Is; may be nil; never holds a secret
}

// Error is Cause and Next as one text.
func (p *Problem) Error() string {
	if p.Next == "" {
		return p.Cause
	}
	return p.Cause + " " + p.Next
}

// Unwrap gives the cause for errors.Is and errors.As.
func (p *Problem) Unwrap() error { return p.Err }

// Sentinels for errors.Is. Every one arrives wrapped in a Problem that can be
// shown to a person.
var (
	ErrWrongPassword      = errors.New("wrong user or password")
	ErrWrongClient        = errors.New("unknown client id")
	ErrServerUnknown      = errors.New("server name not found")
	ErrServerUnreachable  = errors.New("server unreachable")
	ErrServerNotKandy     = errors.New("server does not speak the Kandy protocol")
	ErrServerFailed       = errors.New("server failed")
	ErrCertificateExpired = errors.New("certificate expired")
	ErrCertificateUnknown = errors.New("certificate not trusted")
	ErrCertificateName    = errors.New("certificate is for another name")
	ErrSignInExpired      = errors.New("sign-in expired")
	ErrNotRegistered      = errors.New("not signed in")
	ErrBadAddress         = errors.New("not an address")
	ErrNoSuchCall         = errors.New("no such call")
	ErrWrongState         = errors.New("not possible in this state")
	ErrNotSupported       = errors.New("not supported by the far end or the server")
	ErrBadSDP             = errors.New("session description refused")
	ErrDeviceBusy         = errors.New("device in use by another program")
	ErrDeviceMissing      = errors.New("device not found")
	ErrBadMediaFile       = errors.New("media file damaged or of an unknown kind")
	ErrClosed             = errors.New("engine closed")
)
