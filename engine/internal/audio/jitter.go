package audio

// packet is one RTP packet as the jitter buffer keeps it.
type packet struct {
	seq     int64 // extended: continues over 65535
	ts      int64 // extended: continues over 2^32; in samples
	samples int   // how long it plays; 0 for one that carries no sound for us
	payload []byte
	state   slotState
}

type slotState uint8

const (
	slotEmpty slotState = iota
	slotWaiting
	slotTaken // played; kept so that a duplicate is known as one
)

const (
	jitterSlots     = 256  // packets: over 0.6 s of the shortest, 5 s of usual ones
	maxPayload      = 1500 // bytes
	maxSeqJump      = 1000 // packets that may be lost or reordered at once
	maxEarly        = sampleRate / 2
	maxLate         = 5 * sampleRate
	probationSpread = sampleRate / 5
)

// verdict says what became of a packet.
type verdict int

const (
	accepted verdict = iota
	duplicate
	late      // its time is over
	suspect   // does not fit the stream; taken if the next one fits it (RFC 3550 A.1)
	malformed // too large, or not Opus
	restarted // accepted as the first of a new stream
)

// jitterBuffer puts packets back in order. It holds a fixed number of slots,
// whatever the network sends, and knows no goroutine and no clock: now is
// passed in, in samples.
type jitterBuffer struct {
	slots   [jitterSlots]packet
	waiting int // slots in state slotWaiting

	started bool
	ssrc    uint32
	high    int64 // highest seq so far
	highTS  int64 // its ts
	next    int64 // seq that plays next
	delay   delayTracker

	probation struct {
		on      bool
		ssrc    uint32
		seq     uint16
		transit int32
	}
	discarded uint64 // waited, but there was no room or no time for them
}

// arrival is what insert looks at of an RTP packet.
type arrival struct {
	ssrc    uint32
	seq     uint16
	ts      uint32
	samples int    // as packet.samples
	payload []byte // copied
}

// insert takes a packet that arrived now.
func (j *jitterBuffer) insert(a arrival, now int64) verdict {
	if len(a.payload) > maxPayload || a.samples < 0 || a.samples > maxDecodedSamples {
		return malformed
	}
	if !j.started {
		if a.samples == 0 {
			return suspect
		}
		j.restart(a)
		j.store(a, j.high, j.highTS, now)
		return restarted
	}
	seq := j.high + int64(int16(a.seq-uint16(j.high)))
	ts := j.highTS + int64(int32(a.ts-uint32(j.highTS)))
	if !j.plausible(a, seq, ts, now) {
		return j.suspicious(a, now)
	}
	j.probation.on = false
	old := &j.slots[seq&(jitterSlots-1)]
	switch {
	case old.state != slotEmpty && old.seq == seq:
		return duplicate
	case seq < j.next:
		j.observe(a.samples, ts, now)
		return late
	}
	j.store(a, seq, ts, now)
	return accepted
}

func (j *jitterBuffer) plausible(a arrival, seq, ts, now int64) bool {
	if a.ssrc != j.ssrc || seq-j.high > maxSeqJump || j.high-seq > maxSeqJump {
		return false
	}
	if a.samples == 0 {
		return true // times of other payloads may stand still (RFC 4733 §2.1)
	}
	transit := now - ts - j.delay.fastest()
	return transit >= -maxEarly && transit <= maxLate
}

// suspicious handles a packet whose number, time or source does not fit: two
// that fit each other are a source that restarted, a single one is a stray.
func (j *jitterBuffer) suspicious(a arrival, now int64) verdict {
	p := &j.probation
	transit := int32(uint32(now) - a.ts)
	if a.samples == 0 {
		return suspect
	}
	if p.on && p.ssrc == a.ssrc && a.seq == p.seq+1 && abs32(transit-p.transit) < probationSpread {
		j.restart(a)
		j.store(a, j.high, j.highTS, now)
		return restarted
	}
	p.on, p.ssrc, p.seq, p.transit = true, a.ssrc, a.seq, transit
	return suspect
}

