package peer

import (
	"errors"
	"fmt"

	"tring/engine"
)

// badSDP is the Problem for a description of the far end that cannot be used.
// what completes "The far end's session description …"; it never quotes it.
func badSDP(what string) error {
	return &engine.Problem{
		Cause: "The far end's session description " + what + ".",
		Next:  "Ask the other side to update their program or to use another one.",
		Err:   engine.ErrBadSDP,
	}
}

// pionRefused is the Problem for what Pion could not do with a description
// that had passed our own checks.
func pionRefused(step string, err error) error {
	return &engine.Problem{
		Cause: "The far end's session description could not be used.",
		Next:  "Hang up and call again.",
		Err:   fmt.Errorf("%w: %s: %w", engine.ErrBadSDP, step, err),
	}
}

func wrongState(cause string) error {
	return &engine.Problem{Cause: cause, Next: "Try again when the call has settled.", Err: engine.ErrWrongState}
}

var errClosed = &engine.Problem{Cause: "The call is over.", Next: "Make a new call.", Err: engine.ErrClosed}

var errBroken = &engine.Problem{
	Cause: "An earlier change of this call failed half-way.",
	Next:  "Hang up and call again.",
	Err:   errors.Join(engine.ErrWrongState, engine.ErrBadSDP),
}
