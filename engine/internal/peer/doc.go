// Package peer carries a call's media: it makes and takes session descriptions
// (SDP), keeps the transports under them, and moves RTP in and out. It stands
// on Pion and uses no cgo, so that programs without codecs can use it too.
//
// # One face over two kinds of peer
//
// Some far ends send audio and video over one transport (BUNDLE, RFC 9143),
// some over one each. Pion carries one transport per PeerConnection. A Conn
// hides that: it holds one PeerConnection for a bundling far end and one per
// media section for the other kind, and cuts and joins their session
// descriptions. Whether the callee bundles is not known when it is called, so
// the first offer is "balanced" (RFC 9429 section 4.1.1): the group is offered,
// and the video section has a transport of its own, lent by a stand-by
// PeerConnection.
//
// # Directions are text
//
// Pion always sees sendrecv. Hold, adding and removing video live in the text
// that goes over the wire and in whether RTP is written. Pion stops a
// transceiver for good when it sees inactive, and would answer a later unhold
// recvonly.
//
// # The way through the files
//
//   - conn.go, offer.go, accept.go, answer.go: the public face and the order of steps.
//   - session.go, section.go, transport.go: what belongs to one far end: its
//     sections and the PeerConnections under them. A far end that is replaced
//     in mid-call (transfer) gets a new session.
//   - sdp_*.go: text only, no Pion: split and join, bounds and checks, what
//     Pion is shown of the far end, what the far end is shown of Pion.
//   - outbound.go, vp8.go, dtmf.go: sending. inbound.go: receiving.
//   - meter.go, stats.go: counting.
//   - link.go: what the transports to one far end share in repair (packages
//     repair and fec: repair_interceptor.go, repair_responder.go, parity_in.go,
//     media_buffer.go, sdp_parity.go) and in congestion
//     control (package congestion: pace_interceptor.go for what we send,
//     feedback_interceptor.go and control_buffer.go for what is said of it).
//   - factory.go, kick.go: how Pion is set up, and how its ICE agent is kept
//     from idling.
//
// # Losses and narrow paths
//
// Video leaves in a measured step and is numbered; the far end's feedback on
// each packet says how much the path carries, and Handlers.OnTargetRate tells
// the encoder. What is lost is asked for and sent again as retransmissions of
// RFC 4588; between two of us parity (package fec) brings most of it back before.
// Sound passes by all that. ARCHITECTURE.md has the figures.
//
// # Threads
//
// All methods of Conn may be called from any goroutine; steps of negotiation
// wait for one another. Handlers are called from one goroutine of the Conn, in
// order, and never after Close has returned; they must not call Close.
package peer
