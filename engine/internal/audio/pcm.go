package audio

import "math"

const (
	sampleRate   = 48000
	millisecond  = sampleRate / 1000
	blockSamples = 10 * millisecond // what is captured at a time
	mixSamples   = 5 * millisecond  // what is mixed at a time
	frameSamples = 20 * millisecond // what is encoded at a time, but see cadence
	edgeSamples  = 5 * millisecond  // long enough for a cross-fade without a click
)

// fade multiplies pcm by a gain that runs from one value to another.
func fade(pcm []float32, from, to float32) {
	if from == 1 && to == 1 {
		return
	}
	step := (to - from) / float32(max(len(pcm), 1))
	for i := range pcm {
		from += step
		pcm[i] *= from
	}
}

// crossfade lets dst begin as old and go over into itself; old may be shorter.
func crossfade(dst, old []float32) {
	n := min(len(dst), len(old))
	step := 1 / float32(max(n, 1))
	w := step / 2
	for i := range n {
		dst[i] = old[i] + (dst[i]-old[i])*w
		w += step
	}
}

// mixInto adds pcm to dst, sample by sample.
func mixInto(dst, pcm []float32) {
	for i, v := range pcm[:len(dst)] {
		dst[i] += v
	}
}

// sanitise pulls what a driver delivers into [-1, 1] and turns NaN to silence:
// one of them would stay in an encoder's filters for good.
func sanitise(pcm []float32) {
	for i, v := range pcm {
		switch {
		case v != v:
			pcm[i] = 0
		case v > 1:
			pcm[i] = 1
		case v < -1:
			pcm[i] = -1
		}
	}
}

// limiter keeps a mix within [-1, 1]: it turns the whole mix down while it is
// too loud and lets go slowly, so that sums do not distort.
type limiter struct{ gain float32 }

const (
	limitPeak    = 0.98
	limitRelease = 0.02 // share of the way back to full gain, each 10 ms
)

func newLimiter() *limiter { return &limiter{gain: 1} }

// apply works on one block in place.
func (l *limiter) apply(pcm []float32) {
	peak := peakOf(pcm)
	want := float32(1)
	if peak > limitPeak {
		want = limitPeak / peak
	}
	from := l.gain
	if want < from {
		l.gain = want
	} else {
		l.gain = min(want, from+(1-from)*limitRelease*float32(len(pcm))/blockSamples)
	}
	if from > 0.9999 && l.gain > 0.9999 {
		l.gain = 1
		return
	}
	fade(pcm, from, l.gain)
	for i, v := range pcm { // only the first block of a rise can still be over
		pcm[i] = softClip(v)
	}
}

// softClip bends what is over limitPeak so that it never reaches 1.
func softClip(v float32) float32 {
	const room = 1 - limitPeak
	switch {
	case v > limitPeak:
		return limitPeak + room*(1-room/(v-limitPeak+room))
	case v < -limitPeak:
		return -limitPeak - room*(1-room/(-v-limitPeak+room))
	}
	return v
}

func peakOf(pcm []float32) float32 {
	var peak float32
	for _, v := range pcm {
		peak = max(peak, v, -v)
	}
	return peak
}

// meter measures sound that is played or captured.
type meter struct {
	level  float64 // peak, falling by half in 100 ms
	energy float64 // sum of squared samples × seconds, webrtc-stats totalAudioEnergy
}

// meterDecay is what is left of a peak after n samples: half after 100 ms.
func meterDecay(n int) float64 { return math.Pow(0.5, float64(n)/(100*millisecond)) }

func (m *meter) measure(pcm []float32) {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	m.energy += sum / sampleRate
	m.level = max(float64(peakOf(pcm)), m.level*meterDecay(len(pcm)))
	if m.level < 1e-5 {
		m.level = 0
	}
}
