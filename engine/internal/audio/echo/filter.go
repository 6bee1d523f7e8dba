package echo

// BlockSamples is 10 ms at 48 kHz, the length of every block.
const BlockSamples = 480

const (
	partitions = 32  // of 10 ms each: 320 ms of delay and room
	bins       = 214 // up to 10 kHz; over that speech has little, and the suppressor takes it
	constrain  = 3   // partitions whose filter is cut to its length with each block

	overlap   = float32(BlockSamples) / fftSize
	startP    = 0.05  // uncertainty at first, of each coefficient
	forget    = 0.999 // how well a room's coefficient is known by the one 10 ms before
	spread    = 0.02  // share of the mean that every partition may change by, at least
	noiseUp   = 1e-7  // of far-end power, against division by nothing
	noiseKeep = 0.8   // the error is taken to be loud a little longer than it is

	learnTime  = 1000 // blocks
	echoLeast  = 1e-7 // power of a sample, −70 dBFS
	weighShare = 0.3  // per block: a moment is 30 ms
	provenAt   = 0.08 // of the estimated echo left over: a filter to rely on
	talkOver   = 4    // more than is usually left
	talkLeast  = 0.4  // of the estimated echo; less is no speech worth saving
	talkLearn  = 0.7  // the same while the filter may be wrong by as much
	talkHold   = 30   // blocks

	echoGain = 0.1

	judgeKeep  = 0.97 // per block: what is judged is a third of a second
	lostBelow  = 0.3  // of the estimated echo is really there: the room has changed
	surelyLess = 0.5  // of the power is left: it is an echo, not a headset
	judgeRest  = 60   // blocks after a restart without judgement
)

type partition struct {
	x, w spectrum
	p    [bins]float32
}

// Filter cancels the echo of one loudspeaker in one microphone.
type Filter struct {
	fft   *transform
	parts [partitions]partition // x: a ring, newest at index newest; w, p: by delay
	order int                   // index of the newest x
	turn  int                   // partition that is constrained next

	far   [fftSize]float32 // the last of it
	work  [fftSize]float32
	est   spectrum
	err   spectrum
	noise [bins]float32 // power of what is no echo
	total [bins]float32

	agree, expect float32 // correlation of near with the estimate, and the estimate's power
	rest          int
	restarts      int

	in, left, guess float32 // power of near, error and estimate, of the last moment
	proved          float32 // how well the filter does where nobody talks: left/guess
	echoing         bool    // there is an echo now that is worth a thought
	talking         int     // blocks for which this end is still taken to talk
	learning        int     // blocks with an echo that a new way may take to be learned
}

// New makes a Filter that knows nothing of the room.
func New() *Filter {
	f := &Filter{fft: newTransform()}
	f.restart()
	f.restarts = 0
	return f
}

func (f *Filter) restart() {
	for i := range f.parts {
		f.parts[i].w = spectrum{}
		for k := range f.parts[i].p {
			f.parts[i].p[k] = startP
		}
	}
	f.agree, f.expect, f.rest = 0, 0, judgeRest
	f.proved, f.talking, f.learning = 1, 0, learnTime
	f.restarts++
}

// Restarts is how often the echo's way has changed so much that it was learned
// anew.
func (f *Filter) Restarts() int { return f.restarts }

// x is what was played p blocks ago.
func (f *Filter) x(p int) *spectrum { return &f.parts[(f.order+p)%partitions].x }

// Process takes the block that is played and the one that is heard, both of
// BlockSamples, and takes its echo out of the latter.
func (f *Filter) Process(far, near []float32) {
	far, near = far[:BlockSamples], near[:BlockSamples]
	copy(f.far[:], f.far[BlockSamples:])
	copy(f.far[fftSize-BlockSamples:], far)
	f.order = (f.order + partitions - 1) % partitions
	f.fft.forward(&f.far, f.x(0))

	f.estimate()
	f.fft.inverse(&f.est, &f.work)
	estimate := f.work[fftSize-BlockSamples:]
	f.judge(estimate, near)
	clear(f.work[:fftSize-BlockSamples])
	var in, left, guess float32
	for i, y := range near {
		e := y - estimate[i]
		in, left, guess = in+y*y, left+e*e, guess+estimate[i]*estimate[i]
		f.work[fftSize-BlockSamples+i] = e
	}
	f.weigh(in, left, guess)
	if f.in >= f.left { // else the filter is wrong at the moment
		copy(near, f.work[fftSize-BlockSamples:])
	}
	f.fft.forward(&f.work, &f.err)
	f.adapt()
	for range constrain {
		f.cut(&f.parts[f.turn].w)
		f.turn = (f.turn + 1) % partitions
	}
}

