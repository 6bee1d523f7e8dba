// Package call is the state machine of one call: what each input does to it,
// and what has to be done then. It is pure: Step takes a State and an Input and
// gives the new State and the Effects; there is no goroutine, clock or I/O in
// it, so that tables and a fuzzer can go through everything that may happen.
//
//	Place ─► Initiating ─► Initiated ─► Ringing ─► Connected ◄─► On Hold ─► Ended
//	Received ─► Initiating ─► Ringing ─► Connected        (caller gave up ─► Cancelled)
//
// # Offer and answer
//
// One negotiation (RFC 3264) is under way at a time; Stage says how far it is.
// The user's wishes are kept apart from it: Want is what they asked for last,
// Agreed what both sides settled. Whenever the call is established, nothing is
// under way and the two differ, a new offer is made. So clicks can come at any
// moment and in any order, an offer that was refused (glare) is simply made
// again, and an answer to the far end's offer takes our wishes along.
//
// The far end's offers are queued while one of ours is out: the newest counts.
package call
