package congestion

import "time"

// Estimator says how much may be sent.
type Estimator interface {
	// Feedback takes what became of packets.
	Feedback(r *Report, now time.Time)
	// Loss takes the share of packets that a receiver report gives as lost, for
	// far ends that give no feedback on each packet.
	Loss(share float64, now time.Time)
	// Tick is called now and then, at least every 100 ms while packets leave.
	// sending is what leaves, in bits a second, and waiting for how long the
	// oldest packet has been under way that no feedback has told of.
	Tick(sending int, waiting time.Duration, now time.Time)

	// SetMax changes the upper limit, in bits a second.
	SetMax(bps int)
	// Target is how much may leave in the mean, in bits a second, with RTP
	// headers and retransmissions, without IP and UDP.
	Target() int
	// Calm reports whether nothing queues on the way: what is lost then is not
	// lost by congestion.
	Calm() bool
	// Reserve is how many bytes of retransmissions may go out at once.
	Reserve() int
	// Pace is how fast packets may follow one another when that many bytes
	// wait, in bits a second; 0 while none may leave.
	Pace(waiting int) int
	// Ruined reports, once, that the path has become so narrow at once that
	// pictures were lost by the dozen: what is missing would arrive long after
	// a picture that begins anew.
	Ruined() bool
	// Probe says that the path is to be tried with a burst. It counts as begun.
	Probe(now time.Time) (Probe, bool)
}

// Probe is a burst of packets that finds out whether a path can take more: so
// many bytes at such a rate, of what waits anyway and of retransmissions.
type Probe struct {
	Cluster int // its number, above 0
	RateBPS int
	Bytes   int
}

// Limits of an Estimator in bits a second.
type Limits struct {
	Start int // before anything is known
	Min   int // however bad the path is
	Max   int // more is not of use
}

// StartBPS is what a call begins with: enough for a small picture, not too much
// for most lines.
const StartBPS = 600_000

// MinBPS keeps a picture alive, in some sense, next to the sound.
const MinBPS = 50_000
