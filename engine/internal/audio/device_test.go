package audio

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
)

func TestDeviceChangesUnderACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		c.bench.device(t, 1).play(time.Second)
		c.desk.SetDevice(nil)
		time.Sleep(2 * time.Second) // the internal clock plays and sends silence
		if level := c.in.Stats().Level; level > 0.01 {
			t.Errorf("level %.3f without a microphone", level)
		}
		if before, now := int64(50), c.net.sent.Load(); now < before+95 {
			t.Errorf("%d packets in 3 s, of them 2 without a device", now)
		}
		c.desk.SetDevice(c.bench.open)
		dev := c.bench.device(t, 2)
		if level := goertzel(dev.play(time.Second)[sampleRate/2:], 440); !near(level, 0.5, 0.05) {
			t.Errorf("level %.3f on the new device", level)
		}
		if !c.bench.opened[0].closed.Load() {
			t.Error("the old device is still open")
		}
		c.end(t)
	})
}

func TestDeviceThatHangsIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		hang := make(chan struct{})
		c.bench.device(t, 1).hang = hang
		old := c.bench.opened[0]
		old.play(time.Second)
		c.desk.SetDevice(c.bench.open)
		time.Sleep(closeLimit + time.Second)
		dev := c.bench.device(t, 2)
		var junk [blockSamples]float32
		old.io.Playout(junk[:]) // a callback too many harms nobody
		old.io.Capture(junk[:])
		if level := goertzel(dev.play(time.Second)[sampleRate/2:], 440); !near(level, 0.5, 0.05) {
			t.Errorf("level %.3f on the new device", level)
		}
		close(hang)
		synctest.Wait()
		c.end(t)
	})
}

func TestLostDeviceIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		var problems []error
		c.desk.OnProblem(func(err error) { problems = append(problems, err) })
		dev := c.bench.device(t, 1)
		dev.play(time.Second)
		c.bench.mu.Lock()
		c.bench.fail = errors.New("not there")
		c.bench.mu.Unlock()
		dev.io.OnLost(errors.New("unplugged"))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		var told *engine.Problem
		if len(problems) != 1 || !errors.As(problems[0], &told) {
			t.Errorf("problems told: %v, want one for a person", problems)
		}
		c.bench.mu.Lock()
		c.bench.fail = nil
		c.bench.mu.Unlock()
		for waited := time.Duration(0); c.bench.count() < 2 && waited < 2*retryMost; waited += time.Second {
			time.Sleep(time.Second)
		}
		if level := goertzel(c.bench.device(t, 2).play(time.Second)[sampleRate/2:], 440); !near(level, 0.5, 0.05) {
			t.Errorf("level %.3f after the device came back", level)
		}
		c.end(t)
	})
}

func TestDeviceThatKeepsFailingIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		var problems []error
		c.desk.OnProblem(func(err error) { problems = append(problems, err) })
		for n := 1; n <= 6; n++ {
			for c.bench.count() < n {
				time.Sleep(100 * time.Millisecond)
			}
			dev := c.bench.device(t, n)
			dev.play(100 * time.Millisecond)
			dev.io.OnLost(nil)
		}
		synctest.Wait()
		if len(problems) != 1 {
			t.Errorf("told %d times", len(problems))
		}
		for c.bench.count() < 7 {
			time.Sleep(100 * time.Millisecond)
		}
		dev := c.bench.device(t, 7)
		dev.play(stable + 2*stallLimit)
		dev.io.OnLost(nil)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(problems) != 2 {
			t.Errorf("told %d times, the second after half a minute of sound", len(problems))
		}
		c.end(t)
	})
}

func TestStalledDeviceIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		var problems []error
		c.desk.OnProblem(func(err error) { problems = append(problems, err) })
		c.bench.device(t, 1).play(time.Second)
		time.Sleep(2 * stallLimit)
		synctest.Wait()
		if len(problems) != 1 || !errors.Is(problems[0], errStalled) {
			t.Errorf("problems told: %v", problems)
		}
		c.end(t)
	})
}

func TestDeviceIsOpenOnlyWhenNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bench{}
		d := NewDesk(DeskConfig{})
		d.SetDevice(b.open)
		b.device(t, 0)
		stop := d.Play(Ring)
		ring := b.device(t, 1)
		if ring.io.NeedCapture {
			t.Error("a tone opened the microphone")
		}
		if level := rms(ring.play(500 * time.Millisecond)); level == 0 {
			t.Error("the tone is not heard")
		}
		net := newNetwork()
		out := d.NewOutbound(OutboundConfig{Write: net.write})
		stop()
		stop()
		both := b.device(t, 2)
		if !both.io.NeedCapture || !ring.closed.Load() {
			t.Errorf("microphone asked for: %v, old device closed: %v", both.io.NeedCapture, ring.closed.Load())
		}
		both.play(time.Second)
		out.Close()
		both.play(linger / 2)
		if both.closed.Load() {
			t.Error("closed at once")
		}
		both.play(linger)
		if !both.closed.Load() {
			t.Error("still open after the last use")
		}
		net.interrupt()
		d.Close()
	})
}
