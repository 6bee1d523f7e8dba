//go:build cgo && !noapm && !apm1 && !apm2 && !darwin && !windows

package apm

/*
#cgo pkg-config: webrtc-audio-processing
#cgo CXXFLAGS: -DTRING_APM=0
*/
import "C"

// library says what is linked.
const library = "WebRTC audio processing 0.x (AEC)"
