package screen

import (
	"errors"
	"fmt"

	"tring/engine"
)

const chooseAnother = "Choose another one."

// closedWindow says that a window is gone for good.
func closedWindow(name string, err error) error {
	return &engine.Problem{
		Cause: fmt.Sprintf("The window %q was closed.", name), Next: chooseAnother,
		Err: errors.Join(engine.ErrDeviceMissing, err),
	}
}

func lostMonitor(name string) error {
	return &engine.Problem{
		Cause: fmt.Sprintf("%s was switched off or unplugged.", name), Next: chooseAnother,
		Err: engine.ErrDeviceMissing,
	}
}

func unknownScreen(err error) error {
	return &engine.Problem{
		Cause: "That screen or window is no longer there.", Next: chooseAnother,
		Err: errors.Join(engine.ErrDeviceMissing, err),
	}
}

func minimised(name string) error {
	return &engine.Problem{
		Cause: fmt.Sprintf("The window %q is minimised.", name),
		Next:  "Bring it back to the screen, then share it.",
		Err:   engine.ErrDeviceMissing,
	}
}

func unreadable(name string, err error) error {
	return &engine.Problem{
		Cause: fmt.Sprintf("The picture of %s cannot be read: %v.", name, err), Next: chooseAnother,
		Err: errors.Join(engine.ErrNotSupported, err),
	}
}

func wrongColours(err error) error {
	return &engine.Problem{
		Cause: "This display does not use 8 bits for each colour.",
		Next:  "Set it to millions of colours (24 bits) to share it.",
		Err:   errors.Join(engine.ErrNotSupported, err),
	}
}

func noDisplay() error {
	return &engine.Problem{
		Cause: "No display is there to be shared (DISPLAY is not set).",
		Next:  "Start Tring from a desktop session.",
		Err:   engine.ErrNotSupported,
	}
}

func unreachable(display string, err error) error {
	return &engine.Problem{
		Cause: fmt.Sprintf("The display %s cannot be reached: %v.", display, err),
		Next:  "Check that DISPLAY names the desktop session, then try again.",
		Err:   errors.Join(engine.ErrDeviceMissing, err),
	}
}

func displayLost(err error) error {
	return &engine.Problem{
		Cause: "The display does not answer.",
		Next:  "Check that the desktop session still runs, then try again.",
		Err:   errors.Join(engine.ErrDeviceMissing, err),
	}
}

// wayland says why nothing is shown: there, a program sees no pixels but its
// own, and an X11 server beside it shows black.
func wayland() error {
	return &engine.Problem{
		Cause: "On a Wayland desktop, screens are shared through the desktop portal, which Tring cannot use yet.",
		Next:  "Sign in to an X11 (Xorg) session to share a screen.",
		Err:   engine.ErrNotSupported,
	}
}

func isProblem(err error) bool {
	p := new(engine.Problem)
	return errors.As(err, &p)
}
