package screen

import (
	"context"
	"os"

	"tring/engine/internal/device/screen/x11"
)

// dial connects to the X server of the session, if it has one that shows what
// the user sees.
func dial(ctx context.Context) (*x11.Conn, error) {
	display := os.Getenv("DISPLAY")
	beside := os.Getenv("WAYLAND_DISPLAY") != ""
	switch {
	case os.Getenv("XDG_SESSION_TYPE") == "wayland", display == "" && beside:
		return nil, wayland()
	case display == "":
		return nil, noDisplay()
	}
	c, err := x11.Dial(ctx, display)
	if err != nil {
		if beside {
			return nil, wayland()
		}
		return nil, unreachable(display, err)
	}
	// A session may hide what it is, the server does not.
	within, err := c.Has("XWAYLAND")
	if err == nil && within {
		err = wayland()
	} else if err == nil && !c.Readable(c.Screen.Visual) {
		err = wrongColours(x11.ErrColours)
	} else if err != nil {
		err = displayLost(err)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
