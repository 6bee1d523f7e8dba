package core

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/internal/device"
)

// room is a sound system in which the microphone hears the speaker.
type room struct {
	gain float32 // of the speaker at the microphone
	gate bool    // the microphone gives nothing but loud sound
	fail error   // of every opening with a speaker
}

const roomDelay = 10 // blocks of 10 ms

func (r *room) opener(_ context.Context, _, speaker string, io device.SoundIO, _ *slog.Logger) (device.Sound, error) {
	if r.fail != nil && speaker != engine.DeviceNone {
		return nil, r.fail
	}
	d := &roomDevice{gain: r.gain, gate: r.gate, io: io, done: make(chan struct{}), ended: make(chan struct{})}
	go d.run() // Close waits
	return d, nil
}

type roomDevice struct {
	gain        float32
	gate        bool
	io          device.SoundIO
	once        sync.Once
	done, ended chan struct{}
}

func (d *roomDevice) run() {
	defer close(d.ended)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var air [roomDelay][480]float32
	for n := 0; ; n++ {
		select {
		case <-d.done:
			return
		case <-tick.C:
		}
		block := &air[n%roomDelay] // as it was played before
		if d.io.NeedCapture {
			for i := range block {
				block[i] *= d.gain
				if !d.gate {
					block[i] += 0.001 * (2*rand.Float32() - 1)
				}
			}
			d.io.Capture(block[:])
		}
		d.io.Playout(block[:])
	}
}

func (d *roomDevice) Close() error {
	d.once.Do(func() { close(d.done) })
	<-d.ended
	return nil
}

func (*roomDevice) Names() (microphone, speaker string) { return "", "" }

// TestCheckHearsTheSpeaker: the tone goes through speaker and microphone.
func TestCheckHearsTheSpeaker(t *testing.T) { // not beside others: it plays in real time
	broken := &engine.Problem{Cause: "The speaker Box is used by another program.", Next: "Close that program and try again, or choose another one."}
	tests := map[string]struct {
		room  room
		state engine.CheckState
		words string
		mic   engine.CheckState
	}{
		"loudspeaker":    {room{gain: 0.05}, engine.CheckOK, "The microphone hears the speaker.", engine.CheckOK},
		"gated":          {room{gain: 0.05, gate: true}, engine.CheckOK, "The microphone hears the speaker.", engine.CheckOK},
		"silence":        {room{gate: true}, engine.CheckSkipped, "The test tone was played, and there is no microphone to hear it.", engine.CheckFailed},
		"headphones":     {room{}, engine.CheckWarn, "The microphone does not hear the speaker.", engine.CheckOK},
		"broken speaker": {room{fail: errors.Join(broken)}, engine.CheckFailed, broken.Cause, engine.CheckOK},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(Config{Devices: engine.DeviceChoice{Camera: engine.DeviceNone, Microphone: "mic", Speaker: "box"}})
			t.Cleanup(func() { _ = c.Close() })
			c.do(t, func() { c.sound = tt.room.opener })
			told, err := c.Check(t.Context(), engine.CheckOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for r := range told {
				switch {
				case !r.State.Over():
				case r.Step == engine.CheckMicrophone && r.State != tt.mic:
					t.Errorf("microphone: %+v", r)
				case r.Step == engine.CheckSpeaker && (r.State != tt.state || r.Cause != tt.words || r.State != engine.CheckOK && r.Next == ""):
					t.Errorf("speaker: %+v", r)
				}
			}
		})
	}
}
