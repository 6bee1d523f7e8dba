// Package kandy is the signalling backend for servers that speak the Kandy
// CPaaS protocol: calls as REST resources, with notifications on a websocket.
//
// Where to look:
//
//   - backend.go: Backend and the steps of a sign-in; config.go its settings.
//   - session.go: Session, its goroutines and its Close.
//   - keeper.go: tokens, renewed at half their life and when one is refused.
//   - link.go: the channel and its websocket, brought back whenever it is lost;
//     socket.go: one websocket and its keep-alive; prolong.go the channel's life.
//   - calls.go: the requests about calls; invite.go the one that makes one.
//   - notify.go: notifications become signaling events; legs.go decides when
//     they may be handed over; end.go why a call ended.
//   - rest.go, endpoint.go, transport.go: one HTTP request and its answer;
//     problem.go: what a failure is called when it is shown to a person.
//
// # Goroutines
//
// A Session runs four: the keeper, the link (with one reader for each
// websocket), the channel's renewal and the queue of events. Each Invite adds
// one until its answer is in, so that a call given up in mid-request is still
// taken back; a Hangup that failed adds one that tries again. Close ends and
// joins all of them.
//
// # Secrets
//
// Passwords and tokens travel in request bodies, in the Authorization header
// and, as the protocol has it, in the websocket's query. The query is put on
// below the HTTP client (transport.go), so that no URL in an error or a log
// line ever holds it.
package kandy
