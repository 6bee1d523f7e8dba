package core_test

import (
	"testing"
	"time"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/switchboard"
)

// TestScenarios plays between Trings what the interoperation suite plays
// against pages: with the offer that Tring makes as a rule, and with a transport
// for each kind of media.
func TestScenarios(t *testing.T) {
	for _, variant := range []struct {
		name      string
		unbundled bool
	}{{"balanced", false}, {"unbundled", true}} {
		for _, scene := range []struct {
			name string
			play func(c *cast)
		}{
			{"video answered with voice alone", (*cast).voiceForVideo},
			{"hold by the caller", func(c *cast) { c.talk(true); c.holds(c.a, c.b) }},
			{"hold by the callee", func(c *cast) { c.talk(true); c.holds(c.b, c.a) }},
			{"hold by both", (*cast).bothHold},
			{"hold by both at once", (*cast).holdGlare},
			{"video added and removed by the caller", func(c *cast) { c.talk(false); c.addsAndRemoves(c.a, c.b) }},
			{"video added and removed by the callee", func(c *cast) { c.talk(false); c.addsAndRemoves(c.b, c.a) }},
			{"video added by both at once", (*cast).videoGlare},
			{"mute", (*cast).mute},
			{"transfer by the callee", (*cast).transferByCallee},
			{"forward", (*cast).forward},
		} {
			t.Run(variant.name+", "+scene.name, func(t *testing.T) {
				o := newOffice(t, switchboard.Timers{})
				for _, name := range []string{"alice", "bob", "carol"} {
					o.addUser(name)
				}
				c := &cast{t: t, o: o, unbundled: variant.unbundled}
				c.a, c.b = side{phone: c.enter("alice")}, side{phone: c.enter("bob")}
				scene.play(c)
			})
		}
	}
}

// cast are those who play a scene.
type cast struct {
	t         *testing.T
	o         *office
	unbundled bool
	a, b      side
}

func (c *cast) enter(name string) *phone {
	c.t.Helper()
	p := newPhone(c.t, name, core.Config{
		Devices: engine.DeviceChoice{Camera: engine.DeviceTest, Microphone: engine.DeviceTest, Speaker: engine.DeviceNone},
		Width:   160, Height: 120, FPS: 15, Unbundled: c.unbundled,
	})
	c.o.signIn(p, "secret-"+name)
	return p
}

// talk makes a call from a to b.
func (c *cast) talk(video bool) {
	c.t.Helper()
	c.a.id, c.b.id = connect(c.a.phone, c.b.phone, video)
}

// received is what has come in so far.
type received struct {
	packets, frames uint64
	energy          float64
}

func (s side) received(t *testing.T) (r received) {
	t.Helper()
	waitFor(t, "figures of "+s.name, func() bool {
		stats, err := s.Stats(t.Context(), s.id)
		if err != nil {
			return false
		}
		r = received{packets: stats.Audio.Inbound.Packets, energy: stats.Audio.Inbound.Energy}
		if stats.Video != nil {
			r.frames = stats.Video.Inbound.FramesDecoded
		}
		return true
	})
	return r
}

// gets waits until sound and, with video, pictures come in.
func (s side) gets(t *testing.T, video bool) {
	t.Helper()
	s.hears(t)
	before := s.received(t)
	waitFor(t, "media for "+s.name, func() bool {
		now := s.received(t)
		return now.packets > before.packets+5 && (!video || now.frames > before.frames+5)
	})
}

// still waits until nothing comes in for a while.
func (s side) still(t *testing.T, sound bool) {
	t.Helper()
	for last, since := s.received(t), time.Now(); time.Since(since) < 500*time.Millisecond; {
		<-time.After(50 * time.Millisecond)
		now := s.received(t)
		if now.frames != last.frames || sound && now.packets != last.packets {
			last, since = now, time.Now()
		}
		if time.Since(since) > patience {
			t.Fatalf("media for %s flow on", s.name)
		}
	}
}

// sees says what a call shows of video.
func (s side) sees(sending, remote bool) bool {
	c := s.call()
	return c.SendingVideo == sending && c.RemoteVideo == remote
}

func (c *cast) voiceForVideo() {
	at, err := c.a.Call("bob", engine.CallOptions{Video: true})
	c.a.must(err)
	c.a.id, c.b.id = at, c.b.awaitCall()
	c.b.must(c.b.Accept(c.b.id, false))
	agree(c.t, c.a, c.b, engine.Connected)
	c.b.gets(c.t, true)
	c.a.gets(c.t, false)
	if !c.a.sees(true, false) || !c.b.sees(false, true) || c.a.received(c.t).frames != 0 {
		c.t.Errorf("alice %+v, bob %+v", c.a.call(), c.b.call())
	}
}

func (c *cast) holds(x, y side) {
	x, y = c.side(x), c.side(y)
	x.must(x.Hold(x.id))
	agree(c.t, x, y, engine.OnHold)
	if call := x.call(); !call.LocalHold || call.RemoteHold {
		c.t.Errorf("%s: %+v", x.name, call)
	}
	x.still(c.t, true)
	y.still(c.t, true)
	x.must(x.Unhold(x.id))
	agree(c.t, x, y, engine.Connected)
	x.gets(c.t, true)
	y.gets(c.t, true)
}

// side is x with the call that it has by now.
func (c *cast) side(x side) side {
	if x.phone == c.a.phone {
		return c.a
	}
	return c.b
}

