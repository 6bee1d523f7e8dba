// Package switchboard is a signalling server that speaks the Kandy CPaaS
// protocol: it signs users in, carries offers and answers between their
// devices, and keeps track of the calls. Media never passes through it; a TURN
// relay can be run beside it.
//
// # Finding the way
//
//	Config, Server        what it is given, how it is started and stopped
//	route.go, wire.go     paths to handlers; JSON, CORS and error bodies
//	auth.go, tokens.go    log-in, signed tokens with rotating keys, limits
//	channel.go, device.go notification channels and the queues behind them
//	socket.go             one open websocket: sending, confirming, keep-alive
//	call.go               a call as plain data: legs, phase, pending exchange
//	table*.go             every change of a call: answer, end, transfer …
//	session.go            the requests that lead there; address.go: who is called
//	settle.go             when a notification may reach a device
//	contact.go            callees that live in this process (the echo)
//	turn.go, relay.go     credentials for TURN relays, and a relay to run beside
//	agenda.go, sweep.go   what is done later, and what has had its time
//	Store, state.go       what outlives the process, in memory or in files
//
// # Who owns what
//
// Server.mu guards devices, channels and calls. Handlers take it, change the
// table and put messages into the devices' queues; nothing blocks under it.
// Each open websocket has a goroutine that empties its device's queue. Timers
// are entries of one agenda that one goroutine works off, so that nothing
// fires after Close. A second goroutine writes changed records to the Store.
//
// # One leg for each device
//
// A call is one session resource for the caller and one for every device of
// the callee: requests that reject or ring name no device, so the resource must
// (and a person can call their own other device).
package switchboard