// estimate computes the echo's spectrum and the power that is uncertain in it.
func (f *Filter) estimate() {
	re, im, total := f.est.re[:bins], f.est.im[:bins], f.total[:bins]
	clear(re)
	clear(im)
	clear(total)
	for p := range f.parts {
		x, q := f.x(p), &f.parts[p]
		xr, xi, wr, wi, u := x.re[:bins], x.im[:bins], q.w.re[:bins], q.w.im[:bins], q.p[:bins]
		for k := range re {
			a, b, c, d := xr[k], xi[k], wr[k], wi[k]
			re[k] += a*c - b*d
			im[k] += a*d + b*c
			total[k] += (a*a + b*b) * u[k]
		}
	}
}

// adapt brings the filter closer to the room, as far as the error can be
// trusted.
func (f *Filter) adapt() {
	var mean, gain [bins]float32
	for p := range f.parts {
		w := &f.parts[p].w
		for k := range mean {
			mean[k] += w.re[k]*w.re[k] + w.im[k]*w.im[k]
		}
	}
	x0 := f.x(0)
	for k := range gain {
		e := f.err.re[k]*f.err.re[k] + f.err.im[k]*f.err.im[k]
		f.noise[k] = max(e, noiseKeep*f.noise[k]+(1-noiseKeep)*e)
		xx := x0.re[k]*x0.re[k] + x0.im[k]*x0.im[k]
		gain[k] = overlap / (overlap*f.total[k] + f.noise[k] + noiseUp*xx + 1e-12)
		mean[k] *= spread / partitions
	}
	for p := range f.parts {
		x, q := f.x(p), &f.parts[p]
		xr, xi, er, ei := x.re[:bins], x.im[:bins], f.err.re[:bins], f.err.im[:bins]
		wr, wi, u := q.w.re[:bins], q.w.im[:bins], q.p[:bins]
		for k := range u {
			a, b := xr[k], xi[k]
			step := u[k] * gain[k]
			c := wr[k] + step*(a*er[k]+b*ei[k])
			d := wi[k] + step*(a*ei[k]-b*er[k])
			left := u[k] * (1 - overlap*step*(a*a+b*b))
			wr[k], wi[k] = c, d
			u[k] = forget*forget*left + (1-forget*forget)*(c*c+d*d+mean[k])
		}
	}
}

// cut makes a partition's filter as long as its block again.
func (f *Filter) cut(w *spectrum) {
	f.fft.inverse(w, &f.work)
	clear(f.work[BlockSamples:])
	f.fft.forward(&f.work, w)
	clear(w.re[bins:])
	clear(w.im[bins:])
}

// weigh tells whether this end talks: then the error is much louder than what
// the filter is known to leave of an echo.
func (f *Filter) weigh(in, left, guess float32) {
	f.in += (in - f.in) * weighShare
	f.left += (left - f.left) * weighShare
	f.guess += (guess - f.guess) * weighShare
	f.talking = max(f.talking-1, 0)
	f.echoing = f.guess > echoLeast*BlockSamples
	if !f.echoing {
		return
	}
	f.learning = max(f.learning-1, 0)
	ratio := f.left / f.guess
	if ratio < f.proved {
		f.proved = ratio
	} else {
		f.proved = min(f.proved*1.002, 1)
	}
	least := float32(talkLeast)
	if f.learning > 0 {
		least = talkLearn
	}
	if f.Proven() && ratio > talkOver*f.proved && ratio > least {
		f.talking = talkHold
	}
}

// Talking says whether this end talks, as far as the filter knows the echo well
// enough to tell.
func (f *Filter) Talking() bool { return f.talking > 0 }

// Proven says whether the filter has shown that it knows the echo's way.
func (f *Filter) Proven() bool { return f.proved < provenAt }

// Gain is by how much more the rest may be turned down now, 1 for not at all:
// where there is echo and nothing else, and a little while the echo's way is
// new, which can last no longer than some seconds.
func (f *Filter) Gain() float32 {
	if f.echoing && f.talking == 0 && (f.Proven() || f.learning > 0 && f.left < surelyLess*f.in) {
		return echoGain
	}
	return 1
}

// judge notices that the echo comes another way now: then what is heard is no
// longer like the estimate, however loud this end speaks besides.
func (f *Filter) judge(estimate, near []float32) {
	var agree, expect float32
	for i, v := range estimate {
		agree += v * near[i]
		expect += v * v
	}
	if expect < 1e-7*BlockSamples {
		return
	}
	f.agree = judgeKeep*f.agree + agree
	f.expect = judgeKeep*f.expect + expect
	if f.rest > 0 {
		f.rest--
		return
	}
	if f.agree < lostBelow*f.expect {
		f.restart()
	}
}

// Delay is the delay of the strongest part of the echo, in samples, to 10 ms;
// -1 while none is known.
func (f *Filter) Delay() int {
	var best float32 = 1e-3
	at := -1
	for p := range f.parts {
		var sum float32
		w := &f.parts[p].w
		for k := range bins {
			sum += w.re[k]*w.re[k] + w.im[k]*w.im[k]
		}
		if sum > best {
			best, at = sum, p*BlockSamples
		}
	}
	return at
}
