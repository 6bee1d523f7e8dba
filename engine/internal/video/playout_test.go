package video

import (
	"testing"
	"testing/synctest"
	"time"

	"tring/engine/internal/i420"
)

const framePeriod = 3000 // of RTP time: 30 pictures a second

// road is a synthetic network with a sender at its far end.
type road struct {
	playout
	start time.Time
	i     int
	due   time.Time // of the picture before
}

func newRoad() *road { return &road{start: time.Unix(1000, 0)} }

// next sends a picture that takes the time given, and tells when it came, when
// it is to be shown, and how much its distance to the one before it differs from
// that in which they were taken.
func (r *road) next(takes time.Duration, sound func(taken time.Time) time.Time) (came, due time.Time, uneven time.Duration) {
	taken := r.start.Add(time.Duration(r.i) * time.Second / 30)
	came = taken.Add(takes)
	heard := time.Time{}
	if sound != nil {
		heard = sound(taken)
	}
	due = r.place(uint32(0xffff0000+framePeriod*r.i), came, heard)
	if r.i > 0 {
		uneven = (due.Sub(r.due) - time.Second/30).Abs()
	}
	r.due = due
	r.i++
	return came, due, uneven
}

func TestPlayoutDoesNotDelayWhatComesEvenly(t *testing.T) {
	r := newRoad()
	rnd := newRand(3)
	for i := range 600 {
		came, due, _ := r.next(20*time.Millisecond+time.Duration(rnd.IntN(5))*time.Millisecond, nil)
		if wait := due.Sub(came); wait > 5*time.Millisecond {
			t.Fatalf("picture %d waits %v", i, wait)
		}
	}
}

func TestPlayoutEvensOutJitter(t *testing.T) {
	r := newRoad()
	rnd := newRand(4)
	inTime := 0
	for i := range 900 {
		came, due, uneven := r.next(20*time.Millisecond+time.Duration(rnd.IntN(50))*time.Millisecond, nil)
		if wait := due.Sub(came); wait > 60*time.Millisecond {
			t.Fatalf("picture %d waits %v", i, wait)
		}
		if uneven > time.Second/30/4+time.Microsecond && i > 30 {
			t.Fatalf("picture %d comes %v off the pace", i, uneven)
		}
		if i >= 300 && came.Sub(due) <= jitterSlack {
			inTime++
		}
	}
	if inTime < 600*8/10 {
		t.Errorf("%d of 600 pictures in time", inTime)
	}
	for range 300 {
		r.next(20*time.Millisecond, nil)
	}
	if came, due, _ := r.next(20*time.Millisecond, nil); due.Sub(came) > time.Millisecond {
		t.Errorf("waits %v ten seconds after the jitter", due.Sub(came))
	}
}

func TestPlayoutForgetsAnOutage(t *testing.T) {
	r := newRoad()
	for range 150 {
		r.next(20*time.Millisecond, nil)
	}
	for left := time.Second; left > 0; left -= time.Second / 30 { // all come when it is over
		came, due, _ := r.next(20*time.Millisecond+left, nil)
		if due.After(came) && left > 100*time.Millisecond {
			t.Fatalf("a late picture waits another %v", due.Sub(came))
		}
	}
	for range 300 {
		r.next(20*time.Millisecond, nil)
	}
	if came, due, _ := r.next(20*time.Millisecond, nil); due.Sub(came) > time.Millisecond {
		t.Errorf("waits %v ten seconds after an outage", due.Sub(came))
	}
}

func TestPlayoutKeepsInStepWithTheSound(t *testing.T) {
	r := newRoad()
	sound := func(delay time.Duration) func(time.Time) time.Time {
		return func(taken time.Time) time.Time { return taken.Add(delay) }
	}
	for range 90 {
		r.next(20*time.Millisecond, sound(20*time.Millisecond))
	}
	for _, c := range []struct{ heard, shown time.Duration }{
		{90 * time.Millisecond, 90*time.Millisecond - soundLead}, // a little before, which nobody notices
		{70 * time.Millisecond, 70*time.Millisecond - soundLead}, // the sound catches up
		{5 * time.Millisecond, 20 * time.Millisecond},            // pictures cannot be shown before they come
		{2 * time.Second, 20*time.Millisecond + soundMost},       // and do not wait for ever
		{-time.Hour, 20 * time.Millisecond},
	} {
		for i := range 120 {
			if _, _, uneven := r.next(20*time.Millisecond, sound(c.heard)); uneven > time.Second/30*2/3+time.Microsecond {
				t.Fatalf("sound at %v: picture %d comes %v off the pace", c.heard, i, uneven)
			}
		}
		came, due, _ := r.next(20*time.Millisecond, sound(c.heard))
		if shown := due.Sub(came) + 20*time.Millisecond; (shown - c.shown).Abs() > time.Millisecond {
			t.Errorf("sound after %v: pictures after %v, want %v", c.heard, shown, c.shown)
		}
	}
}

func TestPlayoutFollowsDrift(t *testing.T) {
	for _, ppm := range []int{-300, 300} {
		r := newRoad()
		for i := range 10 * 60 * 30 {
			drift := time.Duration(i) * time.Second / 30 / 1_000_000 * time.Duration(ppm)
			came, due, _ := r.next(time.Second+drift, nil)
			if wait := due.Sub(came); wait > 5*time.Millisecond {
				t.Fatalf("%d ppm: waits %v after %d s", ppm, wait, i/30)
			}
		}
	}
}