func (c *cast) bothHold() {
	c.talk(true)
	t, a, b := c.t, c.a, c.b
	held := func(here, there bool) func() bool {
		return func() bool {
			x, y := a.call(), b.call()
			return x.LocalHold == here && x.RemoteHold == there && y.LocalHold == there && y.RemoteHold == here
		}
	}
	a.must(a.Hold(a.id))
	waitFor(t, "alice's hold", held(true, false))
	b.must(b.Hold(b.id))
	waitFor(t, "both holds", held(true, true))
	a.still(t, true)
	a.must(a.Unhold(a.id))
	waitFor(t, "bob's hold", held(false, true))
	a.still(t, true)
	b.still(t, true)
	b.must(b.Unhold(b.id))
	agree(t, a, b, engine.Connected)
	a.gets(t, true)
	b.gets(t, true)
}

// holdGlare: both offers cross; the one that is refused is made again.
func (c *cast) holdGlare() {
	c.talk(true)
	t, a, b := c.t, c.a, c.b
	a.must(a.Hold(a.id))
	b.must(b.Hold(b.id))
	waitFor(t, "both holds", func() bool {
		x, y := a.call(), b.call()
		return x.LocalHold && x.RemoteHold && y.LocalHold && y.RemoteHold
	})
	b.must(b.Unhold(b.id))
	a.must(a.Unhold(a.id))
	agree(t, a, b, engine.Connected)
	a.gets(t, true)
	b.gets(t, true)
}

func (c *cast) addsAndRemoves(x, y side) {
	x, y = c.side(x), c.side(y)
	for range 2 { // the second time a section is there already
		x.must(x.SetVideo(x.id, true))
		y.gets(c.t, true)
		waitFor(c.t, "the calls to say so", func() bool { return x.sees(true, false) && y.sees(false, true) })
		x.must(x.SetVideo(x.id, false))
		waitFor(c.t, "the calls to say so", func() bool { return x.sees(false, false) && y.sees(false, false) })
		y.still(c.t, false)
		y.gets(c.t, false)
	}
}

func (c *cast) videoGlare() {
	c.talk(false)
	t, a, b := c.t, c.a, c.b
	a.must(a.SetVideo(a.id, true))
	b.must(b.SetVideo(b.id, true))
	a.gets(t, true)
	b.gets(t, true)
	if !a.sees(true, true) || !b.sees(true, true) {
		t.Errorf("alice %+v, bob %+v", a.call(), b.call())
	}
	b.must(b.SetVideo(b.id, false))
	a.must(a.SetVideo(a.id, false))
	waitFor(t, "voice alone", func() bool { return a.sees(false, false) && b.sees(false, false) })
	agree(t, a, b, engine.Connected)
	a.gets(t, false)
	b.gets(t, false)
}

// mute: silence flows in place of the microphone, and nobody is told.
func (c *cast) mute() {
	c.talk(false)
	t, a, b := c.t, c.a, c.b
	b.gets(t, false)
	a.must(a.SetMuted(a.id, true))
	before, since := b.received(t), time.Now()
	for limit := since.Add(patience); time.Since(since) < 1200*time.Millisecond; { // the tone sounds in every second
		<-time.After(100 * time.Millisecond)
		if now := b.received(t); now.energy > before.energy+1e-4 {
			before, since = now, time.Now()
		}
		if time.Now().After(limit) {
			t.Fatal("bob hears a muted microphone")
		}
	}
	if now := b.received(t); now.packets <= before.packets {
		t.Error("no packets of silence arrive")
	}
	if x, y := a.call(), b.call(); !x.Muted || y.Muted || y.State != engine.Connected || y.RemoteHold {
		t.Errorf("alice %+v, bob %+v", x, y)
	}
	a.must(a.SetMuted(a.id, false))
	b.gets(t, false)
}

// transferByCallee: the other roles of a transfer; that of the caller is in
// TestTransfer.
func (c *cast) transferByCallee() {
	carol := side{phone: c.enter("carol")}
	c.talk(true)
	t, a, b := c.t, c.a, c.b
	b.must(b.Transfer(b.id, "carol"))
	carol.id = carol.awaitCall()
	if call := carol.call(); call.RemoteAddress != "alice@example.com" || !call.OfferedVideo {
		t.Errorf("carol is called by %+v", call)
	}
	carol.must(carol.Accept(carol.id, true))
	if ev := b.awaitState(engine.Ended); ev.End.Reason != engine.ReasonTransferred {
		t.Errorf("bob's end: %v", ev.End)
	}
	agree(t, a, carol, engine.Connected)
	a.gets(t, true)
	carol.gets(t, true)
	carol.must(carol.Hold(carol.id))
	agree(t, a, carol, engine.OnHold)
	a.must(a.Hangup(a.id))
	agree(t, a, carol, engine.Ended)
}

func (c *cast) forward() {
	carol := side{phone: c.enter("carol")}
	t, a, b := c.t, c.a, c.b
	at, err := a.Call("bob", engine.CallOptions{Video: true})
	a.must(err)
	a.id, b.id = at, b.awaitCall()
	b.awaitState(engine.Ringing)
	b.must(b.Transfer(b.id, "carol"))
	if ev := b.awaitState(engine.Ended); ev.End.Reason != engine.ReasonTransferred {
		t.Errorf("bob's end: %v", ev.End)
	}
	carol.id = carol.awaitCall()
	carol.must(carol.Accept(carol.id, true))
	agree(t, a, carol, engine.Connected)
	a.gets(t, true)
	carol.gets(t, true)
}
