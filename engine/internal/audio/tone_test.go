package audio

import "testing"

// sing plays a tone for n blocks, stopping it before block stopAt.
func sing(t Tone, n, stopAt int) (pcm []float32, ended bool) {
	v := newVoice(t)
	for k := range n {
		if k == stopAt {
			v.release()
		}
		block := make([]float32, blockSamples)
		more := v.render(block)
		pcm = append(pcm, block...)
		if !more {
			return append(pcm, 0), true
		}
	}
	return pcm, false
}

func TestTonesAreBoundedAndClean(t *testing.T) {
	tones := []Tone{Ring, Ringback, CallWaiting, Busy, Failed, Ended, Check, Probe}
	for _, digit := range dtmfDigits {
		tones = append(tones, DTMF(digit))
	}
	for _, tone := range tones {
		pcm, ended := sing(tone, 1200, -1)
		if ended != (tone == Ended || tone == Check || tone == Probe) {
			t.Errorf("tone %d: ended %v", tone, ended)
		}
		if peak := peakOf(pcm); peak < 0.05 || peak > 0.5 {
			t.Errorf("tone %d: peak %.3f", tone, peak)
		}
		// The steepest sound is DTMF at 0.1: 1633 Hz and 941 Hz.
		limit := maxSineStep(1633, 0.1) + maxSineStep(941, 0.1)
		if tone == Probe {
			limit = maxSineStep(probeChord[len(probeChord)-1], probeLevel)
		}
		if tone == Ring { // two bells of full strength at a time, each with its octave
			limit = 2 * (maxSineStep(880, 0.16) + maxSineStep(1760, 0.04))
		}
		if step := largestStep(append([]float32{0}, pcm...)); step > 1.05*limit {
			t.Errorf("tone %d: click of %.3f", tone, step)
		}
		for _, stopAt := range []int{0, 1, 2, 7, 19, 33} {
			pcm, ended := sing(tone, 100, stopAt)
			if !ended {
				t.Errorf("tone %d does not stop", tone)
			}
			if step := largestStep(append([]float32{0}, pcm...)); step > 1.05*limit {
				t.Errorf("tone %d: click of %.3f when stopped", tone, step)
			}
		}
	}
}

// TestCheckWaitsForADevice: half a second is not played to nobody while a device is
// being opened; without one it ends all the same.
func TestCheckWaitsForADevice(t *testing.T) {
	v := newVoice(Check)
	for n := range 100 {
		if !v.waiting(false, blockSamples) {
			t.Fatalf("waits for %d blocks only", n)
		}
	}
	if v.waiting(true, blockSamples) || v.waiting(false, blockSamples) {
		t.Error("waits though a device ran")
	}
	alone := newVoice(Check)
	for n := 0; alone.waiting(false, blockSamples); n++ {
		if n > 1000 {
			t.Fatal("waits for ever")
		}
	}
}

func TestDTMFHasItsTwoFrequencies(t *testing.T) {
	pcm, _ := sing(DTMF('6'), 300, -1)
	pcm = pcm[sampleRate/2:]
	for hz, want := range map[float64]float64{770: 0.1, 1477: 0.1, 697: 0, 1336: 0} {
		if got := goertzel(pcm[:sampleRate], hz); !near(got, want, 0.005) {
			t.Errorf("%v Hz with %.3f, want %.3f", hz, got, want)
		}
	}
	if tap, _ := sing(DTMF('6'), 100, 1); len(tap) < sampleRate/10 {
		t.Errorf("a short tap sounds %d samples", len(tap))
	}
	for _, wrong := range "xE \U0001f4de" {
		if DTMF(wrong) != Silence {
			t.Errorf("%q has a tone", wrong)
		}
	}
}
