package repair

// Redundancy says how much more than the lost packets themselves goes out, where
// many are lost and the path has room.
//
// On a path that loses each tenth packet, each hundredth is lost together with
// its retransmission and comes after two more round trips: at nine packets a
// frame that is each tenth frame. A second copy costs as much as the loss itself
// and makes it each hundredth. And the loss of a frame's last packet is noticed
// only when the next frame comes, so that goes out twice at once.
type Redundancy struct {
	share float64 // of packets lost, smoothed
}

// Shares of loss from which on more goes out. Below, congestion may be the
// cause, which more packets make worse.
const (
	twiceFrom  = 0.015
	thriceFrom = 0.08
)

// Note takes what became of packets.
func (r *Redundancy) Note(packets, lost int) {
	for range min(packets-lost, 4096) {
		r.share -= r.share / 256
	}
	for range min(lost, 4096) {
		r.share += (1 - r.share) / 256
	}
}

// Copies is how often a retransmission goes out. calm says that nothing queues
// on the way.
func (r *Redundancy) Copies(calm bool) int {
	switch {
	case calm && r.share >= thriceFrom:
		return 3
	case calm && r.share >= twiceFrom:
		return 2
	}
	return 1
}

// Tail is how many packets at the end of a frame of so many go out twice.
func (r *Redundancy) Tail(packets int, calm bool) int {
	if !calm || r.share < twiceFrom {
		return 0
	}
	return min(1+packets/8, packets)
}
