package audio

// stepKind is what plays next.
type stepKind int

const (
	stepSilence stepKind = iota // no stream: nothing arrived yet, or not for a second
	stepPlay                    // a packet
	stepRecover                 // the packet before this one, from the copy in it (RFC 6716 §2.1.7)
	stepConceal                 // something is missing
	stepComfort                 // the sender is silent and sends nothing (DTX)
)

// step is one piece of sound to make.
type step struct {
	kind    stepKind
	samples int    // how long it is
	payload []byte // of stepPlay and stepRecover; valid until the next step
	splice  bool   // sound before it was left out: cross-fade
	excess  int64  // how much longer than needed the delay is, in samples; negative if too short
}

// playhead walks along the RTP time of one stream and says, piece by piece,
// what to play. It belongs to the jitter buffer and is guarded as that is.
type playhead struct {
	jitter  jitterBuffer
	playing bool
	cursor  int64 // RTP time up to which packets were played
	filled  int64 // samples made up since, which the RTP time did not move on for
	usual   int   // length of the last packet
	quiet   bool  // the last packet announced a pause (DTX)
	gap     bool  // the loss at the cursor was counted
	scratch []byte

	low, lowBefore int64 // smallest delay of this and the last half second
	lowEnds        int64

	lost      uint64 // packets that were not there when due
	recovered uint64 // of them, by their copy
	concealed int64  // samples
}

const (
	fillSamples  = blockSamples // what is made up at a time
	opusGrain    = 120          // 2.5 ms: what Opus can conceal is a multiple of it
	quietPayload = 2            // bytes: no longer packet means DTX (RFC 7587 §3.1.3, RFC 6716 §2.1.9)
	idleAfter    = sampleRate   // nothing for this long: the stream has paused
	lowWindow    = sampleRate / 2
	tooLate      = 200 * millisecond // so much over the target is skipped, not played faster
)

// insert takes a packet that arrived now. A stream that restarts is played from
// its beginning, after the usual wait.
func (h *playhead) insert(a arrival, now int64) verdict {
	v := h.jitter.insert(a, now)
	if v == restarted {
		h.playing = false
	}
	return v
}

// next decides on the next piece, which is needed now: what was decoded before
// does not fill the block that is being mixed.
func (h *playhead) next(now int64) step {
	if !h.playing && !h.start(now) {
		return step{kind: stepSilence, samples: fillSamples}
	}
	h.watchDelay(now)
	p, missing := h.jitter.head()
	if p == nil {
		return h.starve()
	}
	splice := false
	if h.delayAt(p.ts, now) > h.jitter.delay.target+tooLate {
		if q := h.catchUp(p, now); q != p {
			p, missing, splice = q, 0, true
		}
	}
	gap := p.ts - h.cursor // of RTP time, to p
	switch rest := gap - h.filled; {
	case missing > 0 && rest >= opusGrain:
		return h.bridgeLoss(p, missing, gap, now)
	case rest-max(0, h.excess()) >= opusGrain:
		return h.fill(stepComfort, rest)
	}
	return h.play(p, missing, splice, now)
}

// start begins with the first packet once it has waited for the target delay.
func (h *playhead) start(now int64) bool {
	p, _ := h.jitter.head()
	if p == nil || h.delayAt(p.ts, now) < h.jitter.delay.target {
		return false
	}
	h.jitter.skipTo(p)
	h.playing = true
	h.cursor, h.filled, h.usual, h.quiet, h.gap = p.ts, 0, p.samples, false, false
	h.resetLow(now, h.delayAt(p.ts, now))
	return true
}

// starve fills the time until something arrives.
func (h *playhead) starve() step {
	if h.filled >= idleAfter {
		h.stop()
		return step{kind: stepSilence, samples: fillSamples}
	}
	if h.quiet {
		return h.fill(stepComfort, fillSamples)
	}
	return h.fill(stepConceal, fillSamples)
}

// stop forgets the stream; whatever arrives next begins a new one.
func (h *playhead) stop() {
	h.playing = false
	h.jitter.clear()
}

// bridgeLoss leads over missing packets to p, gap samples after the cursor.
func (h *playhead) bridgeLoss(p *packet, missing int, gap, now int64) step {
	if !h.gap {
		h.gap = true
		h.jitter.delay.lost(now)
	}
	lossEnds := min(gap, int64(missing)*int64(h.usual))
	rest := gap - h.filled
	switch {
	case h.filled >= lossEnds: // lost packets and, after them, a pause
		return h.fill(stepComfort, rest)
	case lossEnds == gap && rest == int64(p.samples) && carriesCopy(p.payload):
		h.recovered++
		h.filled += rest
		h.scratch = append(h.scratch[:0], p.payload...)
		return step{kind: stepRecover, samples: p.samples, payload: h.scratch, excess: h.excess()}
	case h.quiet:
		return h.fill(stepComfort, rest)
	}
	return h.fill(stepConceal, rest)
}

