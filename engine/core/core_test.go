package core_test

import (
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/switchboard"
)

func TestVideoCall(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, bt := connect(a, b, true)

	c, ok := b.Snapshot().Call(bt)
	if !ok || c.RemoteAddress != "alice@example.com" || c.RemoteName != "Alice" || !c.OfferedVideo || !c.RemoteVideo || !c.SendingVideo {
		t.Errorf("bob's call: %+v", c)
	}
	for _, side := range []struct {
		p  *phone
		id engine.CallID
	}{{a, at}, {b, bt}} {
		s, err := side.p.Stats(t.Context(), side.id)
		side.p.must(err)
		if s.Transport != "direct" || s.Video == nil || s.Video.Inbound.FramesDecoded == 0 || s.Video.Inbound.Width != 640 || s.Video.Outbound.FramesEncoded == 0 {
			t.Errorf("%s: video %+v", side.p.name, s.Video)
		}
		if s.Audio.Inbound.Packets == 0 || s.Audio.Outbound.Packets == 0 || s.Audio.Inbound.Codec == "" {
			t.Errorf("%s: audio %+v", side.p.name, s.Audio)
		}
	}
	a.must(a.Hangup(at))
	if ev := a.awaitState(engine.Ended); ev.End.Reason != engine.ReasonHungUpHere {
		t.Errorf("alice's end: %v", ev.End)
	}
	if ev := b.awaitState(engine.Ended); ev.End.Reason != engine.ReasonHungUpThere {
		t.Errorf("bob's end: %v", ev.End)
	}
}

func TestVoiceCallBecomesVideoAndBack(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, bt := connect(a, b, false)
	a.must(a.SetVideo(at, true))
	a.awaitOperation("addVideo", "finish")
	b.awaitMedia("video")
	if c, _ := b.Snapshot().Call(bt); !c.RemoteVideo || c.SendingVideo {
		t.Errorf("bob sees %v, sends %v", c.RemoteVideo, c.SendingVideo)
	}
	b.must(b.SetVideo(bt, true))
	b.awaitOperation("addVideo", "finish")
	a.awaitMedia("video")
	a.must(a.SetVideo(at, false))
	a.awaitOperation("removeVideo", "finish")
	if c, _ := a.Snapshot().Call(at); !c.RemoteVideo || c.SendingVideo {
		t.Errorf("alice sees %v, sends %v", c.RemoteVideo, c.SendingVideo)
	}
}

func TestHold(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, bt := connect(a, b, true)
	a.must(a.Hold(at))
	if ev := a.awaitState(engine.OnHold); !ev.LocalHold || ev.RemoteHold {
		t.Errorf("alice: %+v", ev)
	}
	if ev := b.awaitState(engine.OnHold); ev.LocalHold || !ev.RemoteHold {
		t.Errorf("bob: %+v", ev)
	}
	b.must(b.Hold(bt))
	b.awaitOperation("hold", "finish")
	a.must(a.Unhold(at))
	a.awaitOperation("unhold", "finish")
	if c, _ := a.Snapshot().Call(at); c.State != engine.OnHold || c.LocalHold || !c.RemoteHold {
		t.Errorf("alice after her unhold: %+v", c)
	}
	b.must(b.Unhold(bt))
	a.awaitState(engine.Connected)
	b.awaitState(engine.Connected)
	before, err := b.Stats(t.Context(), bt)
	b.must(err)
	waitFor(t, "pictures after the hold", func() bool {
		s, err := b.Stats(t.Context(), bt)
		return err == nil && s.Video.Inbound.FramesDecoded > before.Video.Inbound.FramesDecoded+5 && s.Audio.Inbound.Energy > before.Audio.Inbound.Energy
	})
}

func TestEnds(t *testing.T) {
	o := newOffice(t, switchboard.Timers{NoAnswer: 700 * time.Millisecond})
	for _, name := range []string{"alice", "bob", "carol", "dave"} {
		o.addUser(name)
	}
	a, b := o.phone("alice"), o.phone("bob")
	call := func(to string) engine.CallID {
		id, err := a.Call(to, engine.CallOptions{Video: true})
		a.must(err)
		return id
	}
	ends := func(p *phone, state engine.CallState, reason engine.EndReason) {
		t.Helper()
		if ev := p.awaitState(state); ev.End.Reason != reason || ev.End.StatusCode == 0 {
			t.Errorf("%s: %v %d %q, want %v", p.name, ev.End.Reason, ev.End.StatusCode, ev.End.Text, reason)
		}
	}

	call("bob")
	b.must(b.Reject(b.awaitCall()))
	ends(a, engine.Ended, engine.ReasonDeclined)
	ends(b, engine.Ended, engine.ReasonDeclinedHere)

	id := call("bob")
	b.awaitCall()
	a.awaitState(engine.Ringing)
	a.must(a.Hangup(id))
	ends(a, engine.Ended, engine.ReasonCancelledHere)
	ends(b, engine.Cancelled, engine.ReasonCancelledThere)

	call("bob")
	b.awaitCall()
	ends(a, engine.Ended, engine.ReasonNoAnswer)
	ends(b, engine.Cancelled, engine.ReasonNoAnswer)

	call("nobody")
	ends(a, engine.Ended, engine.ReasonUnknownUser)
	call("dave")
	ends(a, engine.Ended, engine.ReasonUnreachable)

	// Busy: bob talks to carol and rejects alice; his first call goes on.
	c := o.phone("carol")
	ct, bt := connect(c, b, false)
	call("bob")
	second := b.awaitCall()
	b.must(b.Reject(second))
	ends(a, engine.Ended, engine.ReasonBusy)
	if first, _ := b.Snapshot().Call(bt); first.State != engine.Connected {
		t.Errorf("the first call is %v", first.State)
	}
	c.must(c.Hangup(ct))
	ends(c, engine.Ended, engine.ReasonHungUpHere)
}

