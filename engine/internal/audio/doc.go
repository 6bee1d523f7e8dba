// Package audio is the sound desk between RTP and a full-duplex sound device.
//
//	RTP → Inbound: reader → jitterBuffer → player (decode, FEC, conceal, stretch) ─┐
//	Tones: voice ──────────────────────────────────────────────────────────────────┼→ mixer → ring → Device.Playout
//	                                                                                │
//	RTP ← Outbound: encoder ← ring ← capture loop ← ring ← Device.Capture           limiter
//	                                  ↑ microphone: echo, noise, gain                 │
//	                                  └──────── follower ← ring ← what was played ────┘
//
// # Where to begin
//
// Desk (desk.go) is the door. NewInbound plays what a far end sends,
// NewOutbound sends the microphone, Play makes a tone, SetDevice says which
// device does it. The desk opens the device when one of them needs it, the
// microphone only for an Outbound, and closes it shortly after the last.
//
// # Threads
//
//   - The device's callbacks (session.go) only copy between the device and two
//     lock-free rings; they take no lock and allocate nothing.
//   - mixer.go: one goroutine keeps the play-out ring filled, 5 ms at a time.
//   - capture.go: one goroutine processes the microphone (microphone.go) and
//     hands it on to each Outbound.
//   - manager.go: one goroutine opens and closes devices; each device is opened
//     and closed in a goroutine of its own, since drivers can hang.
//   - one reader for each Inbound and one encoder for each Outbound.
//
// Everything that decides (jitterBuffer, playhead, delayTracker, stretcher,
// voice) is plain arithmetic on a clock that is passed in, and is tested
// without goroutines.
//
// # Microphone
//
// SetProcessing switches echo cancellation, noise suppression and automatic gain,
// which package apm gets from a system library; ProcessingAvailable says whether
// it is there. The far end is what playout really gave the speaker, shifted and
// resampled to the microphone's clock (follower.go, from the paces that pace.go
// measures). Before the library's first generation stands a linear filter of our
// own (package echo). A Device that is Synthetic is sent as it is.
//
// Microphone and Speaker are levels to show; OnMicrophone tells when somebody
// speaks while muted, and of a microphone that gives nothing (watch.go, vad.go).
//
// # Time
//
// PCM is mono float32 in [-1, 1] at 48 kHz, the rate of Opus' RTP clock
// (RFC 7587 §4.1), so that samples, RTP time and internal time are one unit. The
// microphone is processed 10 ms at a time, play-out is mixed 5 ms at a time, an
// outgoing packet is 20 ms, or 10 ms on a good path (cadence.go).
//
// Delay is judged by relative transit time: arrival minus RTP time, over its
// minimum of the last seconds. A packet that is s later than the fastest ones
// is in time if play-out runs at least s behind them. So the play-out delay
// follows the spread of s, and a drift between the clocks of the two ends is
// nothing but a slow change of the delay, which is corrected by taking out or
// repeating one period of the sound now and then.
package audio
