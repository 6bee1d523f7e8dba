package core

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/device"
)

// The ringer has a desk of its own, with one stream to its device: whatever that
// device does, the call's sound does not wait for it. Where it does not play, calls
// ring at the speaker, on the call's desk.

const (
	// ringerPatience is how long a ringer may take to play before the speaker
	// rings in its place: a driver can hang for seconds.
	ringerPatience = 1500 * time.Millisecond
	// ringerLinger lets the last of a tone be heard, and no more: where a card
	// takes one stream only, the call wants it next.
	ringerLinger = 150 * time.Millisecond
)

// useRinger points the ringer's desk at its device; it is opened when something
// rings.
func (c *Core) useRinger() {
	c.mended(ringerPart)
	c.ringerFailed = false
	choice := c.inUse(engine.Ringer)
	c.ringer.SetDevice(func(ctx context.Context, io audio.DeviceIO) (audio.Device, error) {
		s, err := c.sound(ctx, engine.DeviceNone, choice, device.SoundIO{
			Playout: io.Playout, OnLost: io.OnLost, NeedPlayout: true,
		}, c.log)
		if err != nil {
			return nil, err
		}
		c.post(func() { c.mended(ringerPart) })
		return s, nil
	})
}

// ringerFollows says that the ringer is whatever the speaker is.
func (c *Core) ringerFollows() bool {
	return c.inUse(engine.Ringer) == c.inUse(engine.Speaker)
}

// ringingDesk is where calls ring. A file that records the speaker is written by
// one desk alone.
func (c *Core) ringingDesk() *audio.Desk {
	choice := c.inUse(engine.Ringer)
	recorded := strings.EqualFold(filepath.Ext(choice), ".wav") && c.ringerFollows()
	silent := choice == engine.DeviceNone || choice == engine.DeviceTest
	if recorded || c.ringerFailed || silent && c.ringerFollows() {
		return c.desk
	}
	return c.ringer
}

// ringerProblem lets calls ring at the speaker from now on.
func (c *Core) ringerProblem(err error) {
	if c.ringerFailed {
		return
	}
	c.ringerFailed = true
	if c.ringerFollows() {
		return // the speaker's own words are yet to come
	}
	p := problemOf(err, "The ringer failed.", "Choose another one in the settings.")
	c.notice(ringerPart, engine.Problem{
		Cause: p.Cause + " Calls ring at the speaker.", Next: p.Next, Err: p.Err,
	})
}

// watchRinger looks after a moment whether the ringer plays.
func (c *Core) watchRinger(desk *audio.Desk) {
	if desk != c.ringer {
		return
	}
	time.AfterFunc(ringerPatience, func() {
		c.post(func() {
			if c.tone.on && c.tone.desk == c.ringer && !c.ringer.Runs() {
				c.ringerProblem(errSlowRinger)
			}
		})
	})
}

var errSlowRinger = &engine.Problem{Cause: "The ringer does not play.", Next: "Plug it in again or choose another one in the settings."}

// PlayTestTone implements engine.Engine.
func (c *Core) PlayTestTone(kind engine.DeviceKind) error {
	return c.ask(func() error {
		switch kind {
		case engine.Speaker:
			c.desk.Play(audio.Check)
		case engine.Ringer:
			c.ringerFailed = false
			c.ringingDesk().PlayRinging(audio.Check)
		default:
			return &engine.Problem{Cause: "Only a speaker or a ringer can be heard.", Next: "Choose one of them."}
		}
		return nil
	})
}

// SetRingerVolume implements engine.Engine.
func (c *Core) SetRingerVolume(volume float64) error {
	if !(volume >= 0 && volume <= 1) { // also NaN
		return &engine.Problem{Cause: "The ringer's volume is between 0 and 1.", Next: "Choose one of these."}
	}
	return c.ask(func() error {
		c.ringVolume, c.dirty = volume, true
		c.ringer.SetRingVolume(volume)
		c.desk.SetRingVolume(volume)
		return nil
	})
}
