package core

import (
	"testing"

	"tring/engine"
	"tring/engine/internal/audio"
)

// TestWhatRings: the tone that sounds for calls in their states.
func TestWhatRings(t *testing.T) {
	c := New(Config{Devices: engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: engine.DeviceNone, Speaker: engine.DeviceNone}})
	defer c.Close()
	add := func(id engine.CallID, direction engine.Direction, phase engine.CallState) {
		e := &entry{id: id}
		e.st.Direction, e.st.Phase = direction, phase
		c.calls[id] = e
	}
	want := func(what string, tone audio.Tone, on bool) {
		t.Helper()
		if got, sounds := c.wantedTone(); sounds != on || on && got != tone {
			t.Errorf("%s: tone %v, %v", what, got, sounds)
		}
	}
	err := c.ask(func() error {
		add("in", engine.Incoming, engine.Ringing)
		want("a call rings", audio.Ring, true)
		c.calls["in"].silent = true
		want("it is silenced", 0, false)
		add("other", engine.Incoming, engine.Ringing)
		want("another one rings", audio.Ring, true)
		c.undisturbed = true
		want("nobody wants to be disturbed", 0, false)
		c.undisturbed = false
		add("talk", engine.Outgoing, engine.Connected)
		want("during a call", audio.CallWaiting, true)
		clear(c.calls)
		add("out", engine.Outgoing, engine.Ringing)
		c.undisturbed = true
		want("the far end rings, which is no disturbance", audio.Ringback, true)
		clear(c.calls)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSoundIsInTheSnapshot(t *testing.T) {
	c := New(Config{Devices: engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: engine.DeviceNone, Speaker: engine.DeviceNone}})
	defer c.Close()
	s := c.Snapshot().Sound
	if s.Processing != (engine.SoundProcessing{EchoCancellation: true, NoiseSuppression: true, AutomaticGain: true}) || s.DoNotDisturb {
		t.Errorf("at first %+v", s)
	}
	if (s.Missing == "") != audio.ProcessingAvailable() {
		t.Errorf("missing: %q", s.Missing)
	}
	if err := c.SetSoundProcessing(engine.SoundProcessing{NoiseSuppression: true}); err != nil {
		t.Fatal(err)
	}
	if err := c.SetDoNotDisturb(true); err != nil {
		t.Fatal(err)
	}
	if s = c.Snapshot().Sound; s.Processing != (engine.SoundProcessing{NoiseSuppression: true}) || !s.DoNotDisturb {
		t.Errorf("then %+v", s)
	}
	stop := c.ListenToMicrophone()
	stop()
	stop()
}

func TestSilentMicrophoneIsTold(t *testing.T) {
	c := New(Config{Devices: engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: engine.DeviceNone, Speaker: engine.DeviceNone}})
	defer c.Close()
	events := c.Events(t.Context())
	tell := func(e audio.MicrophoneEvent) int {
		if err := c.ask(func() error { c.microphoneEvent(e); return nil }); err != nil {
			t.Fatal(err)
		}
		return len(c.Snapshot().Notices)
	}
	before := len(c.Snapshot().Notices)
	for range 2 {
		if tell(audio.NoSignal) != before+1 {
			t.Error("not told once")
		}
	}
	if tell(audio.SignalBack) != before {
		t.Error("not taken back")
	}
	if err := c.ask(func() error { c.trouble[soundPart] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if tell(audio.NoSignal) != before {
		t.Error("a microphone that is not there is told to be silent")
	}
	tell(audio.MutedSpeech)
	for e := range events {
		if e.Name == engine.EventMutedSpeech {
			return
		}
	}
	t.Error("nobody says that they are muted")
}
