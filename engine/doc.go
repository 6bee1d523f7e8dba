// Package engine is the contract between Tring's faces (the window in ui, the
// command line in cmd/tring) and whatever makes calls for them.
//
// It holds no behaviour: types, enums, sentinel errors and the Engine
// interface, built on the standard library alone, so that the window and its
// tests need neither Pion nor cgo. engine/core implements it for real and
// engine/enginetest scripts it for tests.
//
// # Three states kept apart
//
// Whether the account can be reached (Registration), how far a call has come
// (CallState) and whether its media flows (MediaState) are three enums. A lost
// websocket does not end a call; a call on hold is not a broken one.
//
// # One snapshot
//
// A face draws one immutable Snapshot and nothing else. Watch hands over the
// current one at once, then merged updates: a slow reader misses intermediate
// snapshots, never the last one. Events are the running log beside it; they
// are delivered in order to a reader that keeps up.
//
// # Threads
//
// Every method may be called from any goroutine. Methods that return only an
// error post to the engine's loop and come back without waiting for the
// network; what happens then is seen in the Snapshot and in the Events.
package engine
