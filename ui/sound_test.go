package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"tring/engine"
)

func TestSoundSettings(t *testing.T) {
	d := atHome(t, options{})
	all := engine.SoundProcessing{EchoCancellation: true, NoiseSuppression: true, AutomaticGain: true}
	d.change(func(s *engine.Snapshot) { s.Sound.Processing = all })
	d.fake.SetSoundLevels(engine.SoundLevels{Microphone: engine.Level{Peak: 0.5, RMS: 0.1}})
	d.w.openSettingsAt(pageSound)
	listens := func(want int) {
		t.Helper()
		d.until("the microphone", func() bool { d.asked(); return d.listening == want })
	}
	listens(1)
	if !contains(d.markup(), "Cancel echo: on", "Reduce noise: on", "Level my voice: on") {
		t.Error("the settings do not say what is on")
	}
	d.change(func(s *engine.Snapshot) { s.Sound.Processing.EchoCancellation = false })
	if !contains(d.markup(), "Cancel echo: off") {
		t.Error("the settings do not follow")
	}
	d.key(fyne.KeyEscape)
	listens(0)
}

func TestSoundChoiceIsKept(t *testing.T) {
	d := newDesk(t, options{prefs: func(p prefs) { p.setProcessing(engine.SoundProcessing{NoiseSuppression: true}) }})
	d.wantAsked("SetSoundProcessing echo false noise true gain false")
}

func TestMissingEchoCancellationIsSaid(t *testing.T) {
	d := atHome(t, options{})
	d.change(func(s *engine.Snapshot) { s.Sound.Missing = "This build has no echo cancellation: use a headset." })
	s := newSoundSettings(d.w)
	if !s.missing.Visible() || !s.switches[0].button.Disabled() {
		t.Error("nobody is told that echo cancellation is missing")
	}
}

func TestSilenceAndDoNotDisturb(t *testing.T) {
	d := atHome(t, options{})
	d.showState("ring")
	if !contains(d.markup(), "Silence") {
		t.Fatal("a ringing call cannot be silenced")
	}
	d.w.silence("call-1")
	d.wantAsked("Silence call-1")
	if !contains(d.markup(), "Silenced") {
		t.Error("the ring screen does not say so")
	}
	d.showState("home")
	d.w.toggleQuiet()
	d.wantAsked("SetDoNotDisturb true")
	d.desktop.take()
	d.change(func(s *engine.Snapshot) { s.Sound.DoNotDisturb = true })
	if !contains(d.markup(), "Do not disturb") {
		t.Error("the home screen does not say that calls do not ring")
	}
	d.change(func(s *engine.Snapshot) {
		s.Calls = []engine.Call{{ID: "9", Direction: engine.Incoming, State: engine.Ringing, RemoteAddress: "bob@example.com"}}
	})
	if titles, _ := d.desktop.take(); len(titles) != 0 {
		t.Errorf("the desktop was told %q", titles)
	}
}

func TestSpeakingWhileMuted(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	d.log(engine.Event{Name: engine.EventMutedSpeech})
	d.wantSaid("You are muted. Press M to be heard, or hold Space while you speak.")
}

func TestUnmutedIsNotToldThatItIsMuted(t *testing.T) {
	d := atHome(t, options{})
	d.showState("call")
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = true })
	d.log(engine.Event{Name: engine.EventMutedSpeech})
	d.change(func(s *engine.Snapshot) { s.Calls[0].Muted = false })
	d.wantSaid()
}

func TestLossOnTheWayOut(t *testing.T) {
	var m meter
	sent := func(packets uint64, lost float64) engine.Stats {
		return engine.Stats{Audio: &engine.AudioStats{Outbound: engine.OutboundStats{Packets: packets, LossReported: lost}}}
	}
	m.sample(sent(100, 0), false)
	m.sample(sent(200, 0.1), false)
	if r := m.receipt(); r == nil || r.LossOut != 0.05 {
		t.Errorf("receipt %+v", r)
	}
}