// fill makes up to 10 ms of at most rest.
func (h *playhead) fill(kind stepKind, rest int64) step {
	n := int(min(fillSamples, rest+opusGrain-1)) / opusGrain * opusGrain
	h.filled += int64(n)
	if kind == stepConceal {
		h.concealed += int64(n)
	}
	return step{kind: kind, samples: n, excess: h.excess()}
}

func (h *playhead) play(p *packet, missing int, splice bool, now int64) step {
	// Numbers without time of their own (telephone-event that somebody else took
	// out, RFC 4733) were no sound.
	if gap := p.ts - h.cursor; gap > 0 {
		h.lost += uint64(min(int64(missing), (gap+int64(h.usual)-1)/int64(h.usual)))
	}
	// What was made up beyond the gap has made the delay longer for good.
	h.shiftLow(h.filled - (p.ts - h.cursor))
	h.cursor, h.filled, h.gap = p.ts+int64(p.samples), 0, false
	h.usual, h.quiet = p.samples, len(p.payload) <= quietPayload
	s := step{kind: stepPlay, samples: p.samples, splice: splice}
	if splice {
		h.resetLow(now, h.delayAt(p.ts, now))
	}
	h.scratch = h.jitter.take(p, h.scratch)
	s.payload, s.excess = h.scratch, h.excess()
	return s
}

// follow takes the packet right after the one that was taken last, if it waits and
// the two are a frame at most: two short ones are decoded together, since periods
// are found in them that are too long for one. samples is 0 where there is none.
func (h *playhead) follow() (payload []byte, samples int) {
	p, missing := h.jitter.head()
	if p == nil || missing > 0 || p.ts != h.cursor || h.usual+p.samples > frameSamples {
		return nil, 0
	}
	samples = p.samples
	h.cursor += int64(samples)
	h.quiet = len(p.payload) <= quietPayload
	h.scratch = h.jitter.take(p, h.scratch)
	return h.scratch, samples
}

// catchUp gives up packets that are so late that playing them would keep the
// delay far too long, and returns the one to go on with.
func (h *playhead) catchUp(p *packet, now int64) *packet {
	for {
		q := h.jitter.after(p)
		if q == nil || h.delayAt(q.ts, now) < h.jitter.delay.target {
			h.jitter.skipTo(p)
			return p
		}
		p = q
	}
}

// delayAt is how far behind the fastest packets play-out would be if ts were
// played now.
func (h *playhead) delayAt(ts, now int64) int64 {
	return now - ts - h.jitter.delay.fastest()
}

// watchDelay keeps the smallest delay of the last half to whole second at which
// a packet was needed: a device that takes much at a time makes the delay a
// saw-tooth, and packets must be in time for its lowest point. What is decoded
// and not yet played does not count: the packet after it has to be there already.
func (h *playhead) watchDelay(now int64) {
	d := h.delayAt(h.cursor+h.filled, now)
	if now >= h.lowEnds {
		h.lowBefore, h.low, h.lowEnds = h.low, d, now+lowWindow
	}
	h.low = min(h.low, d)
}

func (h *playhead) resetLow(now, d int64) {
	h.low, h.lowBefore, h.lowEnds = d, d, now+lowWindow
}

func (h *playhead) shiftLow(by int64) {
	h.low += by
	h.lowBefore += by
}

// excess is how much the delay exceeds what is needed.
func (h *playhead) excess() int64 { return min(h.low, h.lowBefore) - h.jitter.delay.target }

// carriesCopy tells whether an Opus packet holds a copy of the one before: the
// LBRR flag of its first SILK frame, RFC 6716 §4.2.4. Only packets of one frame
// are looked at; others are seldom and are concealed.
func carriesCopy(payload []byte) bool {
	if len(payload) < 2 {
		return false
	}
	config := payload[0] >> 3
	if config >= 16 || payload[0]&3 != 0 { // CELT only, or more frames
		return false
	}
	silkFrames := 1
	if config < 12 && config&3 >= 2 {
		silkFrames = int(config & 3) // 40 ms: two, 60 ms: three
	}
	return payload[1]>>(7-silkFrames)&1 == 1
}