func TestAnsweredElsewhere(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, desk, sofa := o.phone("alice"), o.phone("bob"), o.phone("bob")
	_, err := a.Call("bob@example.com", engine.CallOptions{})
	a.must(err)
	id := desk.awaitCall()
	sofa.awaitCall()
	desk.must(desk.Accept(id, false))
	if ev := sofa.awaitState(engine.Cancelled); ev.End.Reason != engine.ReasonAnsweredElsewhere {
		t.Errorf("the other device: %v", ev.End)
	}
	a.awaitState(engine.Connected)
}

func TestDTMFArrives(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, _ := connect(a, b, false)
	a.must(a.SendDTMF(at, "12#"))
	for _, digit := range []string{"1", "2", "#"} {
		b.await("digit "+digit, func(ev engine.Event) bool { return ev.Name == engine.EventCallDTMF && ev.Operation == digit })
	}
	for _, digit := range "5678" { // typed one by one
		a.must(a.SendDTMF(at, string(digit)))
	}
	for _, digit := range []string{"5", "6", "7", "8"} {
		if ev := b.await("a digit", func(ev engine.Event) bool { return ev.Name == engine.EventCallDTMF }); ev.Operation != digit {
			t.Errorf("digit %s arrived for %s", ev.Operation, digit)
		}
	}
	if err := a.SendDTMF(at, "1x"); err == nil {
		t.Error("an x was taken for a tone")
	}
}

func TestTransfer(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	for _, name := range []string{"alice", "bob", "carol"} {
		o.addUser(name)
	}
	a, b, c := o.phone("alice"), o.phone("bob"), o.phone("carol")
	at, _ := connect(a, b, true)
	a.must(a.Transfer(at, "carol"))
	ct := c.awaitCall()
	c.must(c.Accept(ct, true))
	if ev := a.awaitState(engine.Ended); ev.End.Reason != engine.ReasonTransferred {
		t.Errorf("alice's end: %v", ev.End)
	}
	b.awaitState(engine.OnHold)
	b.awaitState(engine.Connected)
	c.awaitMedia("audio", "video")
}

// TestTransferFails: the target declines, so the two talk again.
func TestTransferFails(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	for _, name := range []string{"alice", "bob", "carol"} {
		o.addUser(name)
	}
	a, b, c := o.phone("alice"), o.phone("bob"), o.phone("carol")
	at, bt := connect(a, b, true)
	a.must(a.SetMuted(at, true))
	a.must(a.Transfer(at, "carol"))
	c.must(c.Reject(c.awaitCall()))
	a.awaitOperation("transfer", "error")
	a.awaitState(engine.Connected)
	b.awaitState(engine.Connected)
	if call, _ := a.Snapshot().Call(at); call.Problem == nil || !call.Muted {
		t.Errorf("alice's call: %+v", call)
	}
	for _, side := range []struct {
		p  *phone
		id engine.CallID
	}{{a, at}, {b, bt}} {
		before, err := side.p.Stats(t.Context(), side.id)
		side.p.must(err)
		waitFor(t, "pictures for "+side.p.name, func() bool {
			s, err := side.p.Stats(t.Context(), side.id)
			return err == nil && s.Video != nil && s.Video.Inbound.FramesDecoded > before.Video.Inbound.FramesDecoded+5
		})
	}
	before, err := b.Stats(t.Context(), bt)
	b.must(err)
	a.must(a.SetMuted(at, false)) // the mute was kept over the new transports, and ends
	waitFor(t, "sound for bob", func() bool {
		s, err := b.Stats(t.Context(), bt)
		return err == nil && s.Audio.Inbound.Energy > before.Audio.Inbound.Energy
	})
	a.must(a.Hold(at)) // and the call can still be changed
	b.awaitState(engine.OnHold)
}

func TestWrongPassword(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	c := core.New(core.Config{})
	defer c.Close()
	events := c.Events(t.Context())
	if err := c.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: "alice@example.com"}, engine.Secret{Password: "wrong"}); err != nil {
		t.Fatal(err)
	}
	for ev := range events {
		if ev.Name == engine.EventSubscriptionError {
			if p := ev.Problem; p == nil || p.Cause == "" || p.Next == "" || strings.Contains(p.Error(), "wrong\"") {
				t.Errorf("problem: %+v", p)
			}
			break
		}
	}
	if s := c.Snapshot().Registration; s.State != engine.SignInRequired || s.Problem == nil {
		t.Errorf("registration: %+v", s)
	}
	if _, err := c.Call("bob", engine.CallOptions{}); err == nil {
		t.Error("a call without being signed in")
	}
}

func TestMethodsAfterClose(t *testing.T) {
	c := core.New(core.Config{})
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.SignOut(); err == nil {
		t.Error("SignOut after Close")
	}
	c.AttachVideo("", engine.LocalVideo, nil)()
	snapshots := 0
	for range c.Watch(t.Context()) { // ends by itself: the last snapshot, then nothing
		snapshots++
	}
	if snapshots > 1 {
		t.Errorf("%d snapshots after Close", snapshots)
	}
}
