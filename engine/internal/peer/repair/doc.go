// Package repair gets lost packets back: it decides which packets of a stream
// to ask for again and when (Requester, generic NACK of RFC 4585 section
// 6.2.1), and keeps what was sent for those who ask here (History), to be sent
// again as retransmissions of RFC 4588.
//
// The ready-made interceptors of Pion look for gaps at a fixed interval and ask
// for each gap every time until it is filled. At 100 ms a loss costs a visible
// gap, at 10 ms the same packet is asked for five times in one round trip of
// 50 ms and comes five times. Here a gap is asked for at once, and again when
// the answer is overdue by what answers have taken so far. BenchmarkPath of
// package peer compares them.
//
// Nothing in here has a clock, a goroutine or a lock: the caller brings the
// time and keeps others out.
package repair
