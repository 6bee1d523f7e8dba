// Package congestion finds out how much may be sent over a path, and spreads
// over time what is sent.
//
//	packets ─ Pacer ─ Ledger (numbers them) ─ wire
//	                    │ feedback of the far end
//	                    └→ Report → Estimator ─┬→ bit rate for the encoder
//	                                           ├→ rate for the Pacer
//	                                           └→ probes
//
// The estimator of package gcc of Pion was measured first. It drops all
// retransmissions (its pacer knows only the main stream), grows without limit
// when little is sent, never probes, so that it climbs at 8 % a second, and
// takes random jitter for queues. Path is ours: see its comment for how it
// works. BenchmarkPath of package peer compares the two over simulated lines.
//
// Nothing in here has a clock, a goroutine or a lock: the caller brings the
// time and keeps others out.
package congestion
