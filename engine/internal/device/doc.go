// Package device turns cameras, microphones, speakers and files into three
// things that the rest of the engine can use without knowing which it has: a
// Camera that is read, a Sound that calls back, and a list of what there is.
//
// # The way through
//
//	choice ─ OpenCamera ┬ "auto", id, name → hardware.go   a mediadevices driver
//	                    ├ "test"           → testcamera.go pattern.go, timecode.go
//	                    └ file.y4m         → filecamera.go y4m.go
//
//	choice ─ OpenSound ─ sound.go (one clock, ticks of at most 4800 samples)
//	           microphone ┬ real   → soundcard.go          speaker ┬ real  → soundcard.go
//	                      ├ "test" → tone.go                       ├ .wav  → wavwriter.go
//	                      ├ .wav   → wavsource.go wav.go           └ none
//	                      └ none      resample.go
//
//	Screens, OpenScreen ─ package screen
//
//	List, Watch ─ discover.go: mediadevices for cameras, miniaudio for sound
//
// # Rules
//
// Drivers hang, panic and lie. Every call into one runs under a time limit
// (limit.go); pictures are copied out of driver memory before they are handed
// on, since drivers reuse it; sound is copied inside the callback; a microphone
// that delivers more than twice real time is treated as missing, since that is
// what a sound library does that found no sound server.
//
// Pictures are timed when they are captured, sound has one clock: the device's
// where a real one takes part, otherwise a software clock of 10 ms.
//
// Errors are *engine.Problem and wrap engine.ErrDeviceMissing,
// engine.ErrDeviceBusy or engine.ErrBadMediaFile.
package device
