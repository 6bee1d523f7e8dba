// Package echo takes the linear part of an echo out of a microphone: what a
// loudspeaker plays, delayed, filtered by the room, and added to what is said.
// It stands before the first generation of the WebRTC canceller, whose own
// filter loses more of this end's speech when both ends talk.
//
//	far ──→ FFT → Filter (room, 320 ms) → estimate
//	                ↑ Kalman gain             │
//	near ─────────────────────────────────── − ──→ error = near without echo
//
// Filter is a partitioned-block Kalman filter in the frequency domain: each
// coefficient carries its own uncertainty, from which its step follows. Where
// this end talks the error is loud, the steps become small by themselves, and
// the filter stays as it is: no detector of double talk is needed. (G. Enzner
// and P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo
// control in hands-free telephones", Signal Processing 86, 2006; F. Kuech,
// E. Mabande, G. Enzner, "State-space architecture of the partitioned-block-based
// acoustic echo controller", ICASSP 2014.)
//
// It is arithmetic alone: no goroutine, no clock, no allocation after New.
package echo
