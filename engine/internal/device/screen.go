package device

import (
	"context"
	"log/slog"

	"tring/engine"
	"tring/engine/internal/i420"
)

// noScreens says that this system's screens cannot be captured.
func noScreens() error {
	return &engine.Problem{
		Cause: "Screens can be shared on X11 only, so far.",
		Next:  "Sign in to an X11 session to share your screen.",
		Err:   engine.ErrNotSupported,
	}
}

// Screens lists the screens and windows that can be captured.
func Screens(context.Context) ([]engine.Screen, error) { return nil, noScreens() }

// OpenScreen opens a screen or window of the list as a camera.
func OpenScreen(_ context.Context, _ string, _ float64, _ *i420.Pool, _ *slog.Logger) (Camera, error) {
	return nil, noScreens()
}
