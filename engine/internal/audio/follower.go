package audio

import "math"

// follower gives, for each block of the microphone, the block that went to the
// speaker at the same time, so that an echo always comes the same time after
// its cause, although speaker and microphone may run on clocks of their own.
//
// The session measures how far the speaker's count of samples is ahead of the
// microphone's (its lead), some times a second. A phase-locked loop smooths the
// lead; its slope is the drift between the two clocks. The speaker's sound is
// then read at the smoothed place, between two samples as a rule, by a windowed
// sinc. All times are in samples.
type follower struct {
	history [followHistory]float32 // what was played, sample number mod its length
	wrote   int64                  // samples played so far

	block  int64   // samples of the microphone so far
	locked bool    // lead is known
	lead   float64 // smoothed
	rate   float64 // its slope, per sample of the microphone
	since  int64   // block when the loop locked
	mark   int64   // of the last measurement
	marked int64   // block when it was
	astray int     // measurements in a row that were far off; negative: too small
	jumps  int     // times the lead jumped

	kernel [2][followTaps]float32
}

const (
	followHistory = 1 << 15 // 0.68 s; a power of two
	followTaps    = 32
	followSlack   = 5 * millisecond // how much a callback may be late without leaving a hole

	followFast     = 2 * math.Pi * 0.3  // rad/s, bandwidth of the loop at first
	followSlow     = 2 * math.Pi * 0.02 // later: a clock changes with its temperature alone
	followHold     = 3 * sampleRate     // so long the first
	followHurry    = 10 * sampleRate    // from one to the other
	followJump     = 15 * millisecond   // further off is no unevenness: a device skipped
	followStray    = 1 * millisecond    // neither is this, for so many times in a row
	followPatience = 4
	followDrift    = 1500e-6 // no two clocks differ by more
)

// played appends what went to the speaker, from a ring.
func (f *follower) played(from *ring) {
	for {
		at := f.wrote & (followHistory - 1)
		n := from.take(f.history[at:min(followHistory, at+sampleRate/10)])
		f.wrote += int64(n)
		if n == 0 {
			return
		}
	}
}

// next fills far with what was played at the time of the microphone's next
// block. lead measures, see session.lead; before the first measurement far is
// silence.
func (f *follower) next(far []float32, lead func() (float64, int64)) {
	from := f.position()
	f.lead += f.rate * float64(len(far))
	f.block += int64(len(far))
	if samples, mark := lead(); mark != f.mark {
		f.track(samples)
		f.mark, f.marked = mark, f.block
	}
	if !f.locked {
		clear(far)
		return
	}
	f.read(far, from, f.position())
}

// position is the place in the played sound that belongs to the microphone's
// next sample.
func (f *follower) position() float64 {
	return float64(f.block) + f.lead - followTaps/2 - followSlack
}

// track is the loop, of second order and critically damped, at a measurement.
func (f *follower) track(lead float64) {
	off := lead - f.lead
	if !f.locked || f.skipped(off) {
		if f.locked {
			f.jumps++
		}
		f.locked, f.lead, f.astray, f.since = true, lead, 0, f.block
		return
	}
	share := min(max(float64(f.block-f.since-followHold)/followHurry, 0), 1)
	w := followFast * math.Pow(followSlow/followFast, share)
	dt := float64(f.block-f.marked) / sampleRate
	f.lead += 2 * w * dt * off
	f.rate += w * w * dt * off / sampleRate
	f.rate = min(max(f.rate, -followDrift), followDrift)
}

// skipped says whether a device dropped or repeated sound: then the lead is off
// by much, or by less for long.
func (f *follower) skipped(off float64) bool {
	switch {
	case off > followStray:
		f.astray = max(f.astray, 0) + 1
	case off < -followStray:
		f.astray = min(f.astray, 0) - 1
	default:
		f.astray = 0
	}
	return math.Abs(off) > followJump || max(f.astray, -f.astray) >= followPatience
}

// read fills far from places from to to. What is not there is silence.
func (f *follower) read(far []float32, from, to float64) {
	base := int64(math.Floor(from))
	stretch := to - from - float64(len(far)) // how much the place runs away within the block
	if math.Abs(stretch) > 1 {               // the first block, or a jump
		stretch = 0
	}
	last := base + int64(len(far)) + followTaps/2 + 1
	if base-followTaps < f.wrote-followHistory || base < followTaps || last > f.wrote+int64(len(far)) {
		clear(far)
		return
	}
	frac := from - float64(base)
	sincKernel(f.kernel[0][:], frac)
	sincKernel(f.kernel[1][:], frac+stretch)
	for i := range far {
		at := base + int64(i) - followTaps/2 + 1
		if at+followTaps > f.wrote {
			clear(far[i:])
			return
		}
		var a, b float32
		for k := range followTaps {
			v := f.history[(at+int64(k))&(followHistory-1)]
			a += v * f.kernel[0][k]
			b += v * f.kernel[1][k]
		}
		far[i] = a + (b-a)*float32(i)/float32(len(far))
	}
}

// sincKernel weighs the samples around a place that is frac behind the middle
// one, at index len/2-1.
func sincKernel(kernel []float32, frac float64) {
	half := float64(len(kernel) / 2)
	for k := range kernel {
		x := float64(k) - (half - 1) - frac
		w := 0.0
		if math.Abs(x) < half {
			c := math.Cos(math.Pi * x / (2 * half))
			w = c * c // Hann
		}
		if x != 0 {
			w *= math.Sin(math.Pi*x) / (math.Pi * x)
		}
		kernel[k] = float32(w)
	}
}
