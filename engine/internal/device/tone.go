package device

import "math"

// tone is the test microphone: a soft beep of 440 Hz every second.
type tone struct {
	cycle []float32 // one second; it repeats without a break
	at    int
}

func newTone() *tone {
	const (
		pitch   = 440.0
		level   = 0.22 // about -13 dB below full scale, as loud speech
		attack  = 0.015
		hold    = 0.25
		release = 0.20
	)
	t := &tone{cycle: make([]float32, sampleRate)}
	for i := range t.cycle {
		s := float64(i) / sampleRate
		var envelope float64
		switch {
		case s < attack:
			envelope = 0.5 - 0.5*math.Cos(math.Pi*s/attack)
		case s < attack+hold:
			envelope = 1
		case s < attack+hold+release:
			envelope = 0.5 + 0.5*math.Cos(math.Pi*(s-attack-hold)/release)
		}
		// A few overtones make it sound like an instrument.
		wave := math.Sin(2*math.Pi*pitch*s) + 0.25*math.Sin(4*math.Pi*pitch*s) + 0.08*math.Sin(6*math.Pi*pitch*s)
		t.cycle[i] = float32(level * envelope * wave)
	}
	return t
}

func (t *tone) read(dst []float32) {
	for len(dst) > 0 {
		n := copy(dst, t.cycle[t.at:])
		dst = dst[n:]
		t.at = (t.at + n) % len(t.cycle)
	}
}

func (t *tone) close() error { return nil }
