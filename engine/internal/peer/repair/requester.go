package repair

import (
	"slices"
	"time"
)

// Bounds of a Requester. A far end can make holes at will.
const (
	// maxMissing is how many packets can be missing at a time: 200 ms at
	// 25 Mbit/s, or two seconds at 2.5 Mbit/s. After a longer hole only a key
	// frame helps.
	maxMissing = 512
	// maxTries is how often one packet is asked for. At 20 % loss in both
	// directions all ten fail for one packet in 27,000.
	maxTries = 10
	// maxAge is for how long a packet is asked for; in terms of round trips
	// where they are long.
	maxAge      = 500 * time.Millisecond
	maxAgeTrips = 4
	// batch is how far apart requests may be due that go out together.
	batch = 3 * time.Millisecond
	// maxAhead is how many packets a retransmission may be ahead of the stream.
	maxAhead = 64
)

// Limits of the waiting times.
const (
	minReorder = time.Millisecond      // lets through what was swapped in one burst
	maxReorder = 30 * time.Millisecond // more than that is a loss for the eye
	minTrip    = 5 * time.Millisecond  // timers and threads take that much
	maxTrip    = time.Second
	// firstTrip is assumed before anything is known: a call within one country.
	firstTrip = 80 * time.Millisecond
)

// Where parity comes, it is waited for: a request before it is one too many.
const (
	parityWait  = 25 * time.Millisecond  // from a gap to the parity of its frame
	parityRest  = 4 * time.Millisecond   // from the first parity of a frame to its last
	parityUsual = 300 * time.Millisecond // so long after the last one, another one is expected
)

// Requester says which packets of one stream are to be asked for again, and
// when. The zero value is ready.
type Requester struct {
	begun   bool
	highest int64     // extended sequence number
	missing []missing // in order of their numbers
	reorder time.Duration
	trip    tripMeter
	loss    float64 // share of packets that do not come at first, smoothed
	frame   keyFrame
	parity  time.Time // when one came last
}

// missing is a packet that has not come.
type missing struct {
	seq   int64
	since time.Time // the next packet came
	due   time.Time // to be asked for
	asked time.Time // last
	tries int
	echo  int // more times to say the same
}

// Way is how a packet came.
type Way int

// The ways.
const (
	Original  Way = iota // in the stream itself
	Repeated             // as a retransmission
	KeyStart             // Original, and the first packet of a key frame
	FrameEnds            // Original, and the last packet of its frame
	KeyWhole             // Original, and a key frame in one packet
	Recovered            // out of parity
)

// SetRoundTrip tells the round trip as RTCP has it. It is used until requests
// have been answered, which tells more: how long the far end takes, too.
func (r *Requester) SetRoundTrip(rtt time.Duration) { r.trip.hint = rtt }

// Received notes a packet that came.
func (r *Requester) Received(seq uint16, way Way, now time.Time) {
	if !r.begun {
		r.restart(int64(seq) + 1<<16)
		r.follow(r.highest, way)
		return
	}
	ext := r.highest + int64(int16(seq-uint16(r.highest)))
	switch {
	case (way == Repeated || way == Recovered) && ext > r.highest+maxAhead:
		return // a stray: the end of a frame may come as a retransmission first, no more
	case ext > r.highest+maxMissing:
		r.restart(ext)
	case ext > r.highest:
		r.reorder -= r.reorder / 512 // half after 350 packets in order
		r.loss -= r.loss / 256
		r.miss(ext-1, now)
		r.highest = ext
	default:
		if way == Original && ext < r.highest-1<<14 {
			r.restart(ext) // the source begins anew
		}
		r.filled(ext, way, now)
	}
	r.follow(ext, way)
}

// miss notes that packets up to seq have not come.
func (r *Requester) miss(seq int64, now time.Time) {
	wait := r.allowance()
	if now.Sub(r.parity) < parityUsual {
		wait = max(wait, min(parityWait, r.trip.estimate()/2))
	}
	for n := r.highest + 1; n <= seq; n++ {
		r.loss += (1 - r.loss) / 256
		r.missing = append(r.missing, missing{seq: n, since: now, due: now.Add(wait)})
	}
	r.highest = max(r.highest, seq)
	r.bound()
}

// Parity notes that a parity came which protects packets up to last, and that
// what it brought back has been told. What is still missing is to be asked for
// when the other parities of its frame have not helped either.
func (r *Requester) Parity(last uint16, now time.Time) {
	ext := r.highest + int64(int16(last-uint16(r.highest)))
	if !r.begun || ext > r.highest+maxAhead {
		return
	}
	r.parity = now
	r.miss(ext, now)
	for i := range r.missing {
		m := &r.missing[i]
		if m.seq > ext || m.tries > 0 {
			continue
		}
		due := now.Add(parityRest)
		if least := m.since.Add(r.allowance()); due.Before(least) {
			due = least
		}
		if due.Before(m.due) {
			m.due = due
		}
	}
}

