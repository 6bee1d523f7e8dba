package audio

// delayTracker decides how far behind the fastest packets play-out should run.
// All times are in samples at 48 kHz.
//
// It keeps the smallest and the largest transit time of the last ten seconds
// in one-second buckets. Their difference is the delay that would have let
// every packet arrive in time: it is adopted at once when it rises and approached
// slowly when it falls.
//
// On a path where packets come at an even pace this is next to nothing. So that
// one that is even but for a hiccup now and then does not lose sound at each of
// them, the target also has a floor: usualTarget at first and after a loss, what
// would have been enough after a hiccup, and minTarget only once the path has
// been calm for long enough, which is longer after each time that it was not.
type delayTracker struct {
	buckets [delayBuckets]struct{ least, most int64 }
	filled  int
	at      int   // bucket in use
	ends    int64 // when it is full
	target  int64
	shrunk  int64 // when target was last looked at for shrinking
	lossy   int64 // until when one more frame is kept for FEC
	losses  [2]int64
	burst   int64 // until when packets are those that a cut held up

	floor     int64 // target is no less
	floorEnds int64 // until then
	floorHold int64 // how long one is held that a hiccup has set; 0 before the first
}

const (
	delayBuckets  = 10
	bucketSamples = sampleRate

	minTarget     = 5 * millisecond
	usualTarget   = 20 * millisecond
	maxTarget     = 200 * millisecond
	initialTarget = 40 * millisecond
	targetMargin  = 3 * millisecond // scheduling of our own threads
	outage        = 2 * maxTarget   // later than this is a cut, not jitter: no delay mends it
	burstTime     = sampleRate / 2
	shrinkPace    = 100 // target falls by 1/shrinkPace of the time that passes
	lossMemory    = 10 * sampleRate

	floorFirst = 5 * sampleRate // from the first packet on
	floorLeast = 60 * sampleRate
	floorMost  = 16 * floorLeast
)

// reset forgets the transit times, whose base changed; what was learned about
// the spread stays as the target and its floor.
func (d *delayTracker) reset() {
	d.filled, d.at, d.ends, d.burst = 0, 0, 0, 0
	if d.target == 0 {
		d.target = initialTarget
	}
}

// observe notes that a packet took transit (on a clock of unknown base).
func (d *delayTracker) observe(transit, now int64) {
	if d.filled == 0 {
		d.filled, d.at, d.ends = 1, 0, now+bucketSamples
		d.buckets[0].least, d.buckets[0].most = transit, transit
		d.shrunk = now
		if d.floorEnds < now+floorFirst {
			d.floor, d.floorEnds = usualTarget, now+floorFirst
		}
		return
	}
	if transit-d.fastest() > outage {
		d.burst = now + burstTime
	}
	if now < d.burst { // held up by the cut as well, each one less than the one before
		return
	}
	b := &d.buckets[d.at]
	if now >= d.ends {
		d.at = (d.at + 1) % delayBuckets
		d.filled = min(d.filled+1, delayBuckets)
		d.ends = now + bucketSamples
		b = &d.buckets[d.at]
		b.least, b.most = transit, transit
	}
	b.least, b.most = min(b.least, transit), max(b.most, transit)
	switch late := transit - d.fastest(); {
	case late > d.target:
		d.hiccup(late+targetMargin, now)
	case late > d.floor/2 && now < d.floorEnds: // it is still needed
		d.floorEnds = max(d.floorEnds, now+d.floorHold)
	}
	d.retarget(now)
}

// hiccup notes that a target of enough was needed just now.
func (d *delayTracker) hiccup(enough, now int64) {
	enough = min(enough, usualTarget)
	switch {
	case now < d.floorEnds: // not even that was enough, or it is confirmed
		enough = max(enough, d.floor)
	case d.floorHold > 0 && now < d.floorEnds+d.floorHold: // it was left too early
		d.floorHold = min(2*d.floorHold, floorMost)
	}
	d.floorHold = max(d.floorHold, floorLeast)
	d.floor, d.floorEnds = enough, now+d.floorHold
}

// fastest is the least transit time of the window; 0 before the first packet.
func (d *delayTracker) fastest() int64 {
	least := d.buckets[0].least
	for _, b := range d.buckets[:d.filled] {
		least = min(least, b.least)
	}
	if d.filled == 0 {
		return 0
	}
	return least
}

func (d *delayTracker) retarget(now int64) {
	most := d.buckets[0].most
	for _, b := range d.buckets[:d.filled] {
		most = max(most, b.most)
	}
	want := most - d.fastest()
	if now < d.lossy {
		want += frameSamples // the next packet, with the copy of a lost one, must be here
	} else {
		want += targetMargin
	}
	least := int64(minTarget)
	if now < d.floorEnds {
		least = d.floor
	}
	want = min(max(want, least), maxTarget)
	fall := (now - d.shrunk) / shrinkPace
	switch {
	case want >= d.target:
		d.target, d.shrunk = want, now
	case d.filled < 3: // too early to tell that it is calm
		d.shrunk = now
	case fall > 0:
		d.target, d.shrunk = max(want, d.target-fall), now
	}
}

// lost notes a packet that was not there when it was due. Two within ten
// seconds mean a network on which waiting for the next packet's copy pays.
func (d *delayTracker) lost(now int64) {
	d.losses[0], d.losses[1] = d.losses[1], now
	if d.losses[0] != 0 && now-d.losses[0] < lossMemory {
		d.lossy = now + lossMemory
	}
	d.hiccup(usualTarget, now) // with which the copy often is in time
}
