package apm

import "errors"

const (
	// SampleRate is that of all sound here.
	SampleRate = 48000
	// BlockSamples is 10 ms, the length of every block.
	BlockSamples = SampleRate / 100
)

// Settings says which parts work. They can be changed at any time.
type Settings struct {
	EchoCancellation bool // take out of the microphone what the speaker plays
	NoiseSuppression bool // take out steady noise: fans, hum, hiss
	AutomaticGain    bool // bring speech to a usual level
}

// All has every part at work.
var All = Settings{EchoCancellation: true, NoiseSuppression: true, AutomaticGain: true}

// Suppression is how much residual echo is worth against this end's speech.
type Suppression int

// From sparing the speech to taking the echo.
const (
	SpareSpeech Suppression = iota
	Balanced
	SuppressEcho
)

// ErrUnavailable says that this program was built without the library.
var ErrUnavailable = errors.New("apm: built without the WebRTC audio processing library")

// errBlock is about blocks of a wrong length.
var errBlock = errors.New("apm: a block is 480 samples")
