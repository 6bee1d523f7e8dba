package audio

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

func TestToneCrossesTheDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		heard := c.bench.device(t, 1).play(3 * time.Second)[sampleRate:]
		if level := goertzel(heard, 440); !near(level, 0.5, 0.05) {
			t.Errorf("440 Hz comes out with %.3f, want 0.5", level)
		}
		if got := pitch(heard, 440); !near(got, 440, 2) {
			t.Errorf("comes out as %.1f Hz", got)
		}
		in, out := c.in.Stats(), c.out.Stats()
		if c.first.Load() != 1 {
			t.Errorf("first sound told %d times", c.first.Load())
		}
		if in.Concealed > 0 || in.PacketsLost > 0 || in.PacketsReceived < 140 {
			t.Errorf("inbound %+v", in)
		}
		if !near(in.Energy, 0.125*2.9, 0.05) || !near(in.Level, 0.5, 0.05) {
			t.Errorf("energy %.3f over 3 s of level %.3f", in.Energy, in.Level)
		}
		if out.Packets != uint64(c.net.sent.Load()) || out.Bytes == 0 || out.Failed != 0 || !near(out.Level, 0.5, 0.02) {
			t.Errorf("outbound %+v, sent %d", out, c.net.sent.Load())
		}
		c.end(t)
	})
}

func TestToneCrossesABadNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 4))
		c := newCall(t, func(uint16) (bool, time.Duration) {
			return random.IntN(20) == 0, time.Duration(random.IntN(60)) * time.Millisecond
		})
		heard := c.bench.device(t, 1).play(10 * time.Second)[3*sampleRate:]
		if level := goertzel(heard, 440); level < 0.4 {
			t.Errorf("440 Hz comes out with %.3f, want near 0.5", level)
		}
		in := c.in.Stats()
		if in.PacketsLost < 10 || in.Concealed == 0 || in.Concealed > time.Second || in.PacketsRecovered == 0 {
			t.Errorf("inbound %+v", in)
		}
		if in.Target > maxTarget*time.Second/sampleRate || in.BufferTime > 300*time.Millisecond {
			t.Errorf("target %v, buffered %v", in.Target, in.BufferTime)
		}
		c.end(t)
	})
}

func TestMuteAndHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		dev := c.bench.device(t, 1)
		dev.play(time.Second)

		c.out.SetMuted(true)
		if level := rms(dev.play(time.Second)[sampleRate/2:]); level > 0.01 {
			t.Errorf("level %.3f while muted", level)
		}
		if level := c.out.Level(); !near(level, 0.5, 0.02) {
			t.Errorf("microphone level %.3f while muted, want it to be told", level)
		}
		sent := c.net.sent.Load()
		c.out.SetMuted(false)
		c.out.SetActive(false)
		c.in.SetHeld(true)
		if level := rms(dev.play(time.Second)[sampleRate/2:]); level != 0 {
			t.Errorf("level %.3f on hold", level)
		}
		if c.net.sent.Load() > sent+1 {
			t.Errorf("%d packets sent on hold", c.net.sent.Load()-sent)
		}
		concealed := c.in.Stats().Concealed
		c.out.SetActive(true)
		c.in.SetHeld(false)
		if level := goertzel(dev.play(time.Second)[sampleRate/2:], 440); !near(level, 0.5, 0.05) {
			t.Errorf("level %.3f after hold", level)
		}
		if more := c.in.Stats().Concealed - concealed; more > 0 {
			t.Errorf("%v concealed by hold", more)
		}
		c.end(t)
	})
}

func TestPausesAreSentAsPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		c.out.Close()
		c.out = c.desk.NewOutbound(OutboundConfig{Write: c.net.write, DTX: true})
		dev := c.bench.device(t, 1)
		dev.play(2 * time.Second)
		c.out.SetMuted(true)
		dev.play(2 * time.Second)
		concealed, sent := c.in.Stats().Concealed, c.net.sent.Load()
		dev.play(4 * time.Second)
		if n := c.net.sent.Load() - sent; n > 60 {
			t.Errorf("%d packets in 4 s of silence", n)
		}
		c.out.SetMuted(false)
		if level := goertzel(dev.play(time.Second)[sampleRate/2:], 440); !near(level, 0.5, 0.05) {
			t.Errorf("level %.3f after the pause", level)
		}
		if in := c.in.Stats(); in.Concealed != concealed || in.PacketsLost > 0 {
			t.Errorf("a pause was concealed for %v: %+v", in.Concealed-concealed, in)
		}
		c.end(t)
	})
}

// TestNothingClicks takes a call through all that can happen to it.
func TestNothingClicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		dev := c.bench.device(t, 1)
		heard := dev.play(time.Second)
		for _, turn := range []func(){
			func() { c.out.SetMuted(true) }, func() { c.out.SetMuted(false) },
			func() { c.in.SetHeld(true) }, func() { c.in.SetHeld(false) },
			func() { c.out.SetActive(false) }, func() { c.out.SetActive(true) },
			func() { c.in.Close() },
		} {
			heard = append(heard, dev.play(503*time.Millisecond)...)
			turn()
		}
		heard = append(heard, dev.play(500*time.Millisecond)...)
		if step := largestStep(heard); step > 1.5*maxSineStep(440, 0.5) {
			t.Errorf("click of %.3f, the sine itself has %.3f", step, maxSineStep(440, 0.5))
		}
		c.end(t)
	})
}

func TestCloseJoinsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		c := newCall(t, nil)
		c.desk.Play(Ring)
		c.desk.Play(DTMF('5'))
		c.bench.device(t, 1).play(200 * time.Millisecond)
		c.desk.Close() // streams first, by itself
		c.desk.NewOutbound(OutboundConfig{Write: c.net.write}).Close()
		in := c.desk.NewInbound(InboundConfig{Read: c.net.read})
		in.SetHeld(true)
		in.Close()
		c.desk.SetDevice(c.bench.open)
		c.desk.Play(Ring)()
		c.end(t)
	})
}
