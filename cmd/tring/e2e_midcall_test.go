package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestE2ETranscripts drives two and three headless programs through what
// happens inside calls, as their users would, and keeps what was typed and said
// (see transcript).
func TestE2ETranscripts(t *testing.T) {
	url := exchange(t)
	for _, scene := range []struct {
		name string
		play func(s *script)
	}{
		{"HoldAndUnhold", (*script).holdAndUnhold},
		{"AddAndRemoveVideo", (*script).addAndRemoveVideo},
		{"TouchTones", (*script).touchTones},
		{"Transfer", (*script).transfer},
		{"ConsultativeTransfer", (*script).consultativeTransfer},
		{"Forward", (*script).forward},
		{"SeveralCalls", (*script).severalCalls},
		{"DevicesAndNames", (*script).devicesAndNames},
	} {
		t.Run(scene.name, func(t *testing.T) {
			s := &script{t: t, url: url, notes: newTranscript(t)}
			scene.play(s)
			s.end()
		})
	}
}

// script is a scene with its programs.
type script struct {
	t     *testing.T
	url   string
	notes *transcript
	cast  []*program
}

// enter starts a program.
func (s *script) enter(user string) *program {
	s.t.Helper()
	p := phoneNoted(s.t, s.notes, s.url, user, "--size", "320x240", "--fps", "15", "--log-file", "-", "--log-level", "warn")
	s.cast = append(s.cast, p)
	return p
}

// end has everybody quit. A scene that fails does not come so far: its programs
// end with its context.
func (s *script) end() {
	s.t.Helper()
	for _, p := range s.cast {
		p.say("quit")
		if code := p.exit(); code != exitOK {
			s.t.Errorf("%s: exit %d: %s", p.name, code, p.errs.String())
		}
		if log := p.errs.String(); strings.Contains(log, "hanging up failed") {
			s.t.Errorf("%s: %s", p.name, log)
		}
	}
}

// connect has a call b; b answers with the given line.
func connect(a, b *program, call, answer string) {
	a.t.Helper()
	a.say("%s", call)
	b.await("call:receive")
	a.await("call:stateChange", "state", "Ringing")
	b.say("%s", answer)
	a.await("call:stateChange", "state", "Connected")
	b.await("call:stateChange", "state", "Connected")
}

// figures are what a program has received so far in its newest call.
type figures struct{ packets, energy, frames float64 }

func (p *program) figures() figures {
	p.t.Helper()
	p.say("stats")
	line := p.await("call:stats")
	return figures{
		packets: figure(line, "audio", "inbound", "packets"),
		energy:  figure(line, "audio", "inbound", "energy"),
		frames:  figure(line, "video", "inbound", "framesDecoded"),
	}
}

func figure(line map[string]any, path ...string) float64 {
	for _, key := range path[:len(path)-1] {
		line, _ = line[key].(map[string]any)
	}
	n, _ := line[path[len(path)-1]].(float64)
	return n
}

// look is how long a program's figures are watched before they are judged; the
// test tone sounds in every second.
const look = 1200 * time.Millisecond

// loud is more energy than silence gathers in a look, and less than the tone.
const loud = 1e-4

// flows waits until sound arrives, and pictures or none, as wanted.
func (p *program) flows(video bool) {
	p.t.Helper()
	p.until("media that flows", func(a, b figures) bool {
		return b.packets > a.packets && b.energy-a.energy > loud && (b.frames > a.frames) == video
	})
}

// rests waits until nothing arrives any more.
func (p *program) rests() {
	p.t.Helper()
	p.until("media that rests", func(a, b figures) bool { return a.packets == b.packets && a.frames == b.frames })
}

// silent waits until what arrives is silence.
func (p *program) silent() {
	p.t.Helper()
	p.until("silence", func(a, b figures) bool { return b.packets > a.packets && b.energy-a.energy < loud })
}

func (p *program) until(what string, ok func(a, b figures) bool) {
	p.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for a := p.figures(); ; {
		<-time.After(look)
		b := p.figures()
		if ok(a, b) {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s waits in vain for %s: %+v, then %+v", p.name, what, a, b)
		}
		a = b
	}
}

func (s *script) holdAndUnhold() {
	alice, bob := s.enter("alice"), s.enter("bob")
	connect(alice, bob, "call bob video", "answer video")
	alice.flows(true)
	bob.flows(true)
	alice.say("hold")
	alice.await("call:stateChange", "state", "On Hold", "localHold", true, "remoteHold", false)
	bob.await("call:stateChange", "state", "On Hold", "localHold", false, "remoteHold", true)
	alice.rests()
	bob.rests()
	bob.say("hold") // both hold, and the first gives up
	bob.await("call:stateChange", "localHold", true, "remoteHold", true)
	alice.say("unhold")
	alice.await("call:stateChange", "state", "On Hold", "localHold", false, "remoteHold", true)
	alice.rests()
	bob.say("unhold")
	bob.await("call:stateChange", "state", "Connected")
	alice.await("call:stateChange", "state", "Connected")
	alice.flows(true)
	bob.flows(true)
	alice.say("hangup")
	bob.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
}

