package core_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/switchboard"
)

// TestBrokenDevices: a call goes on without what is broken, and says so.
func TestBrokenDevices(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	damaged := func(name, text string) string {
		name = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	a := o.phoneWith("alice", engine.DeviceChoice{
		Camera:     damaged("camera.y4m", "YUV4MPEG2 W640 H480 F30:1 C420jpeg\nFRA"),
		Microphone: damaged("speech.wav", "RIFF\x00\x00\x00\x00WAVEfmt "),
		Speaker:    engine.DeviceNone,
	})
	b := o.phone("bob")
	at, err := a.Call("bob", engine.CallOptions{Video: true})
	a.must(err)
	bt := b.awaitCall()
	b.must(b.Accept(bt, true))
	a.awaitState(engine.Connected)
	a.awaitMedia("video")
	b.awaitMedia("audio") // silence in place of the damaged file
	waitFor(t, "both sentences", func() bool {
		var camera, microphone bool
		for _, n := range a.Snapshot().Notices {
			camera = camera || strings.Contains(n.Cause, "camera.y4m") && n.Next != ""
			microphone = microphone || strings.Contains(n.Cause, "speech.wav") && n.Next != ""
		}
		return camera && microphone
	})
	if c, _ := a.Snapshot().Call(at); c.Problem == nil {
		t.Error("the call says nothing of its camera")
	}
}

// TestHostileOffers: an invitation that can never be answered ends with a
// sentence, and the engine stays usable.
func TestHostileOffers(t *testing.T) {
	candidates := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n" +
		strings.Repeat("a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n", 3000)
	unknown := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\nc=IN IP4 0.0.0.0\r\n" +
		"a=mid:0\r\na=rtpmap:8 SPEEX/8000\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 " + strings.TrimSuffix(strings.Repeat("00:", 32), ":") + "\r\na=setup:actpass\r\n"
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	b := o.phone("bob")
	for name, offer := range map[string]string{"garbage": "hello", "candidates": candidates, "unknown codecs": unknown} {
		t.Run(name, func(t *testing.T) {
			o.inviteRaw("alice", "bob", offer)
			id := b.awaitCall()
			if err := b.Accept(id, true); err == nil {
				t.Log("it could be tried")
			}
			b.awaitState(engine.Ended)
			if c, ok := b.Snapshot().Call(id); ok && (c.Problem == nil || c.Problem.Cause == "") {
				t.Errorf("no sentence: %+v", c)
			}
		})
	}
	a := o.phone("alice")
	connect(a, b, false)
}

func TestSecondSignInReplacesTheFirst(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	p := o.phone("alice")
	p.must(p.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: "bob@example.com"}, engine.Secret{Password: "secret-bob"}))
	p.await("the second sign-in", func(ev engine.Event) bool {
		return ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0
	})
	if r := p.Snapshot().Registration; r.Address != "bob@example.com" {
		t.Errorf("signed in as %q", r.Address)
	}
	p.must(p.SignOut())
	if r := p.Snapshot().Registration; r.State != engine.Offline {
		t.Errorf("after SignOut: %v", r.State)
	}
}

// TestServerGone: the engine says that it reconnects, and the call's media go on.
func TestServerGone(t *testing.T) {
	o := newOffice(t, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, _ := connect(a, b, true)
	o.stop()
	waitFor(t, "Reconnecting", func() bool { return a.Snapshot().Registration.State == engine.Reconnecting })
	before, err := a.Stats(t.Context(), at)
	a.must(err)
	waitFor(t, "pictures without a server", func() bool {
		s, err := a.Stats(t.Context(), at)
		return err == nil && s.Video.Inbound.FramesDecoded > before.Video.Inbound.FramesDecoded+10
	})
	if c, _ := a.Snapshot().Call(at); c.State != engine.Connected {
		t.Errorf("the call is %v", c.State)
	}
	a.must(a.Hangup(at))
	a.awaitState(engine.Ended)
}

func TestUnknownServerIsSaid(t *testing.T) {
	c := core.New(core.Config{})
	defer c.Close()
	events := c.Events(t.Context())
	if err := c.SignIn(engine.Account{Server: "http://127.0.0.1:1", ClientID: "tring", User: "alice@example.com"}, engine.Secret{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	for ev := range events {
		if ev.Name == engine.EventSubscriptionError {
			if ev.Problem.Cause == "" || ev.Problem.Next == "" {
				t.Errorf("problem: %+v", ev.Problem)
			}
			return
		}
	}
}
