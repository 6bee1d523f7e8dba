// Package apm is the door to the WebRTC audio processing module: echo
// cancellation, noise suppression and automatic gain for one microphone.
//
//	far end, as it goes to the speaker → Far ─┐
//	microphone ───────────────────────→ Near ─┴→ the same sound without echo and noise
//
// Both take blocks of 10 ms at 48 kHz mono, Far before the Near of the same
// time. A Processor belongs to one goroutine at a time.
//
// # The library
//
// It is a system package that pkg-config finds, never a copy of ours. shim.cc
// wraps its C++ in a plain C interface and compiles against three generations:
//
//	build tag   pkg-config                  found in                      canceller
//	(none)      webrtc-audio-processing     Debian 12, Ubuntu 24.04       AEC (2015)
//	apm1        webrtc-audio-processing-1   Debian 13, Fedora             AEC3
//	apm2        webrtc-audio-processing-2   Arch, Homebrew, MSYS2         AEC3
//	noapm       none: Available is false, and nothing is processed
//
// macOS and Windows take apm2 without a tag. The gain is the first generation's
// (AGC1) everywhere: its successor needs a neural network's weights, which some
// distributions leave out.
//
// # Licence
//
// The library is under the three-clause BSD licence of the WebRTC project (with
// its patent grant) and parts under BSD-like licences of their own; its package
// brings them along. It is linked dynamically. Nothing of it is in this
// repository.
package apm