func (s *script) addAndRemoveVideo() {
	alice, bob := s.enter("alice"), s.enter("bob")
	connect(alice, bob, "call bob", "answer")
	bob.flows(false)
	alice.say("video on")
	alice.await("call:operation", "operation", "addVideo", "phase", "finish")
	bob.await("call:media", "kind", "video", "width", 320.0, "height", 240.0)
	bob.flows(true)
	alice.flows(false)
	bob.say("video on")
	bob.await("call:operation", "operation", "addVideo", "phase", "finish")
	alice.flows(true)
	alice.say("video off")
	alice.await("call:operation", "operation", "removeVideo", "phase", "finish")
	bob.flows(false)
	alice.flows(true)
	bob.say("mute") // silence goes on flowing
	alice.silent()
	bob.say("unmute")
	alice.flows(true)
}

func (s *script) touchTones() {
	alice, bob := s.enter("alice"), s.enter("bob")
	connect(alice, bob, "call bob", "answer")
	bob.flows(false)
	alice.say("dtmf 12,3#")
	for _, digit := range []string{"1", "2", "3", "#"} {
		if got := bob.await("call:dtmf")["digit"]; got != digit {
			s.t.Errorf("digit %v arrived, want %s", got, digit)
		}
	}
	bob.say("dtmf *0A")
	for _, digit := range []string{"*", "0", "A"} {
		alice.await("call:dtmf", "digit", digit)
	}
	alice.say("dtmf 1x")
	alice.await("command:error")
}

func (s *script) transfer() {
	alice, bob, carol := s.enter("alice"), s.enter("bob"), s.enter("carol")
	connect(alice, bob, "call bob", "answer")
	bob.flows(false)
	bob.say("transfer carol")
	carol.await("call:receive", "from", "alice@example.com")
	carol.say("answer")
	bob.await("call:stateChange", "state", "Ended", "reason", "Transferred")
	carol.await("call:stateChange", "state", "Connected")
	alice.await("call:stateChange", "state", "On Hold")
	alice.await("call:stateChange", "state", "Connected")
	alice.flows(false)
	carol.flows(false)
	carol.say("hangup")
	alice.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
}

func (s *script) consultativeTransfer() {
	alice, bob, carol := s.enter("alice"), s.enter("bob"), s.enter("carol")
	connect(alice, bob, "call bob", "answer")
	alice.say("hold")
	alice.await("call:stateChange", "state", "On Hold")
	connect(alice, carol, "call carol", "answer") // asks her first
	alice.say("calls")
	alice.await("calls")
	alice.say("join")
	for range 2 {
		alice.await("call:stateChange", "state", "Ended", "reason", "Transferred")
	}
	bob.await("call:stateChange", "state", "Connected")
	bob.flows(false)
	carol.flows(false)
	bob.say("hangup")
	carol.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
}

func (s *script) forward() {
	alice, bob, carol := s.enter("alice"), s.enter("bob"), s.enter("carol")
	alice.say("call bob video")
	bob.await("call:stateChange", "state", "Ringing")
	bob.say("forward carol")
	bob.await("call:operation", "operation", "forward", "phase", "finish")
	bob.await("call:stateChange", "state", "Ended", "reason", "Transferred")
	carol.await("call:receive", "from", "alice@example.com", "video", true)
	carol.say("answer video")
	alice.await("call:stateChange", "state", "Connected")
	alice.flows(true)
	carol.flows(true)
}

func (s *script) severalCalls() {
	alice, bob, carol := s.enter("alice"), s.enter("bob"), s.enter("carol")
	connect(alice, bob, "call bob", "answer")
	carol.say("call alice")
	alice.await("call:receive", "from", "carol@example.com")
	alice.say("answer hold")
	bob.await("call:stateChange", "state", "On Hold", "remoteHold", true)
	carol.await("call:stateChange", "state", "Connected")
	carol.flows(false)
	alice.say("swap")
	bob.await("call:stateChange", "state", "Connected")
	carol.await("call:stateChange", "state", "On Hold", "remoteHold", true)
	bob.flows(false)
	carol.say("hangup")
	alice.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
	carol.say("call alice")
	alice.await("call:receive", "from", "carol@example.com")
	alice.say("answer end")
	bob.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
	carol.await("call:stateChange", "state", "Connected")
	bob.say("call alice") // who does not want to know of it
	alice.await("call:receive", "from", "bob@example.com")
	alice.say("ignore")
	alice.await("call:stateChange", "state", "Ended", "reason", "Declined here")
	bob.say("hangup")
	carol.flows(false)
}

func (s *script) devicesAndNames() {
	alice, bob := s.enter("alice"), s.enter("bob")
	alice.say("devices")
	alice.await("devices")
	alice.say("call bob as Alice in the garden")
	bob.await("call:receive", "fromName", "Alice in the garden")
	bob.say("answer")
	bob.flows(false)
	alice.say("microphone none")
	alice.await("device:change", "role", "microphone", "device", "none")
	bob.silent()
	alice.say("microphone test")
	bob.flows(false)
	heard := filepath.Join(s.t.TempDir(), "heard.wav")
	bob.say("speaker %s", heard)
	bob.await("device:change", "role", "speaker", "device", heard)
	bob.flows(false)
}