// FuzzPlayout has pictures come at any time with any RTP time: none may wait
// longer than the bounds say.
func FuzzPlayout(f *testing.F) {
	f.Add([]byte{0, 0, 1, 2, 3, 200, 100, 255, 7, 9, 128, 128, 0, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		var p playout
		now, rtp := time.Unix(5000, 0), uint32(7)
		for i := 0; i+2 < len(script); i += 3 {
			now = now.Add(time.Duration(script[i]) * time.Duration(script[i]) * 200 * time.Microsecond)
			rtp += uint32(int32(int8(script[i+1])) * int32(script[i+2]) * 40)
			sound := time.Time{}
			if script[i]%3 == 0 {
				sound = now.Add(time.Duration(int8(script[i+2])) * time.Second)
			}
			if wait := p.place(rtp, now, sound).Sub(now); wait > outageLate+soundMost {
				t.Fatalf("picture %d waits %v", i/3, wait)
			}
		}
	})
}

// exhibition feeds a gallery of one-pixel pictures.
type exhibition struct {
	gallery
	pool i420.Pool
}

func (e *exhibition) put(t *testing.T, i int, due time.Duration) {
	t.Helper()
	p := e.pool.Get(i+1, 1) // its width tells which it is
	e.add(placed{p, uint32(framePeriod * i), time.Unix(1000, 0).Add(due)})
}

// after shows what is due at the time, and gives which it was; -1 for none.
func (e *exhibition) after(d time.Duration) int {
	p := e.next(time.Unix(1000, 0).Add(d))
	if p == nil {
		return -1
	}
	defer p.Release()
	return p.Width() - 1
}

func TestGalleryCatchesUpWithoutAJump(t *testing.T) {
	const ms = time.Millisecond
	var e exhibition
	for i := range 5 {
		e.put(t, i, time.Duration(i)*33*ms)
	}
	for _, c := range []struct {
		at   time.Duration
		want int
	}{
		{-1 * ms, -1}, {0, 0}, {20 * ms, -1}, {33 * ms, 1}, // in time
		{120 * ms, 2}, {125 * ms, -1}, {131 * ms, -1}, {132 * ms, 3}, {140 * ms, -1}, {144 * ms, 4}, // late: quickly
		{200 * ms, -1},
	} {
		if got := e.after(c.at); got != c.want {
			t.Errorf("after %v picture %d, want %d", c.at, got, c.want)
		}
	}
	for i := 5; i < 15; i++ {
		e.put(t, i, time.Duration(i)*33*ms)
	}
	if got := e.after(time.Second); got != 14 || e.skipped != 9 {
		t.Errorf("half a second too late: picture %d, %d skipped", got, e.skipped)
	}
	e.put(t, 15, time.Minute)
	e.clear()
	if len(e.waiting) != 0 || e.pixels != 0 {
		t.Errorf("%d wait after clear, of %d pixels", len(e.waiting), e.pixels)
	}
}

func TestGalleryIsBounded(t *testing.T) {
	var g gallery
	var pool i420.Pool
	for i := range 5 { // of six megapixels, due in an hour
		p := pool.Get(3072, 2048)
		g.add(placed{p, uint32(framePeriod * i), time.Unix(9000, 0)})
	}
	shown := 0
	for p := g.next(time.Unix(1000, 0)); p != nil; p = g.next(time.Unix(1000, 0)) {
		p.Release()
		shown++
	}
	if shown != 3 {
		t.Errorf("%d shown to make room", shown)
	}
	g.clear()
}

func TestReceiverWaitsForTheSound(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		far := time.Unix(77, 0) // the far end's clock at the first picture
		first := s.time
		f.SetClock(func(rtp uint32) (time.Time, bool) {
			return far.Add(time.Duration(int32(rtp-first)) * time.Second / 90000), true
		})
		play := func(n int) {
			for range n {
				f.send(s.frame(false)...)
				time.Sleep(time.Second / 30)
			}
		}
		f.SetAudioDelay(time.Since(far)+65*time.Millisecond+soundLead, true)
		play(60)
		s1 := f.Stats()
		if !s1.Synced || s1.PlayoutDelay < 64*time.Millisecond || s1.PlayoutDelay > 66*time.Millisecond || (s1.Skew+soundLead).Abs() > time.Millisecond {
			t.Errorf("%+v", s1)
		}
		if n := f.shown.Load(); n >= 60 || n < 57 {
			t.Errorf("%d of 60 shown while two wait", n)
		}
		f.SetAudioDelay(0, false)
		play(60)
		if s := f.Stats(); s.Synced || s.PlayoutDelay > time.Millisecond || s.FramesSkipped != 0 || f.shown.Load() < 119 {
			t.Errorf("%+v, %d shown", s, f.shown.Load())
		}
	})
}

func TestReceiverClosesWhilePicturesWait(t *testing.T) {
	s := newStream(t)
	synctest.Test(t, func(t *testing.T) {
		s.t = t
		f := newFar()
		f.SetClock(func(uint32) (time.Time, bool) { return time.Now().Add(200 * time.Millisecond), true })
		f.SetAudioDelay(0, true)
		for range 30 {
			f.send(s.frame(false)...)
			time.Sleep(time.Second / 30)
		}
		if f.shown.Load() == 30 {
			t.Error("no picture waits")
		}
		f.end()
	})
}
