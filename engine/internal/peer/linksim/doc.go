// Package linksim simulates lines: what gets lost, late, out of order or stuck
// behind something slow on the way. It is for tests and benchmarks.
//
//   - Link says of each packet when it arrives. It is deterministic: a seed and
//     the times of sending give the same losses and delays each time.
//   - Clock runs events in virtual time, so that a minute of a call takes
//     milliseconds.
//   - Call simulates one direction of video between our own sender and
//     receiver, with feedback and requests the other way, on a Clock.
//   - Shaper puts a Link between real sockets, in real time.
package linksim
