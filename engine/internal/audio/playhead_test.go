package audio

import (
	"math/rand/v2"
	"testing"
)

// settled is what came out after the first half second.
func (l *line) settled() []float32 { return l.out[sampleRate/2:] }

func (l *line) wantClean(hz, level float64) {
	l.t.Helper()
	out := l.settled()
	if step := largestStep(out); step > 1.3*maxSineStep(hz, level) {
		l.t.Errorf("click: a step of %.4f, a sine has %.4f", step, maxSineStep(hz, level))
	}
	if got := pitch(out[len(out)-sampleRate/2:], hz); !near(got, hz, hz*0.004) {
		l.t.Errorf("pitch %.1f, want %.1f", got, hz)
	}
	if got := rms(out) * 1.41421356; !near(got, level, level*0.05) {
		l.t.Errorf("level %.3f, want %.3f", got, level)
	}
}

func TestPlaysInOrderAcrossWraps(t *testing.T) {
	l := newLine(t)
	base := uint32(1<<32-1) - 50*frameSamples // both numbers wrap within two seconds
	base = base&^0xffff | 0xfff0
	l.run(0, 300, base, nil)
	l.wantClean(440, 0.5)
	if l.head.lost != 0 || l.head.concealed != 0 {
		t.Errorf("lost %d, concealed %d, want none", l.head.lost, l.head.concealed)
	}
}

// TestCalmLineHasLittleDelay plays packets that come at an even pace.
func TestCalmLineHasLittleDelay(t *testing.T) {
	l := newLine(t)
	l.run(0, 240, 7, nil)
	if got := l.head.jitter.delay.target; got < usualTarget {
		t.Errorf("target %d ms after less than %d s", got/millisecond, floorFirst/sampleRate)
	}
	l.run(240, 600, 7, nil)
	if got := l.head.jitter.delay.target; got != minTarget {
		t.Errorf("target %d samples on a calm line, want the least, %d", got, minTarget)
	}
	if d := l.delay(); d > minTarget+blockSamples {
		t.Errorf("play-out is %d ms behind", d/millisecond)
	}
	l.wantClean(440, 0.5)
	if l.head.concealed > 0 {
		t.Errorf("concealed %d", l.head.concealed)
	}
}

// TestHiccupIsRemembered delays single packets on a line that is calm otherwise.
// It may cost sound once, not again within a minute, and then not within two.
func TestHiccupIsRemembered(t *testing.T) {
	l := newLine(t)
	l.decoder.hz = 500 // what is made up, 10 ms, is whole periods
	at := 0            // s
	hiccup := func(seconds int) (concealed int64) {
		before := l.head.concealed
		l.runLate(50*at, 50*(at+seconds), func(k int) int {
			if k == 50*at+25 {
				return 14
			}
			return 0
		})
		at += seconds
		return l.head.concealed - before
	}
	target := func() int64 { return l.head.jitter.delay.target }
	l.runLate(0, 50*15, nil)
	at = 15
	for _, hold := range []int{60, 120, 240} {
		if target() != minTarget {
			t.Fatalf("target %d ms after %d s", target()/millisecond, at)
		}
		if n := hiccup(2); n == 0 || n > blockSamples {
			t.Errorf("concealed %d samples for a packet that was 14 ms late", n)
		}
		if target() != 14*millisecond+targetMargin {
			t.Errorf("target %d samples after a packet that was 14 ms late", target())
		}
		if n := hiccup(hold/2) + hiccup(hold-10); n != 0 {
			t.Errorf("concealed %d samples, as if there had been no hiccup before (%d s, at %d s, target %d)", n, hold, at, target())
		}
		l.runLate(50*at, 50*(at+25), nil)
		at += 25
	}
	l.wantClean(500, 0.5)
}

// TestLossOnACalmLine loses a packet: the copy of the next one should be in time.
func TestLossOnACalmLine(t *testing.T) {
	l := newLine(t)
	lost := func(k int) bool { return k%1000 == 0 } // every 20 s
	l.run(1, 1500, 7, lost)
	if l.head.concealed == 0 || l.head.concealed > frameSamples {
		t.Errorf("concealed %d samples for the first", l.head.concealed)
	}
	before := l.head.concealed
	l.run(1500, 10000, 7, lost)
	if more := l.head.concealed - before; more > 0 {
		t.Errorf("concealed %d samples for the next", more)
	}
	if l.head.recovered < 8 {
		t.Errorf("recovered %d of %d", l.head.recovered, l.head.lost)
	}
}

