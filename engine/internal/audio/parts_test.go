package audio

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

func TestRingKeepsOrderOverItsEnd(t *testing.T) {
	r := newRing()
	in, out := 0, 0
	for range 200 {
		block := make([]float32, 977)
		for i := range block {
			block[i] = float32(in + i)
		}
		in += r.put(block)
		got := make([]float32, 613)
		for i, v := range got[:r.take(got)] {
			if v != float32(out+i) {
				t.Fatalf("sample %d is %v", out+i, v)
			}
		}
		out += 613
		if r.len() != in-out {
			t.Fatalf("len %d, want %d", r.len(), in-out)
		}
		if r.len() > ringSamples-977 {
			out += r.skip(5000)
		}
	}
	if r.put(make([]float32, 2*ringSamples)); r.len() != ringSamples {
		t.Errorf("len %d when full", r.len())
	}
	if n := r.skip(3 * ringSamples); n != ringSamples || r.len() != 0 {
		t.Errorf("skipped %d, %d left", n, r.len())
	}
}

func TestRingBetweenTwoThreads(t *testing.T) {
	r := newRing()
	const total = 1 << 18
	var stop atomic.Bool
	var producer sync.WaitGroup
	defer producer.Wait()
	defer stop.Store(true)
	producer.Go(func() {
		var block [480]float32
		for sent := 0; sent < total && !stop.Load(); {
			for i := range block {
				block[i] = float32((sent + i) % 4096)
			}
			sent += r.put(block[:min(len(block), total-sent)])
		}
	})
	var block [333]float32
	for got := 0; got < total; {
		n := r.take(block[:])
		for i, v := range block[:n] {
			if v != float32((got+i)%4096) {
				t.Fatalf("sample %d is %v", got+i, v)
			}
		}
		got += n
	}
}

