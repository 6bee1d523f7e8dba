package audio

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tring/engine/internal/audio/audiotest"
)

// echoScene is a conversation through a loudspeaker and a microphone in one
// room, each on a clock of its own. It runs in virtual time through what the
// sound of a call really goes through: session, follower, library.
//
// Every 24 s: the far end speaks, except from 14 to 18; this end speaks from 8
// to 12 (both at once) and from 14 to 16.
type echoScene struct {
	seconds  int
	ppm      float64 // the speaker's clock against the microphone's
	delay    int     // ms from play-out to its echo, reverberation follows
	jitter   float64 // ms by which callbacks come late, at the most
	change   int     // second in which the delay and the room change; 0: never
	announce bool    // by a change of devices; else it comes unseen
	settings Processing
}

// echoResult is what came out of it.
type echoResult struct {
	erle    []float64 // dB by which the echo is weaker, for each second of the far end alone
	at      []int     // those seconds
	near    []float64 // dB by which this end's speech is changed, for each time both speak
	alone   []float64 // the same where it speaks alone
	jumps   int
	elapsed time.Duration
}

const (
	echoCycle   = 24
	echoLevel   = 0.1  // root mean square of either voice
	echoNoise   = 1e-4 // of the room
	echoRoomDB  = -6
	echoReverb  = 250 * millisecond
	echoFarLoop = 47 * sampleRate
	echoOwnLoop = 31 * sampleRate
)

func echoFar(second int) bool  { s := second % echoCycle; return s < 14 || s >= 18 }
func echoNear(second int) bool { s := second % echoCycle; return s >= 8 && s < 12 || s >= 14 && s < 16 }

// play runs the scene.
func (e echoScene) play(t testing.TB) (r echoResult) {
	t.Helper()
	began := time.Now()
	random := rand.New(rand.NewPCG(9, 9))
	far, own := audiotest.Speech(1, echoFarLoop, echoLevel), audiotest.Speech(4, echoOwnLoop, echoLevel)
	room := audiotest.NewRoom(1, e.delay*millisecond, echoReverb, echoRoomDB)

	var clock float64 // s
	d := &Desk{wakePlay: make(chan struct{}, 1), wakeCapture: make(chan struct{}, 1)}
	begin := func() (*session, *microphone) {
		s := newSession(d, func() {}, true)
		s.now = func() time.Duration { return time.Duration(clock * float64(time.Second)) }
		return s, newMicrophone(s, orDiscard(nil))
	}
	s, mic := begin()
	defer func() { mic.close() }()

	speed := 1 + e.ppm/1e6
	sent := 0                       // samples to the speaker
	played := func(n int) float32 { // sample n of all that the speaker plays
		if n < 0 || !echoFar(n/sampleRate) {
			return 0
		}
		return far[n%len(far)]
	}
	var block, raw, echo, speech [blockSamples]float32
	var echoSum, outSum, speechSum float64
	late := func() float64 { return e.jitter / 1000 * math.Pow(random.Float64(), 4) }
	nextPlay, nextHear := 0.0, 0.0037
	for n := 0; n < e.seconds*sampleRate; {
		if nextPlay <= nextHear {
			clock = nextPlay
			for i := range block {
				block[i] = played(sent + i)
			}
			s.played.put(block[:])
			s.playout(block[:])
			sent += len(block)
			nextPlay = math.Max(nextPlay, float64(sent)/sampleRate/speed+late())
			continue
		}
		clock = nextHear
		second := n / sampleRate
		if e.change > 0 && n == e.change*sampleRate {
			room = audiotest.NewRoom(2, (e.delay+60)*millisecond, echoReverb, echoRoomDB)
			if e.announce {
				r.jumps += mic.follower.jumps
				mic.close()
				s, mic = begin()
			}
		}
		for i := range block {
			place := float64(n+i) * speed
			now := float32(0)
			if lo := int(place) / sampleRate; echoFar(lo) {
				now = audiotest.Resample(far, math.Mod(place, float64(len(far))))
			}
			echo[i], speech[i] = room.Hear(now), 0
			if echoNear(second) {
				speech[i] = own[(n+i)%len(own)]
			}
			block[i] = echo[i] + speech[i] + float32(random.NormFloat64()*echoNoise)
		}
		s.capture(block[:])
		n += len(block)
		nextHear = math.Max(nextHear, float64(n)/sampleRate+0.0037+late())
		out := mic.next(e.settings, raw[:])
		if out == nil {
			t.Fatal("no sound")
		}
		echoSum, outSum, speechSum = echoSum+power(echo[:]), outSum+power(out), speechSum+power(speech[:])
		if n%sampleRate != 0 {
			continue
		}
		db := func(x float64) float64 { return 10 * math.Log10(x) }
		switch c := second % echoCycle; {
		case c < 8 && c > 0 || c > 18:
			r.erle, r.at = append(r.erle, db(echoSum/outSum)), append(r.at, second)
		case c == 11, c == 15:
			if c == 11 {
				r.near = append(r.near, db(outSum/speechSum))
			} else {
				r.alone = append(r.alone, db(outSum/speechSum))
			}
		case c == 8, c == 9, c == 10, c == 14:
			continue // goes on
		}
		echoSum, outSum, speechSum = 0, 0, 0
	}
	r.jumps += mic.follower.jumps
	r.elapsed = time.Since(began)
	return r
}

