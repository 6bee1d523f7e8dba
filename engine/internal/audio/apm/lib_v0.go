//go:build cgo && !noapm && !apm1 && !apm2 && !darwin && !windows

package apm

/*
#cgo pkg-config: webrtc-audio-processing
#cgo CXXFLAGS: -DTRING_APM=0
*/
import "C"

// What is linked.
const (
	generation = 0
	library    = "WebRTC audio processing 0.x (AEC)"
)
