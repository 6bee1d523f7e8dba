package device

import (
	"context"
	"log/slog"

	"tring/engine"
	"tring/engine/internal/device/screen"
	"tring/engine/internal/i420"
)

// Screens lists the screens and windows that can be captured. Errors are
// *engine.Problem; on systems where none can be they wrap
// engine.ErrNotSupported.
func Screens(ctx context.Context) ([]engine.Screen, error) { return screen.List(ctx) }

// OpenScreen opens a screen or window of the list as a camera of up to maxFPS
// pictures a second. When the window is closed, Read fails with a Problem that
// says so; while it is minimised, its last picture is repeated.
func OpenScreen(ctx context.Context, id string, maxFPS float64, pool *i420.Pool, log *slog.Logger) (Camera, error) {
	c, err := screen.Open(ctx, id, maxFPS, pool, log)
	if err != nil {
		return nil, err // a nil *Camera would be no nil Camera
	}
	return c, nil
}
