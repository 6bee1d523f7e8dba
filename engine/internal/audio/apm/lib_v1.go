//go:build cgo && !noapm && apm1

package apm

/*
#cgo pkg-config: webrtc-audio-processing-1
#cgo CXXFLAGS: -DTRING_APM=1 -std=c++17
*/
import "C"

// What is linked.
const (
	generation = 1
	library    = "WebRTC audio processing 1.x (AEC3)"
)
