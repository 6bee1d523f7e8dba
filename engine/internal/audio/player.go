package audio

// decoder is what a player needs of codec.OpusDecoder.
type decoder interface {
	Decode(packet []byte, pcm []float32) (samples int, err error)
	DecodeFEC(packet []byte, pcm []float32) error
	Conceal(pcm []float32) error
	Close() error
}

// steps is where a player asks what to play; it locks the playhead.
type steps interface {
	next(now int64) step
	follow() (payload []byte, samples int) // what comes right after it and is there
	stretched(by int64)                    // what was decoded last lets the next packet be needed so much later
}

// player turns one stream's steps into blocks of sound. It belongs to the
// mixer's goroutine.
type player struct {
	steps   steps
	decoder decoder
	stretch stretcher

	// fifo[:held] is decoded and not played. Room for the longest packet, one
	// period more and a rest of less than a block.
	fifo  [maxDecodedSamples + maxLag + blockSamples]float32
	held  int
	part  int   // how much is pulled at a time
	taken int64 // how much a device takes at a time, and so is pulled at once; 0 is 10 ms

	gain     float32 // of the end of the fifo; 0 when faded out
	madeUp   int     // samples since the last packet
	stretchT int64   // when the delay was last changed
	first    bool    // a packet has been played
	broken   uint64  // packets the decoder refused
}

const (
	concealFull = 100 * millisecond // made-up sound stays at full level so long
	concealFade = 50 * millisecond  // and is gone after so much more
	fadeIn      = 5 * millisecond

	tooShort    = 2*millisecond + millisecond/2 // lack from which sound is lengthened
	farOff      = 40 * millisecond              // from here on it happens often
	stretchRest = 100 * millisecond
	hurriedRest = 40 * millisecond
)

// pull fills a block of at most 10 ms.
func (p *player) pull(block []float32, now int64) {
	p.part = len(block)
	for p.held < len(block) {
		p.advance(now)
	}
	copy(block, p.fifo[:len(block)])
	p.held = copy(p.fifo[:], p.fifo[len(block):p.held])
}

// reset forgets decoded sound; the next fades in.
func (p *player) reset() {
	p.held, p.gain, p.madeUp = 0, 0, 0
}

func (p *player) advance(now int64) {
	s := p.steps.next(now)
	pcm := p.fifo[p.held:]
	switch s.kind {
	case stepPlay:
		p.play(pcm, s, now)
	case stepRecover:
		pcm = pcm[:s.samples]
		if p.decoder.DecodeFEC(s.payload, pcm) != nil {
			p.conceal(pcm)
			return
		}
		p.sound(pcm)
	case stepConceal:
		p.conceal(pcm[:s.samples])
	case stepComfort:
		p.comfort(pcm[:s.samples])
	case stepSilence:
		p.fadeOut(pcm[:s.samples])
	}
}

func (p *player) play(pcm []float32, s step, now int64) {
	var tail [edgeSamples]float32
	splice := s.splice && p.gain > 0 && p.decoder.Conceal(tail[:]) == nil
	n, err := p.decoder.Decode(s.payload, pcm[:len(pcm)-maxLag])
	if err != nil || n != s.samples {
		p.broken++
		p.conceal(pcm[:s.samples])
		return
	}
	if splice {
		crossfade(pcm[:n], tail[:])
	}
	p.first = true
	n += p.more(pcm[n:])
	m := p.correct(pcm, n, s.excess, now)
	p.sound(pcm[:m])
}

// more decodes the packet that follows, if it is there, and says how long it is.
func (p *player) more(pcm []float32) int {
	payload, samples := p.steps.follow()
	if samples == 0 {
		return 0
	}
	n, err := p.decoder.Decode(payload, pcm[:len(pcm)-maxLag])
	if err == nil && n == samples {
		return n
	}
	p.broken++
	if p.decoder.Conceal(pcm[:samples]) != nil {
		clear(pcm[:samples])
	}
	return samples
}

// sound accepts decoded sound: after a silence it fades in.
func (p *player) sound(pcm []float32) {
	if p.gain != 1 {
		edge := pcm[:min(fadeIn, len(pcm))]
		fade(edge, p.gain, 1)
		p.gain = 1
	}
	p.madeUp = 0
	p.held += len(pcm)
}

// correct makes decoded sound shorter or longer when the delay is off.
//
// Packets are needed when a callback makes room, often every 10 ms: so the delay
// that counts moves by as much, whatever is cut out, and must then be no lack.
// Whoever takes less at a time is served with less delay.
// What is decoded beyond the end of such a part is waiting for nothing, and goes
// where that is possible.
func (p *player) correct(pcm []float32, n int, excess, now int64) int {
	rest := int64(stretchRest)
	hurried := excess > farOff || excess < -farOff
	if hurried {
		rest = hurriedRest
	}
	if now-p.stretchT < rest {
		return n
	}
	m, beyond := n, (p.held+n)%p.part
	switch {
	case excess > p.tooLong():
		m = p.stretch.shorten(pcm[:n], int(excess), hurried)
	case excess < -tooShort:
		m = p.stretch.lengthen(pcm, n, int(-excess), hurried)
	case beyond >= minLag:
		m = p.stretch.shorten(pcm[:n], beyond, false)
	}
	if m != n {
		p.stretchT = now
		parts := (p.held+m)/p.part - (p.held+n)/p.part
		p.steps.stretched(int64(parts * p.part))
	}
	return m
}

// tooLong is the excess from which sound is shortened.
func (p *player) tooLong() int64 {
	if p.taken == 0 {
		return blockSamples - tooShort
	}
	return min(max(p.taken, mixSamples), blockSamples) - tooShort
}

// conceal makes up sound for 100 ms and then fades to silence: longer than that
// no guess is like what was said.
func (p *player) conceal(pcm []float32) {
	p.madeUp += len(pcm)
	to := p.gain
	if p.madeUp > concealFull {
		to = max(0, p.gain-float32(len(pcm))/concealFade)
	}
	p.makeUp(pcm, to)
}

// comfort continues the noise of a pause; the decoder knows how it sounds.
func (p *player) comfort(pcm []float32) { p.makeUp(pcm, p.gain) }

func (p *player) fadeOut(pcm []float32) { p.makeUp(pcm, 0) }

// makeUp lets the decoder continue while the gain goes from where it is to to.
func (p *player) makeUp(pcm []float32, to float32) {
	if p.gain == 0 || p.decoder.Conceal(pcm) != nil {
		clear(pcm)
		to = min(to, p.gain)
	}
	fade(pcm, p.gain, to)
	p.gain = to
	p.held += len(pcm)
}