// TestCallbacksAllocateNothing holds for what real-time threads call.
func TestCallbacksAllocateNothing(t *testing.T) {
	d := &Desk{wakePlay: make(chan struct{}, 1), wakeCapture: make(chan struct{}, 1)}
	s := newSession(d, func() {}, true)
	pcm := make([]float32, 1024)
	if n := testing.AllocsPerRun(1000, func() {
		s.capture(pcm)
		s.playout(pcm)
		s.played.put(pcm[:700])
		s.playout(pcm)
		s.captured.skip(900)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPlayoutRunsOutWithoutClick(t *testing.T) {
	d := &Desk{wakePlay: make(chan struct{}, 1), wakeCapture: make(chan struct{}, 1)}
	s := newSession(d, func() {}, true)
	var heard []float32
	pcm := make([]float32, 480)
	for k := range 100 {
		if k%7 != 3 {
			s.played.put(sine(480, k*480, 440, 0.5))
		}
		s.playout(pcm)
		heard = append(heard, pcm...)
	}
	if step := largestStep(heard); step > 0.04 {
		t.Errorf("click of %.3f", step)
	}
	if s.underruns.Load() != 14 {
		t.Errorf("%d underruns, want 14", s.underruns.Load())
	}
	if s.ahead() != blockSamples+reserveMost {
		t.Errorf("mixes %d ahead", s.ahead())
	}
}

// TestReserveHasABound: whatever it has fallen to, another underrun takes it no
// further than the most.
func TestReserveHasABound(t *testing.T) {
	s := newSession(&Desk{}, func() {}, false)
	for fallen := range reserveMost {
		s.reserve = fallen
		s.underruns.Add(1)
		s.tendReserve(0)
		if s.reserve <= min(fallen, reserveMost-1) || s.reserve > reserveMost {
			t.Fatalf("%d after %d", s.reserve, fallen)
		}
	}
}

// TestMixerKeepsWhatIsNeeded counts minutes of calm and of trouble.
func TestMixerKeepsWhatIsNeeded(t *testing.T) {
	s := newSession(&Desk{}, func() {}, false)
	minute := func(minutes float64) int {
		s.played.tail.Add(uint64(minutes * reserveTime))
		return s.ahead()
	}
	var pcm [blockSamples]float32
	s.playout(pcm[:]) // at first, a device fills its buffer
	for range 400 {
		s.played.put(pcm[:120])
		s.playout(pcm[:120])
	}
	if n := s.ahead(); n != blockSamples {
		t.Errorf("mixes %d ahead at first, want as many as were taken at once", n)
	}
	for range 2 {
		minute(0.4)
		s.playout(pcm[:120])
	}
	if n := minute(0); n != aheadLeast {
		t.Errorf("mixes %d ahead for callbacks of 2.5 ms", n)
	}
	s.playout(pcm[:400])
	if n := minute(0); n != 400 {
		t.Errorf("mixes %d ahead when a callback takes 400", n)
	}

	minute(2)
	minute(2)
	for i, want := range []int{1, 2, 4, 8, 8} {
		s.underruns.Add(1)
		if n := minute(0) - aheadLeast; n != want*mixSamples {
			t.Errorf("%d ahead after %d underruns, want %d", n, i+1, want*mixSamples)
		}
	}
	for want := 7; want >= 0; want-- {
		minute(0.9)
		if n := minute(0.2) - aheadLeast; n != want*mixSamples {
			t.Errorf("%d ahead after a minute, want %d", n, want*mixSamples)
		}
	}
	for _, minutes := range []float64{2, 4, 8, 16, 16} { // it was too little each time
		s.underruns.Add(1)
		minute(0.1)
		if n := minute(minutes - 0.2); n != aheadLeast+mixSamples {
			t.Errorf("%d ahead after %v minutes", n, minutes-0.1)
		}
		if n := minute(0.2); n != aheadLeast {
			t.Errorf("%d ahead after %v minutes", n, minutes+0.1)
		}
	}
}

func TestLimiterTurnsDownInsteadOfClipping(t *testing.T) {
	l := newLimiter()
	var out []float32
	for k := range 300 {
		block := sine(blockSamples, k*blockSamples, 440, 0.9)
		mixInto(block, sine(blockSamples, k*blockSamples, 1000, 0.9))
		l.apply(block)
		out = append(out, block...)
	}
	if peak := peakOf(out); peak >= 1 {
		t.Errorf("peak %.3f", peak)
	}
	end := out[len(out)-sampleRate:]
	want := math.Sqrt2 * rms(end) / math.Sqrt2
	tones := math.Hypot(goertzel(end, 440), goertzel(end, 1000)) / math.Sqrt2
	if math.Abs(want-tones)/tones > 0.02 {
		t.Errorf("distorted: rms %.3f, the two tones have %.3f", want, tones)
	}
	quiet := sine(blockSamples, 0, 440, 0.9)
	l = newLimiter()
	l.apply(quiet)
	if quiet[100] != sine(blockSamples, 0, 440, 0.9)[100] {
		t.Error("a mix that is not too loud was changed")
	}
}

func TestSanitise(t *testing.T) {
	pcm := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0.25, -3}
	sanitise(pcm)
	for i, want := range []float32{0, 1, -1, 0.25, -1} {
		if pcm[i] != want {
			t.Errorf("%d: %v, want %v", i, pcm[i], want)
		}
	}
}

func TestStretchKeepsPitchAndLevel(t *testing.T) {
	var s stretcher
	for _, hz := range []float64{110, 203.7, 440, 1000, 3111} {
		long, short := []float32(nil), []float32(nil)
		for k, at := 0, 0; k < 100; k++ {
			buf := make([]float32, frameSamples+maxLag)
			copy(buf, sine(frameSamples, k*frameSamples, hz, 0.5))
			long = append(long, buf[:s.lengthen(buf, frameSamples, maxLag, false)]...)
			copy(buf, sine(frameSamples, at, hz, 0.5))
			short = append(short, buf[:s.shorten(buf[:frameSamples], maxLag, false)]...)
			at += frameSamples
		}
		if len(long) < 100*(frameSamples+minLag-1) || len(short) > 100*(frameSamples-minLag+1) {
			t.Errorf("%v Hz: %d and %d samples: not stretched", hz, len(long), len(short))
		}
		for name, pcm := range map[string][]float32{"longer": long, "shorter": short} {
			if step := largestStep(pcm); step > 1.25*maxSineStep(hz, 0.5) {
				t.Errorf("%s, %v Hz: click of %.3f", name, hz, step)
			}
			if level := rms(pcm) * math.Sqrt2; !near(level, 0.5, 0.02) {
				t.Errorf("%s, %v Hz: level %.3f", name, hz, level)
			}
			if got := pitch(pcm[:sampleRate/2], hz); !near(got, hz, hz*0.01) {
				t.Errorf("%s: %v Hz became %.1f", name, hz, got)
			}
		}
	}
}

func TestStretchLeavesNoiseAloneUnlessForced(t *testing.T) {
	var s stretcher
	random := rand.New(rand.NewPCG(5, 6))
	noise := make([]float32, frameSamples+maxLag)
	for i := range noise {
		noise[i] = random.Float32() - 0.5
	}
	if n := s.shorten(noise[:frameSamples], maxLag, false); n != frameSamples {
		t.Errorf("cut noise to %d", n)
	}
	if n := s.lengthen(noise, frameSamples, maxLag, true); n <= frameSamples || n > frameSamples+maxLag {
		t.Errorf("forced: %d", n)
	}
	for _, n := range []int{0, 1, 119, 120, 239, 240, 241} {
		if got := s.shorten(make([]float32, n), maxLag, true); got > n {
			t.Errorf("%d became %d", n, got)
		}
		if got := s.lengthen(make([]float32, n+maxLag), n, maxLag, true); got < n {
			t.Errorf("%d became %d", n, got)
		}
	}
}

func TestCarriesCopy(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   bool
	}{
		{nil, false},
		{[]byte{9 << 3}, false},
		{[]byte{9 << 3, 0x40}, true},  // SILK 20 ms: VAD, then the flag
		{[]byte{9 << 3, 0x80}, false}, // VAD only
		{[]byte{10 << 3, 0x20}, true}, // 40 ms
		{[]byte{11 << 3, 0x10}, true}, // 60 ms
		{[]byte{13 << 3, 0x40}, true}, // hybrid
		{[]byte{31 << 3, 0xff}, false},
		{[]byte{9<<3 | 1, 0x40}, false},
	} {
		if got := carriesCopy(c.packet); got != c.want {
			t.Errorf("%x: %v", c.packet, got)
		}
	}
}

// Half a frame does not wake the goroutine that encodes: it would go back to
// sleep.
func TestOutboundWakesForWholeFrames(t *testing.T) {
	out := newOutbound(&Desk{}, OutboundConfig{}, nil)
	var block [blockSamples]float32
	for i := range 4 {
		out.feed(block[:])
		whole := i%2 == 1
		if woken := len(out.wake) == 1; woken != whole {
			t.Errorf("block %d: woken %v", i, woken)
		}
		if whole {
			<-out.wake
			out.pcm.skip(frameSamples)
		}
	}
}
