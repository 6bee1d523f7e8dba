// Package fec makes and uses parity packets, by which lost packets of a stream
// come back without a request: FlexFEC as browsers and Pion know it
// (draft-ietf-payload-flexible-fec-scheme-03, "flexfec-03" in session
// descriptions; RFC 8627 is a later form of it).
//
// Each parity packet is the exclusive or of some packets of a frame, which its
// mask names. Usual masks cut a frame into groups with one parity each: two
// losses in one group, or one and its parity's, are too many. Here each packet
// is protected by as many parities as it takes for any two packets to differ
// (code.go), so that two losses hardly ever are, and the Decoder solves the
// equations that the parities are.
//
// Header extensions that change while a packet is on its way to the wire are to
// be zero in what both ends put in, as libwebrtc has it: a packet's
// transport-wide number is given when it leaves, after its parity was made.
//
// Nothing in here has a clock, a goroutine or a lock: the caller keeps others
// out.
package fec
