package audio

import "context"

// Device is a running full-duplex sound device at 48 kHz mono. Its callbacks
// come from a real-time thread or from the clock of a file, and none comes
// after Close has returned.
type Device interface {
	// Close stops the callbacks and waits for a running one. It may hang with
	// the driver: the desk gives it 2 seconds and then goes on without it.
	Close() error
}

// Synthetic is what a Device may implement besides: it says that the microphone
// is no real one but a file, a tone or nothing. Its sound is then sent as it
// is.
type Synthetic interface{ Synthetic() bool }

// OpenDevice opens a sound device that calls back as io says. It may take its
// time and gives up when ctx ends. It is called from a goroutine of its own.
type OpenDevice func(ctx context.Context, io DeviceIO) (Device, error)

// DeviceIO is what a device calls. The calls do not block and allocate nothing.
//
// Playout must be called all the time at the rate of 48000 samples a second,
// also where nothing is heard: it is the clock of everything received. One
// thread at a time calls Playout, one at a time Capture; they may be two.
type DeviceIO struct {
	// NeedCapture asks for the microphone. Without it, the microphone stays
	// closed and Capture is not called.
	NeedCapture bool
	// Capture hands over sound from the microphone. pcm is of any length up to
	// 4800 samples, usually 480, and is copied.
	Capture func(pcm []float32)
	// Playout fills the whole of pcm, of any length up to 4800 samples, with what
	// is to be heard.
	Playout func(pcm []float32)
	// OnLost tells that the device is gone for good, e.g. unplugged. The desk
	// closes it and tries to open it again from time to time.
	OnLost func(error)
}
