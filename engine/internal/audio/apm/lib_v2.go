//go:build cgo && !noapm && !apm1 && (apm2 || darwin || windows)

package apm

/*
#cgo pkg-config: webrtc-audio-processing-2
#cgo CXXFLAGS: -DTRING_APM=2 -std=c++17
*/
import "C"

// What is linked.
const (
	generation = 2
	library    = "WebRTC audio processing 2.x (AEC3)"
)