func TestConcealsWhatIsLost(t *testing.T) {
	l := newLine(t)
	for k := range 200 {
		if k%10 != 5 {
			l.send(k, 7, false)
		}
		l.play()
		l.play()
	}
	l.wantClean(440, 0.5)
	if l.head.lost < 19 || l.head.lost > 20 {
		t.Errorf("lost %d, want 20", l.head.lost)
	}
	want := int64(l.head.lost) * frameSamples
	if l.head.concealed < want || l.head.concealed > want+4*frameSamples {
		t.Errorf("concealed %d samples, want about %d", l.head.concealed, want)
	}
}

func TestRecoversFromCopies(t *testing.T) {
	l := newLine(t)
	l.run(0, 500, 7, func(k int) bool { return k%10 == 5 })
	l.wantClean(440, 0.5)
	if l.head.recovered < 40 {
		t.Errorf("recovered %d of %d, want nearly all", l.head.recovered, l.head.lost)
	}
}

func TestReordersAndDropsDuplicates(t *testing.T) {
	l := newLine(t)
	verdicts := map[verdict]int{}
	for k := 0; k < 300; k += 2 {
		l.play()
		l.play()
		verdicts[l.send(k+1, 7, false)]++
		l.play()
		l.play()
		verdicts[l.send(k, 7, false)]++
		verdicts[l.send(k+1, 7, false)]++
	}
	l.wantClean(440, 0.5)
	if verdicts[duplicate] != 150 {
		t.Errorf("%d duplicates, want 150 (%v)", verdicts[duplicate], verdicts)
	}
	if verdicts[late] > 2 || l.head.concealed > 4*frameSamples {
		t.Errorf("late %d, concealed %d: reordering was not waited for", verdicts[late], l.head.concealed)
	}
}

func TestFollowsJitter(t *testing.T) {
	l := newLine(t)
	random := rand.New(rand.NewPCG(1, 2))
	arrivals := map[int][]int{} // packets by block
	const packets = 1500
	for k := range packets {
		at := 2*k + random.IntN(9) // up to 80 ms late
		arrivals[at] = append(arrivals[at], k)
	}
	var concealedAt int64
	for block := range 2 * packets {
		for _, k := range arrivals[block] {
			l.send(k, 7, false)
		}
		l.play()
		if block == 400 {
			concealedAt = l.head.concealed
		}
	}
	l.wantClean(440, 0.5)
	if more := l.head.concealed - concealedAt; more > sampleRate/50 {
		t.Errorf("still concealed %d samples after the first seconds", more)
	}
	if target := l.head.jitter.delay.target; target < 75*millisecond || target > 110*millisecond {
		t.Errorf("target %d ms for jitter of 80 ms", target/millisecond)
	}
	grown := l.head.jitter.delay.target
	l.run(packets, packets+4000, 7, nil) // what is remembered of a hiccup is a minute
	if target := l.head.jitter.delay.target; target >= grown || target != minTarget {
		t.Errorf("target %d ms after a calm minute, want %d", target/millisecond, minTarget/millisecond)
	}
	if d := l.delay(); d > minTarget+frameSamples {
		t.Errorf("delay is still %d ms after a calm minute", d/millisecond)
	}
}

func TestPauseIsNotConcealed(t *testing.T) {
	l := newLine(t)
	l.run(0, 100, 7, nil)
	before := l.head.concealed
	// DTX: one tiny packet, nothing for 380 ms, then sound goes on.
	for range 5 {
		k := int(uint16(l.head.jitter.high) - 7)
		seq, ts := uint16(l.head.jitter.high)+1, uint32(l.head.jitter.highTS)+frameSamples
		l.head.insert(arrival{ssrc: 1, seq: seq, ts: ts, samples: frameSamples, payload: []byte{9 << 3}}, l.now)
		for range 40 {
			l.play()
		}
		for i := range 10 {
			l.head.insert(arrival{
				ssrc: 1, seq: seq + 1 + uint16(i), ts: ts + uint32((20+i)*frameSamples),
				samples: frameSamples, payload: sinePacket((k+20+i)*frameSamples, false),
			}, l.now)
			l.play()
			l.play()
		}
	}
	// A tiny packet is garbage to sineDecoder, and so is made up by the player,
	// but not counted by the playhead.
	if made := l.head.concealed - before; made > 2*frameSamples {
		t.Errorf("%d samples of a pause were counted as concealed", made)
	}
	if l.head.lost != 0 {
		t.Errorf("lost %d, want none", l.head.lost)
	}
}

