//go:build !linux

package screen

import (
	"context"
	"log/slog"

	"tring/engine"
	"tring/engine/internal/i420"
)

func notHere() error {
	return &engine.Problem{
		Cause: "Tring cannot share screens on this system yet.",
		Next:  "Share from a Linux desktop with an X11 session.",
		Err:   engine.ErrNotSupported,
	}
}

// List lists what can be shared: nothing yet.
func List(context.Context) ([]engine.Screen, error) { return nil, notHere() }

// Open opens what List gave.
func Open(context.Context, string, float64, *i420.Pool, *slog.Logger) (*Camera, error) {
	return nil, notHere()
}
