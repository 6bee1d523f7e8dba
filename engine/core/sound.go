package core

import (
	"sync"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/signaling"
)

// noProcessing is told where the program was built without the library.
const noProcessing = "This build of Tring has no echo cancellation: use a headset, or a build with the WebRTC audio processing library."

func (c *Core) soundState() engine.SoundState {
	p := c.desk.Processing()
	s := engine.SoundState{Processing: engine.SoundProcessing(p), DoNotDisturb: c.undisturbed, RingerVolume: c.ringVolume}
	if !audio.ProcessingAvailable() {
		s.Missing = noProcessing
	}
	return s
}

// SetSoundProcessing implements engine.Engine.
func (c *Core) SetSoundProcessing(p engine.SoundProcessing) error {
	return c.ask(func() error {
		c.desk.SetProcessing(audio.Processing(p))
		c.dirty = true
		return nil
	})
}

// SoundLevels implements engine.Engine.
func (c *Core) SoundLevels() engine.SoundLevels {
	m := c.desk.Microphone()
	return engine.SoundLevels{Microphone: engine.Level(m.Levels), Speaker: engine.Level(c.desk.Speaker()), Speaking: m.Speaking}
}

// ListenToMicrophone implements engine.Engine: a stream that is sent nowhere
// keeps the microphone open.
func (c *Core) ListenToMicrophone() (stop func()) {
	var once sync.Once
	var ear *audio.Outbound
	err := c.ask(func() error {
		ear = c.desk.NewOutbound(audio.OutboundConfig{Write: func([]byte, uint32, bool) error { return nil }, Log: c.log})
		return nil
	})
	if err != nil {
		return func() {}
	}
	return func() { once.Do(func() { _ = ear.Close() }) }
}

// Silence implements engine.Engine.
func (c *Core) Silence(id engine.CallID) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		e.silent = true
		return nil
	})
}

// SetDoNotDisturb implements engine.Engine.
func (c *Core) SetDoNotDisturb(on bool) error {
	return c.ask(func() error {
		c.undisturbed, c.dirty = on, true
		return nil
	})
}

// microphoneEvent tells what a person should know about their microphone.
func (c *Core) microphoneEvent(e audio.MicrophoneEvent) {
	switch e {
	case audio.MutedSpeech:
		c.emit(engine.Event{Name: engine.EventMutedSpeech})
	case audio.NoSignal:
		if c.trouble[soundPart] { // there is no microphone, which has been told
			return
		}
		c.notice(microphonePart, engine.Problem{
			Cause: "No sound at all comes from the microphone.",
			Next:  "Check its switch and the system's sound settings, or choose another microphone.",
		})
	case audio.SignalBack:
		c.mended(microphonePart)
	}
}

// Reconnect implements engine.Engine.
func (c *Core) Reconnect() error {
	return c.ask(func() error {
		if s, ok := c.account.session.(signaling.Hurrier); ok {
			s.Hurry()
		}
		return nil
	})
}
