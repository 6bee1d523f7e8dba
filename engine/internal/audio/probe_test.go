package audio

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// heardProbe is what a microphone hears of a probe that is played quietly and
// late into other sound.
func heardProbe(delay time.Duration, gain float64, other func(i int) float64) []float32 {
	played, _ := sing(Probe, 100, -1)
	pcm := make([]float32, 3*second/2)
	at := int(delay.Seconds() * sampleRate)
	for i := range pcm {
		v := other(i)
		if k := i - at; k >= 0 && k < len(played) {
			v += gain * float64(played[k])
		}
		pcm[i] = float32(v)
	}
	return pcm
}

func TestFindProbe(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := func(level float64) func(int) float64 {
		return func(int) float64 { return level * (2*random.Float64() - 1) }
	}
	hum := func(i int) float64 { return 0.2 * math.Sin(2*math.Pi*100*float64(i)/sampleRate) }
	whistle := func(i int) float64 { return 0.2 * math.Sin(2*math.Pi*probeChord[3]*float64(i)/sampleRate) }
	sweep := func(i int) float64 { // through the whole chord, only slower
		s := float64(i) / sampleRate
		return 0.2 * math.Sin(2*math.Pi*(500*s+600*s*s))
	}
	chord := func(i int) (v float64) { // all notes at once
		for _, hz := range probeChord {
			v += 0.1 * math.Sin(2*math.Pi*hz*float64(i)/sampleRate)
		}
		return v
	}
	silence := func(int) float64 { return 0 }
	tests := map[string]struct {
		gain  float64
		other func(int) float64
		heard bool
	}{
		"in silence":           {0.1, silence, true},
		"hardly":               {0.001, silence, true},
		"in noise as loud":     {0.1, noise(0.03), true},
		"in loud noise":        {0.1, noise(0.5), false},
		"under a hum":          {0.3, hum, true},
		"under a whistle":      {0.3, whistle, true},
		"silence":              {0, silence, false},
		"noise alone":          {0, noise(0.3), false},
		"a hum alone":          {0, hum, false},
		"a whistle alone":      {0, whistle, false},
		"a sweep alone":        {0, sweep, false},
		"a chord held for all": {0, chord, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			const delay = 230 * time.Millisecond
			got := FindProbe(heardProbe(delay, tt.gain, tt.other))
			t.Logf("share %.4f", got.Share)
			if (got.Share >= ProbeHeard) != tt.heard {
				t.Fatalf("share %.3f", got.Share)
			}
			if !tt.heard {
				return
			}
			if d := got.Delay - delay; d < -15*time.Millisecond || d > 15*time.Millisecond {
				t.Errorf("found after %v, played after %v", got.Delay, delay)
			}
			if want := tt.gain * probeLevel / math.Sqrt2; !near(got.Level, want, 0.4*want) {
				t.Errorf("level %.4f, want %.4f", got.Level, want)
			}
		})
	}
	if got := FindProbe(nil); got != (Probed{}) {
		t.Errorf("in nothing: %+v", got)
	}
}

// TestTap: the microphone is open for a tap alone, which gets its sound as it is,
// and closed after it.
func TestTap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{}
		d := NewDesk(DeskConfig{})
		defer d.Close()
		d.SetDevice(b.open)
		var samples atomic.Int64
		var peak atomic.Uint64
		stop := d.Tap(func(pcm []float32) {
			samples.Add(int64(len(pcm)))
			peak.Store(math.Float64bits(float64(peakOf(pcm))))
		})
		device := b.device(t, 1)
		if !device.io.NeedCapture {
			t.Fatal("the microphone is closed")
		}
		device.play(500 * time.Millisecond)
		if got := samples.Load(); got < sampleRate/3 || got > sampleRate/2+blockSamples {
			t.Errorf("%d samples in half a second", got)
		}
		if p := math.Float64frombits(peak.Load()); !near(p, 0.5, 0.01) {
			t.Errorf("peak %.3f, want the sine's 0.5", p)
		}
		stop()
		stop()
		before := samples.Load()
		device.play(100 * time.Millisecond)
		if samples.Load() != before {
			t.Error("it goes on after its end")
		}
		time.Sleep(2 * linger)
		synctest.Wait()
		if !device.closed.Load() {
			t.Error("the microphone stays open")
		}
	})
}
