package repair

import (
	"math"
	"time"

	"tring/engine/internal/peer/fec"
)

// Redundancy says how much more than the lost packets themselves goes out, where
// many are lost and the path has room.
//
// On a path that loses each tenth packet, each hundredth is lost together with
// its retransmission and comes after two more round trips: at nine packets a
// frame that is each tenth frame. A second copy costs as much as the loss itself
// and makes it each hundredth. And the loss of a frame's last packet is noticed
// only when the next frame comes, so that goes out twice at once.
//
// All of that is second best to parity (package fec), where the far end takes
// it: what is lost comes back without a round trip, the end of a frame as well.
type Redundancy struct {
	share     float64 // of packets lost, smoothed
	seen      int     // packets that it is of, up to memory
	lossy     bool    // more than usual is lost
	protected bool    // the far end takes parity
	trouble   time.Time
}

const (
	// memory is of how many packets the share of loss is: at 2.5 Mbit/s those of
	// three seconds.
	memory = 1024
	// unsure stands for packets that were not lost, at the beginning.
	unsure = 64

	// after is how long after a queue on the way losses are still told of that it
	// has caused.
	after = time.Second

	// Shares of loss from which on more goes out, and up to which it stays so.
	// Below, congestion may be the cause, which more packets make worse.
	lossyFrom  = 0.015
	lossyUntil = 0.008
	thriceFrom = 0.08
)

// Protect says whether the far end takes parity.
func (r *Redundancy) Protect(on bool) { r.protected = on }

// Note takes what became of packets. What is lost while something queues on the
// way tells nothing: it did not fit in.
func (r *Redundancy) Note(packets, lost int, calm bool, now time.Time) {
	if !calm {
		r.trouble = now
	}
	if now.Sub(r.trouble) < after {
		return
	}
	for i := range min(packets, 4096) {
		r.seen = min(r.seen+1, memory-unsure)
		if r.share -= r.share / float64(r.seen+unsure); i < lost {
			r.share += 1 / float64(r.seen+unsure)
		}
	}
	r.lossy = r.share >= lossyFrom || r.lossy && r.share > lossyUntil
}

// Copies is how often a retransmission goes out. calm says that nothing queues
// on the way.
func (r *Redundancy) Copies(calm bool) int {
	switch {
	case !calm || !r.lossy:
		return 1
	case r.share >= thriceFrom:
		return 3
	}
	return 2
}

// Tail is how many packets at the end of a frame of so many go out twice.
func (r *Redundancy) Tail(packets int, calm bool) int {
	if !calm || !r.lossy || r.protected {
		return 0
	}
	return min(1+packets/8, packets)
}

// Parity is how many parities a frame of so many packets gets: so many that
// about a frame of fifty needs a retransmission, which costs little by then. At
// 5 % loss that is three for nine packets, at 10 % four.
func (r *Redundancy) Parity(packets int, calm bool) int {
	const (
		misses = 0.02
		least  = 0.25 // of the packets, at most, and twice the share that is lost
	)
	if !calm || !r.lossy || !r.protected {
		return 0
	}
	most := math.Round((least + 2*r.share) * float64(packets))
	return fec.Parities(packets, r.share, misses, max(int(most), 1))
}
