package linksim

import (
	"math/rand/v2"
	"time"
)

// Profile is how a line behaves, in one direction.
type Profile struct {
	Delay   time.Duration // for all
	Jitter  time.Duration // on top, between 0 and that, evenly
	Reorder bool          // late packets are overtaken, as netem does it; else they hold up the others
	Loss    float64       // share of packets lost at random, 0 to 1
	RateBPS int           // of the narrowest part, with IP and UDP headers; 0 for no limit
	Queue   time.Duration // in front of it, as time at its rate; what comes to a full queue is dropped. 0 is 300 ms
}

// headers are IPv4 and UDP.
const headers = 28

const usualQueue = 300 * time.Millisecond

// Link is a line. It is for one goroutine.
type Link struct {
	profile Profile
	random  *rand.Rand
	busy    time.Time // until then the narrow part has work
	last    time.Time // arrival of the latest packet

	Sent, Dropped int // packets
	Bytes         int // sent, with headers
}

// NewLink makes a line. The same seed gives the same chances.
func NewLink(p Profile, seed uint64) *Link {
	return &Link{profile: p, random: rand.New(rand.NewPCG(seed, 1))}
}

// Change makes another line of it. What is on the way stays so.
func (l *Link) Change(p Profile) { l.profile = p }

// Send gives the time of arrival of a packet of so many bytes of UDP payload,
// that leaves now; ok is false if it gets lost.
func (l *Link) Send(size int, now time.Time) (arrival time.Time, ok bool) {
	p := l.profile
	l.Sent++
	l.Bytes += size + headers
	// Both are drawn in any case: a loss must not shift all other chances.
	lost, late := l.random.Float64() < p.Loss, time.Duration(l.random.Float64()*float64(p.Jitter))
	if p.RateBPS > 0 {
		queue := p.Queue
		if queue == 0 {
			queue = usualQueue
		}
		if l.busy.Before(now) {
			l.busy = now
		}
		took := time.Duration(float64(size+headers) * 8 / float64(p.RateBPS) * float64(time.Second))
		if l.busy.Add(took).Sub(now) > queue {
			l.Dropped++
			return time.Time{}, false
		}
		l.busy = l.busy.Add(took)
		now = l.busy
	}
	if lost {
		l.Dropped++
		return time.Time{}, false
	}
	arrival = now.Add(p.Delay + late)
	if !p.Reorder && arrival.Before(l.last) {
		arrival = l.last
	}
	l.last = arrival
	return arrival, true
}