func (r *Requester) restart(seq int64) {
	r.begun, r.highest = true, seq
	r.missing = r.missing[:0]
	r.frame = keyFrame{}
}

// allowance is how long a packet may be late before it counts as lost.
func (r *Requester) allowance() time.Duration {
	return min(max(r.reorder, minReorder), maxReorder, r.trip.estimate()/4)
}

// filled takes a hole off the list, and learns from how it was filled.
func (r *Requester) filled(seq int64, way Way, now time.Time) {
	i, ok := slices.BinarySearchFunc(r.missing, seq, func(m missing, seq int64) int { return int(m.seq - seq) })
	if !ok {
		return
	}
	m := r.missing[i]
	r.missing = slices.Delete(r.missing, i, i+1)
	if way == Recovered {
		return
	}
	if way == Repeated {
		if m.tries == 1 { // else it is not known which request was answered
			r.trip.add(now.Sub(m.asked))
		}
		return
	}
	// It was only late: be that patient with the next ones. Seldom delays are
	// not worth waiting for, hence not all of the difference at once.
	if late := now.Sub(m.since) * 5 / 4; late > r.reorder {
		r.reorder += (min(late, maxReorder) - r.reorder) / 3
	}
}

// bound forgets the oldest holes when there are too many.
func (r *Requester) bound() {
	if extra := len(r.missing) - maxMissing; extra > 0 {
		r.missing = slices.Delete(r.missing, 0, extra)
	}
}

// follow watches key frames. With a whole one there, nothing before it is of
// use any more.
func (r *Requester) follow(seq int64, way Way) {
	if !r.frame.add(seq, way) || r.holesFrom(r.frame.first, r.frame.last) {
		return
	}
	first := r.frame.first
	r.missing = slices.DeleteFunc(r.missing, func(m missing) bool { return m.seq < first })
	r.frame = keyFrame{}
}

func (r *Requester) holesFrom(first, last int64) bool {
	return slices.ContainsFunc(r.missing, func(m missing) bool { return m.seq >= first && m.seq <= last })
}

// Due appends the sequence numbers to ask for now to list, in order, and counts
// them as asked for.
func (r *Requester) Due(now time.Time, list []uint16) []uint16 {
	r.expire(now)
	if next := r.Next(); next.IsZero() || now.Before(next) {
		return list
	}
	for i := range r.missing {
		m := &r.missing[i]
		if m.due.Sub(now) > batch || (m.tries == 0 || m.echo > 0) && m.due.After(now) {
			continue
		}
		list = append(list, uint16(m.seq))
		if m.echo > 0 {
			m.echo--
		} else {
			m.tries++
			m.asked, m.echo = now, r.echoes()
		}
		if m.echo > 0 {
			m.due = now.Add(echoAfter)
		} else {
			m.due = m.asked.Add(r.patience(m.tries))
		}
	}
	return list
}

// Where packets get lost, requests do, too, and their loss costs a round trip.
// So they are said twice or three times; the far end answers once
// (History.Repeat).
const (
	echoFrom  = 0.01
	manyEchos = 0.06
	echoAfter = 5 * time.Millisecond
)

func (r *Requester) echoes() int {
	switch {
	case r.loss > manyEchos:
		return 2
	case r.loss > echoFrom:
		return 1
	}
	return 0
}

// patience is how long to wait for the answer to a request. From the third on it
// grows: answers may have become slow, which is not seen in those that could
// belong to more than one request.
func (r *Requester) patience(tries int) time.Duration {
	return min(r.trip.patience()*time.Duration(max(tries, 2))/2, maxTrip)
}

// expire gives up what was asked for too often or for too long.
func (r *Requester) expire(now time.Time) {
	age := max(maxAge, maxAgeTrips*r.trip.estimate())
	r.missing = slices.DeleteFunc(r.missing, func(m missing) bool {
		return m.tries >= maxTries && !now.Before(m.due) || now.Sub(m.since) > age
	})
}

// Next is when Due has something, or the zero time if nothing is missing.
func (r *Requester) Next() time.Time {
	var next time.Time
	for i := range r.missing {
		if m := &r.missing[i]; next.IsZero() || m.due.Before(next) {
			next = m.due
		}
	}
	return next
}

// Missing is how many packets are waited for.
func (r *Requester) Missing() int { return len(r.missing) }
