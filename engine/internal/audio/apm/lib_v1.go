//go:build cgo && !noapm && apm1

package apm

/*
#cgo pkg-config: webrtc-audio-processing-1
#cgo CXXFLAGS: -DTRING_APM=1 -std=c++17
*/
import "C"

// library says what is linked.
const library = "WebRTC audio processing 1.x (AEC3)"
