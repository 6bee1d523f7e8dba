package device

import (
	"context"
	"log/slog"
)

// cardWish is what of the sound is real: choices that are neither files nor
// engine.DeviceNone or engine.DeviceTest. Empty fields are not wanted.
type cardWish struct{ microphone, speaker string }

// cardEvents is what a card calls on its audio thread, or on one for each
// direction.
type cardEvents struct {
	played   func(pcm []float32) // fills in what is to be heard; first where both come in turn
	captured func(pcm []float32) // takes what the microphone heard
	stopped  func()              // it stopped, or a sound server paused it
}

// card is one opened sound device, or a pair.
type card interface {
	names() (microphone, speaker string)
	running() bool
	// close ends the callbacks. It returns in time even if the driver hangs.
	close() error
}

// cardOpener opens and starts what is wished. Errors are *engine.Problem.
type cardOpener func(ctx context.Context, wish cardWish, events cardEvents, log *slog.Logger) (card, error)
