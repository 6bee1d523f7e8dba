// Package core is the engine: it implements engine.Engine with a signalling
// backend (engine/internal/kandy), peers (peer), cameras and sound (device,
// video, audio).
//
// # One owner
//
// Core.run is the only goroutine that reads and writes calls, registration and
// choices. Everything else posts closures to its mailbox: methods of the
// contract, replies to requests, the session's events, Pion's handlers, timers.
// The mailbox is unbounded, so a handler of Pion never waits for us. After each
// batch the loop publishes one Snapshot, if something changed.
//
// Whatever can block — a request, a negotiation step, closing media — runs in a
// job: a goroutine started by Core.job, which posts its result back. Close
// waits for all jobs.
//
// # Files
//
//	core.go       Core, New, Close, the loop
//	board.go      watchers of snapshots and events
//	account.go    signing in and out, the session's events
//	calls.go      entries, the contract's call methods
//	legs.go       what the server tells of calls
//	effects.go    what call.Step asks for, timers
//	requests.go   what the server is asked
//	media.go      one call's media: peer, senders, receivers
//	sinks.go      pictures for the faces
//	sharing.go    screens
//	joining.go    consultative transfer
//	dial.go       digits
//	tones.go      what the calls let hear
//	devices.go    what is chosen and what is there
//	roles.go      what stands in while a chosen device is unplugged
//	notices.go    problems of the machine
//	stats.go      numbers
//	check*.go     the check before a call
package core
