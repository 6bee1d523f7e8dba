package core

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/device"
)

// paperSound is a sound system whose devices are asked for by the test.
type paperSound struct {
	mu     sync.Mutex
	broken map[string]error
	heard  map[string]float32 // loudest sample by speaker
	open   []string           // speakers, in the order in which they were opened
}

func (p *paperSound) opener(ctx context.Context, _, speaker string, io device.SoundIO, _ *slog.Logger) (device.Sound, error) {
	p.mu.Lock()
	err := p.broken[speaker]
	p.open = append(p.open, speaker)
	p.mu.Unlock()
	if err != nil {
		return nil, err
	}
	s := &paperDevice{sound: p, speaker: speaker, io: io, done: make(chan struct{}), ended: make(chan struct{})}
	go s.run() // Close waits
	return s, nil
}

func (p *paperSound) breakDown(speaker string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken[speaker] = err
}

func (p *paperSound) opened(speaker string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.open, speaker)
}

// loudest is what was heard at a speaker since the last call.
func (p *paperSound) loudest(speaker string) float32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	peak := p.heard[speaker]
	p.heard[speaker] = 0
	return peak
}

type paperDevice struct {
	sound       *paperSound
	speaker     string
	io          device.SoundIO
	once        sync.Once
	done, ended chan struct{}
}

func (d *paperDevice) run() {
	defer close(d.ended)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	pcm := make([]float32, 480)
	for {
		select {
		case <-d.done:
			return
		case <-tick.C:
		}
		d.io.Playout(pcm)
		d.sound.mu.Lock()
		d.sound.heard[d.speaker] = max(d.sound.heard[d.speaker], slices.Max(pcm))
		d.sound.mu.Unlock()
		if d.io.NeedCapture {
			d.io.Capture(make([]float32, 480))
		}
	}
}

func (d *paperDevice) Close() error {
	d.once.Do(func() { close(d.done) })
	<-d.ended
	return nil
}

func (d *paperDevice) Names() (microphone, speaker string) { return "", d.speaker }

// ringing is an engine on paper with a headset and a loudspeaker.
func ringing(t *testing.T, choice engine.DeviceChoice) (*Core, *paperSound) {
	t.Helper()
	choice.Camera, choice.Microphone = engine.DeviceNone, engine.DeviceNone
	p := &paperSound{broken: map[string]error{}, heard: map[string]float32{}}
	c := New(Config{Devices: choice})
	t.Cleanup(func() {
		c.do(t, func() { clear(c.calls) }) // they are of paper, too
		c.Close()
	})
	until(t, "the real devices are listed", func() (yes bool) {
		c.do(t, func() { yes = c.listed })
		return yes
	})
	c.do(t, func() {
		c.sound = p.opener
		c.devicesChanged(paperDevices("headset", "loudspeaker"))
	})
	return c, p
}

func (c *Core) do(t *testing.T, f func()) {
	t.Helper()
	if err := c.ask(func() error { f(); return nil }); err != nil {
		t.Fatal(err)
	}
}

func paperDevices(names ...string) (list []engine.Device) {
	for _, kind := range []engine.DeviceKind{engine.Speaker, engine.Ringer} {
		for i, n := range names {
			list = append(list, engine.Device{Kind: kind, ID: n, Name: "The " + n, Default: i == 0})
		}
	}
	return list
}

// until is for tests in a bubble, where no time passes while it sleeps.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !f(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not in time: " + what)
		}
	}
}

// ring lets a call come in, or end it.
func (c *Core) ringFor(t *testing.T, id engine.CallID, on bool) {
	t.Helper()
	c.do(t, func() {
		if !on {
			delete(c.calls, id)
			return
		}
		e := &entry{id: id}
		e.st.Direction, e.st.Phase = engine.Incoming, engine.Ringing
		c.calls[id] = e
	})
}

func TestCallsRingAtTheRinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := ringing(t, engine.DeviceChoice{Speaker: "headset", Ringer: "loudspeaker"})
		if s := c.Snapshot(); s.InUse.Ringer != "loudspeaker" || s.InUse.Speaker != "headset" || s.Sound.RingerVolume != 1 {
			t.Errorf("told %+v, %+v", s.InUse, s.Sound)
		}
		c.ringFor(t, "1", true)
		until(t, "it rings", func() bool { return p.loudest("loudspeaker") > 0.03 })
		if p.opened("headset") {
			t.Error("the headset was opened to ring")
		}
		if err := c.SetRingerVolume(0); err != nil {
			t.Fatal(err)
		}
		until(t, "the volume is followed", func() bool { time.Sleep(30 * time.Millisecond); return p.loudest("loudspeaker") == 0 })
		if err := c.SetRingerVolume(0.5); err != nil || c.Snapshot().Sound.RingerVolume != 0.5 {
			t.Fatal(err)
		}
		until(t, "it is heard again", func() bool { return p.loudest("loudspeaker") > 0.01 })
		c.do(t, func() { c.undisturbed = true })
		until(t, "do not disturb", func() bool { time.Sleep(30 * time.Millisecond); return p.loudest("loudspeaker") == 0 })
		if err := c.SetRingerVolume(2); err == nil {
			t.Error("a volume of 2 is taken")
		}
	})
}

// TestRingerFallsBack: a ringer that is busy, or is unplugged while it rings, leaves
// the ringing to the speaker.
func TestRingerFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := ringing(t, engine.DeviceChoice{Speaker: "headset", Ringer: "loudspeaker"})
		p.breakDown("loudspeaker", &engine.Problem{Cause: "It is busy.", Err: engine.ErrDeviceBusy})
		c.ringFor(t, "1", true)
		until(t, "the headset rings", func() bool { return p.loudest("headset") > 0.03 })
		until(t, "it is told", func() bool {
			return slices.ContainsFunc(c.Snapshot().Notices, func(n engine.Problem) bool {
				return n.Cause == "It is busy. Calls ring at the speaker."
			})
		})
		c.ringFor(t, "1", false)
		p.breakDown("loudspeaker", nil)
		c.ringFor(t, "2", true)
		until(t, "the ringer is tried again", func() bool { return p.loudest("loudspeaker") > 0.03 })
		until(t, "nothing is told any more", func() bool { return len(c.Snapshot().Notices) == 0 })

		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		events := c.Events(ctx)
		c.do(t, func() { c.devicesChanged(paperDevices("headset")) })
		p.loudest("headset")
		until(t, "the headset rings in its place", func() bool { return p.loudest("headset") > 0.03 })
		told := false
		for e := range events {
			if e.Name == engine.EventDeviceChange {
				if e.DeviceKind != engine.Ringer || e.DeviceName != "The headset" || e.Reason != "The loudspeaker is gone" {
					t.Errorf("told %+v", e)
				}
				told = true
				break
			}
		}
		if !told {
			t.Error("it is never told")
		}
	})
}

// TestRingerFollowsTheSpeaker: by default calls ring where they are heard.
func TestRingerFollowsTheSpeaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := ringing(t, engine.DeviceChoice{Speaker: "headset"})
		c.ringFor(t, "1", true)
		until(t, "the headset rings", func() bool { return p.loudest("headset") > 0.03 })
		if err := c.SelectDevice(engine.Speaker, "loudspeaker"); err != nil {
			t.Fatal(err)
		}
		until(t, "the loudspeaker rings", func() bool { return p.loudest("loudspeaker") > 0.03 })
		c.ringFor(t, "1", false)
		p.breakDown("headset", errors.New("of paper"))
		if err := c.SelectDevice(engine.Speaker, "headset"); err != nil {
			t.Fatal(err)
		}
		c.ringFor(t, "2", true)
		until(t, "the speaker's problem is told once", func() bool { return len(c.Snapshot().Notices) == 1 })
	})
}

func TestTestTones(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := ringing(t, engine.DeviceChoice{Speaker: "headset", Ringer: "loudspeaker"})
		for kind, name := range map[engine.DeviceKind]string{engine.Speaker: "headset", engine.Ringer: "loudspeaker"} {
			if err := c.PlayTestTone(kind); err != nil {
				t.Fatal(err)
			}
			until(t, name+" sounds", func() bool { return p.loudest(name) > 0.1 })
		}
		if err := c.PlayTestTone(engine.Camera); err == nil {
			t.Error("a camera sounds")
		}
	})
}