func power(pcm []float32) (sum float64) {
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return sum
}

// after is the least ERLE of all seconds but those in which the echo's way is
// still new: two after the beginning and after a change.
func (r echoResult) worst(e echoScene) float64 {
	worst := math.Inf(1)
	for i, v := range r.erle {
		if at := r.at[i]; at >= 2 && (e.change == 0 || at < e.change || at >= e.change+2) {
			worst = min(worst, v)
		}
	}
	return worst
}

func (r echoResult) worstNear() float64 { return slices.Min(r.near) }

// TestEchoIsCancelled is the short form of BenchmarkEcho.
func TestEchoIsCancelled(t *testing.T) {
	if !ProcessingAvailable() {
		t.Skip("built without the library")
	}
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, e := range []echoScene{
		{seconds: 32, delay: 80, ppm: 200, jitter: 3, change: 24, announce: true, settings: echoSettings},
		{seconds: 32, delay: 80, ppm: -200, jitter: 3, change: 24, announce: true, settings: echoSettings},
	} {
		r := e.play(t)
		t.Logf("%+v: ERLE %.0f dB at seconds %v; this end %.1f dB when both speak, %.1f alone", e, r.erle, r.at, r.near, r.alone)
		if worst := r.worst(e); worst < echoBar {
			t.Errorf("%+.0f ppm: echo only %.1f dB weaker, want %v", e.ppm, worst, echoBar)
		}
		if worst := r.worstNear(); worst < nearBar {
			t.Errorf("%+.0f ppm: this end's speech is changed by %.1f dB while both speak, want %v", e.ppm, worst, nearBar)
		}
		if r.jumps > 0 {
			t.Errorf("%+.0f ppm: the far end was lost %d times", e.ppm, r.jumps)
		}
	}
}

const (
	echoBar = 35.0 // dB
	nearBar = -4.0
)

// echoSettings leave the automatic gain out: it would hide what is lost.
var echoSettings = Processing{EchoCancellation: true, NoiseSuppression: true}

// BenchmarkEcho is ten minutes of conversation through a loudspeaker for each
// line: clocks apart by 200 ppm either way, and another device, or another
// delay unseen, in the middle. It measures how much weaker the echo becomes
// (ERLE) in the worst second and in half of them, the first two and those after
// the change left out, and what is lost of this end's speech while both speak,
// at worst. Run it with -benchtime=1x.
func BenchmarkEcho(b *testing.B) {
	if testing.Short() {
		b.Skip("a long measurement; make bench takes it")
	}
	if !ProcessingAvailable() {
		b.Skip("built without the library")
	}
	for name, e := range map[string]echoScene{
		"drift=+200ppm/device=changes": {ppm: 200, announce: true},
		"drift=-200ppm/device=changes": {ppm: -200, announce: true},
		"drift=+200ppm/delay=jumps":    {ppm: 200},
	} {
		b.Run(name, func(b *testing.B) {
			e.seconds, e.delay, e.jitter, e.change, e.settings = 600, 80, 3, 300, echoSettings
			for b.Loop() {
				r := e.play(b)
				under := 0
				for i, v := range r.erle {
					if at := r.at[i]; v < echoBar && at >= 2 && (at < e.change || at >= e.change+2) {
						under++
						b.Logf("second %d: %.1f dB", at, v)
					}
				}
				b.ReportMetric(r.worst(e), "dB-ERLE-worst")
				b.ReportMetric(median(r.erle), "dB-ERLE-median")
				b.ReportMetric(float64(under), "s-under-35dB")
				b.ReportMetric(r.worstNear(), "dB-near-worst")
				b.ReportMetric(median(r.near), "dB-near-median")
				b.ReportMetric(float64(e.seconds)/r.elapsed.Seconds(), "x-real-time")
			}
		})
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