func TestOutageFadesAndResumes(t *testing.T) {
	l := newLine(t)
	l.run(0, 100, 7, nil)
	l.run(100, 140, 7, func(int) bool { return true }) // 800 ms cut
	silent := l.out[len(l.out)-sampleRate/5:]
	if peak := peakOf(silent); peak != 0 {
		t.Errorf("sound of %.3f long after the stream was cut", peak)
	}
	for k := 100; k < 140; k++ { // all of it comes at once
		l.send(k, 7, false)
	}
	from := len(l.out)
	l.run(140, 400, 7, nil)
	if step := largestStep(l.out[sampleRate/2:]); step > 1.3*maxSineStep(440, 0.5) {
		t.Errorf("click of %.4f", step)
	}
	if level := rms(l.out[from+blockSamples : from+10*blockSamples]); level < 0.3 {
		t.Errorf("level %.3f right after the cut, want sound at once", level)
	}
	if d := l.delay(); d > 150*millisecond {
		t.Errorf("delay is still %d ms, five seconds after a cut", d/millisecond)
	}
}

func TestSourceRestarts(t *testing.T) {
	l := newLine(t)
	l.run(0, 100, 7, nil)
	if v := l.send(5000, 90000000, false); v != suspect {
		t.Errorf("a stray packet is %v, want suspect", v)
	}
	l.run(100, 150, 7, nil)
	if l.head.lost != 0 {
		t.Errorf("a stray packet lost %d others", l.head.lost)
	}
	from := len(l.out)
	l.run(0, 100, 123456789, nil)
	if level := rms(l.out[from+15*blockSamples:]); level < 0.3 {
		t.Errorf("level %.3f after the source restarted", level)
	}
	if step := largestStep(l.out[sampleRate/2:]); step > 1.3*maxSineStep(440, 0.5) {
		t.Errorf("click of %.4f", step)
	}
}

// TestDrift lets the far end's clock, or the device's, be off for ten minutes.
func TestDrift(t *testing.T) {
	for _, ppm := range []float64{-200, 200} {
		l := newLine(t)
		sent := 0
		var widest, narrowest int64 = 0, 1 << 40
		for block := range 60000 {
			due := float64(block) * blockSamples * (1 + ppm/1e6) / frameSamples
			for ; float64(sent) <= due; sent++ {
				l.send(sent, 7, false)
			}
			l.play()
			if block%100 == 99 {
				if step := largestStep(l.out[len(l.out)-sampleRate:]); block > 200 && step > 1.3*maxSineStep(440, 0.5) {
					t.Fatalf("%+.0f ppm: click of %.4f in second %d", ppm, step, block/100)
				}
				if block%6000 == 5999 {
					l.wantClean(440, 0.5)
				}
				l.out = append(l.out[:0], l.out[max(0, len(l.out)-2*sampleRate):]...)
			}
			if block > 1000 {
				d := l.delay()
				widest, narrowest = max(widest, d), min(narrowest, d)
			}
		}
		if widest > 60*millisecond {
			t.Errorf("%+.0f ppm: delay grew to %d ms", ppm, widest/millisecond)
		}
		if l.head.jitter.waiting > 5 {
			t.Errorf("%+.0f ppm: %d packets wait", ppm, l.head.jitter.waiting)
		}
		if l.head.lost != 0 || l.head.concealed > sampleRate/5 {
			t.Errorf("%+.0f ppm: lost %d, concealed %d", ppm, l.head.lost, l.head.concealed)
		}
		t.Logf("%+.0f ppm: delay %d to %d ms, concealed %d samples", ppm,
			narrowest/millisecond, widest/millisecond, l.head.concealed)
	}
}
