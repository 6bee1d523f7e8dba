package audio

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine/internal/audio/audiotest"
)

// heardEvents collects what a person would be told.
type heardEvents struct {
	mu   sync.Mutex
	list []MicrophoneEvent
}

func (h *heardEvents) add(e MicrophoneEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, e)
}

func (h *heardEvents) take() []MicrophoneEvent {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.list
	h.list = nil
	return list
}

// speak lets the device run with pcm as its microphone's sound.
func (f *fakeDevice) speak(pcm []float32) {
	var heard [blockSamples]float32
	for ; len(pcm) >= blockSamples; pcm = pcm[blockSamples:] {
		f.io.Playout(heard[:])
		f.io.Capture(pcm[:blockSamples])
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
	}
}

func TestSaysThatOneSpeaksWhileMuted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		var told heardEvents
		c.desk.OnMicrophone(told.add)
		dev := c.bench.device(t, 1)
		speech := audiotest.Speech(7, 8*sampleRate, 0.1)

		dev.speak(speech[:4*sampleRate])
		if got := told.take(); len(got) > 0 {
			t.Errorf("told %v without being muted", got)
		}
		if m := c.desk.Microphone(); !m.Speaking || m.RMS < 0.02 || m.Peak < m.RMS || m.NoSignal {
			t.Errorf("while somebody speaks: %+v", m)
		}
		dev.speak(hush(2 * sampleRate))
		c.out.SetMuted(true)
		dev.speak(hush(2 * sampleRate))
		if got := told.take(); len(got) > 0 {
			t.Errorf("told %v of a quiet room", got)
		}
		dev.speak(speech)
		if got := told.take(); len(got) != 1 || got[0] != MutedSpeech {
			t.Errorf("told %v, want MutedSpeech once", got)
		}
		c.out.SetMuted(false)
		dev.speak(hush(sampleRate))
		c.out.SetMuted(true)
		dev.speak(hush(sampleRate))
		dev.speak(speech)
		if got := told.take(); len(got) != 1 {
			t.Errorf("told %v after muting again, want it once more", got)
		}
		c.out.SetActive(false) // on hold nobody listens anyway
		dev.speak(hush(31 * sampleRate))
		dev.speak(speech)
		if got := told.take(); len(got) > 0 {
			t.Errorf("told %v on hold", got)
		}
		c.end(t)
		if m := c.desk.Microphone(); m != (MicrophoneState{}) {
			t.Errorf("after the end: %+v", m)
		}
	})
}

// hush is a quiet room: noise at -66 dBFS.
func hush(n int) []float32 {
	random := rand.New(rand.NewPCG(uint64(n), 1))
	pcm := make([]float32, n)
	for i := range pcm {
		pcm[i] = float32(random.NormFloat64() * 5e-4)
	}
	return pcm
}

func TestSaysThatThereIsNoSignal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		var told heardEvents
		c.desk.OnMicrophone(told.add)
		dev := c.bench.device(t, 1)
		dev.speak(hush(4 * sampleRate)) // quiet is not silent
		dev.speak(make([]float32, 2*sampleRate))
		if got := told.take(); len(got) > 0 {
			t.Errorf("told %v after 2 s", got)
		}
		dev.speak(make([]float32, 2*sampleRate))
		if got := told.take(); len(got) != 1 || got[0] != NoSignal || !c.desk.Microphone().NoSignal {
			t.Errorf("told %v, state %+v", got, c.desk.Microphone())
		}
		dev.speak(hush(sampleRate / 10))
		if got := told.take(); len(got) != 1 || got[0] != SignalBack || c.desk.Microphone().NoSignal {
			t.Errorf("told %v, state %+v", got, c.desk.Microphone())
		}
		c.desk.SetDevice(nil)
		time.Sleep(10 * time.Second)
		if got := told.take(); len(got) > 0 {
			t.Errorf("told %v without a device", got)
		}
		c.end(t)
	})
}

func TestNoiseIsNoSpeech(t *testing.T) {
	for name, make := range map[string]func(n int) []float32{
		"quiet room": hush,
		"hum":        func(n int) []float32 { return sine(n, 0, 100, 0.1) },
		"keys": func(n int) []float32 {
			pcm := hush(n)
			for at := 0; at+2*millisecond < n; at += sampleRate / 5 {
				copy(pcm[at:], sine(2*millisecond, 0, 2500, 0.5))
			}
			return pcm
		},
	} {
		var v voiceDetector
		pcm := make(12 * sampleRate)
		for at := 0; at+blockSamples <= len(pcm); at += blockSamples {
			if v.hear(pcm[at:at+blockSamples]) && at > 3*sampleRate {
				t.Fatalf("%s taken for speech after %d ms", name, at/millisecond)
			}
		}
	}
	var v voiceDetector
	spoken, heard := 0, 0
	for at, pcm := 0, audiotest.Speech(3, 20*sampleRate, 0.03); at+blockSamples <= len(pcm); at += blockSamples {
		for i, x := range hush(blockSamples) {
			pcm[at+i] += x
		}
		spoken++
		if v.hear(pcm[at : at+blockSamples]) {
			heard++
		}
	}
	if heard < spoken/2 {
		t.Errorf("speech recognised in %d of %d blocks", heard, spoken)
	}
}

func TestSpeakerLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		c.bench.device(t, 1).play(2 * time.Second)
		if l := c.desk.Speaker(); !near(l.Peak, 0.5, 0.05) || !near(l.RMS, 0.5/math.Sqrt2, 0.05) {
			t.Errorf("speaker %+v, want a sine of 0.5", l)
		}
		c.end(t)
	})
}