// restart forgets the stream so far and begins a new one with a.
func (j *jitterBuffer) restart(a arrival) {
	j.clear()
	j.started = true
	j.ssrc = a.ssrc
	j.high, j.highTS = int64(a.seq), int64(a.ts)
	j.next = j.high
	j.delay.reset()
}

// clear empties the buffer; the next packet begins a new stream.
func (j *jitterBuffer) clear() {
	for i := range j.slots {
		j.slots[i].state = slotEmpty
	}
	j.waiting = 0
	j.started, j.probation.on = false, false
}

func (j *jitterBuffer) store(a arrival, seq, ts, now int64) {
	j.observe(a.samples, ts, now)
	for seq-j.next >= jitterSlots { // no room: the oldest give way
		j.drop(j.next)
		j.next++
	}
	p := &j.slots[seq&(jitterSlots-1)]
	p.seq, p.ts, p.samples, p.state = seq, ts, a.samples, slotWaiting
	p.payload = append(p.payload[:0], a.payload...)
	j.waiting++
	if seq > j.high {
		j.high, j.highTS = seq, ts
	}
}

// observe tells the delay tracker of a packet that carries sound.
func (j *jitterBuffer) observe(samples int, ts, now int64) {
	if samples > 0 {
		j.delay.observe(now-ts, now)
	}
}

// drop forgets the packet seq if it waits.
func (j *jitterBuffer) drop(seq int64) {
	if p := &j.slots[seq&(jitterSlots-1)]; p.state == slotWaiting && p.seq == seq {
		p.state = slotTaken
		j.waiting--
		if p.samples > 0 {
			j.discarded++
		}
	}
}

// head is the first packet with sound that waits, and how many before it are
// missing. Packets without sound at the front are passed over: they are not
// lost.
func (j *jitterBuffer) head() (p *packet, missing int) {
	if j.waiting == 0 {
		return nil, 0
	}
	for seq := j.next; seq <= j.high && seq < j.next+jitterSlots; seq++ {
		p := &j.slots[seq&(jitterSlots-1)]
		switch {
		case p.state != slotWaiting || p.seq != seq:
			missing++
		case p.samples == 0 && missing == 0:
			p.state = slotTaken
			j.waiting--
			j.next++
		case p.samples > 0:
			return p, missing
		}
	}
	return nil, 0
}

// after is the first packet with sound after p; nil if none waits.
func (j *jitterBuffer) after(p *packet) *packet {
	for seq := p.seq + 1; seq <= j.high && seq < j.next+jitterSlots; seq++ {
		if q := &j.slots[seq&(jitterSlots-1)]; q.state == slotWaiting && q.seq == seq && q.samples > 0 {
			return q
		}
	}
	return nil
}

// skipTo gives up everything before p.
func (j *jitterBuffer) skipTo(p *packet) {
	for ; j.next < p.seq; j.next++ {
		j.drop(j.next)
	}
}

// take removes p, which is at the front or has only missing ones before it, and
// swaps its payload with spare, so that nothing is copied.
func (j *jitterBuffer) take(p *packet, spare []byte) (payload []byte) {
	j.skipTo(p)
	j.next = p.seq + 1
	p.state = slotTaken
	j.waiting--
	payload, p.payload = p.payload, spare[:0]
	return payload
}

// span is how much sound waits from ts cursor on.
func (j *jitterBuffer) span(cursor int64) int64 {
	if j.waiting == 0 {
		return 0
	}
	var end int64
	for seq := j.next; seq <= j.high && seq < j.next+jitterSlots; seq++ {
		if p := &j.slots[seq&(jitterSlots-1)]; p.state == slotWaiting && p.seq == seq && p.samples > 0 {
			end = max(end, p.ts+int64(p.samples))
		}
	}
	return max(0, min(end-cursor, maxLate))
}

func abs32(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}
