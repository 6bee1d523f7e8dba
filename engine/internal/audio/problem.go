package audio

import (
	"errors"

	"tring/engine"
)

// problemDevice tells a person of a device that fails, unless the device did.
func problemDevice(err error) error {
	var told *engine.Problem
	if errors.As(err, &told) {
		return err
	}
	if errors.Is(err, errStalled) {
		return &engine.Problem{
			Cause: "The sound device has stopped working.",
			Next:  "Plug it in again or choose another one in the settings; it is tried again by itself.",
			Err:   err,
		}
	}
	return &engine.Problem{
		Cause: "The sound device could not be used.",
		Next:  "Choose another one in the settings; this one is tried again by itself.",
		Err:   err,
	}
}

func problemCodec(err error) error {
	return &engine.Problem{
		Cause: "The sound of the call could not be set up.",
		Next:  "Close other programs and call again.",
		Err:   err,
	}
}
