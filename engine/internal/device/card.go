package device

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// cardWish is what of the sound is real: choices that are neither files nor
// engine.DeviceNone or engine.DeviceTest. Empty fields are not wanted.
type cardWish struct{ microphone, speaker string }

// cardEvents is what a card calls on its audio thread.
type cardEvents struct {
	data    func(captured, played []float32, n int) // one of the two may be nil
	stopped func()                                  // it stopped, or a sound server paused it
}

// card is one opened sound device, or a pair with one clock.
type card interface {
	names() (microphone, speaker string)
	running() bool
	// close ends the callbacks. It returns in time even if the driver hangs.
	close() error
}

// cardOpener opens and starts what is wished. Errors are *engine.Problem.
type cardOpener func(ctx context.Context, wish cardWish, events cardEvents, log *slog.Logger) (card, error)

// bridge carries a microphone to the clock of another device, a speaker that
// cannot be opened together with it. The two clocks differ a little: what is
// too much is dropped, what is missing is silence, and the delay stays bounded.
type bridge struct {
	ring    *ring
	flowing atomic.Bool // the cushion is there
	buffer  [maxTick]float32
}

const (
	bridgeCushion = 2 * tickSamples // kept waiting, for the unevenness of both
	bridgeMost    = 6 * tickSamples // more is too late for a conversation
)

func newBridge() *bridge { return &bridge{ring: newRing(13)} }

// capture is called by the microphone.
func (b *bridge) capture(pcm []float32) { b.ring.write(pcm) }

// take gives the speaker's clock n samples of the microphone.
func (b *bridge) take(n int) []float32 {
	out := b.buffer[:min(n, len(b.buffer))]
	waiting := b.ring.length()
	switch {
	case waiting > bridgeMost+len(out):
		b.ring.skip(waiting - bridgeCushion - len(out))
	case !b.flowing.Load() && waiting < bridgeCushion+len(out):
		clear(out)
		return out
	}
	got := b.ring.read(out)
	clear(out[got:])
	b.flowing.Store(got == len(out))
	return out
}
