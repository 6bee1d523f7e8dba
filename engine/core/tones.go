package core

import (
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
)

// playing is the tone that sounds now.
type playing struct {
	tone audio.Tone
	desk *audio.Desk
	on   bool
	stop func()
}

// updateTone makes sound what the calls ask for: ringing here, ringing there,
// or a quiet mark if somebody rings during a call.
func (c *Core) updateTone() {
	want, on := c.wantedTone()
	p := &c.tone
	if on && want == audio.Ring && (!p.on || p.tone != audio.Ring) {
		c.ringerFailed = false // what was busy may be free by now
	}
	desk := c.desk
	if want == audio.Ring {
		desk = c.ringingDesk()
	}
	if on == p.on && (!on || want == p.tone && desk == p.desk) {
		return
	}
	if p.on {
		p.stop()
	}
	*p = playing{tone: want, on: on, desk: desk}
	if on {
		p.stop = desk.Play(want)
		c.watchRinger(desk)
	}
}

func (c *Core) wantedTone() (audio.Tone, bool) {
	var ringing, ringback, talking bool
	for _, e := range c.calls {
		s := e.st
		switch {
		case e.check != nil:
		case s.Phase.Established() && !s.LocalHold:
			talking = true
		case s.Phase != engine.Ringing:
		case s.Direction == engine.Outgoing:
			ringback = true
		case !s.Accepting() && !e.silent && !c.undisturbed:
			ringing = true
		}
	}
	switch {
	case ringing && talking:
		return audio.CallWaiting, true
	case ringing:
		return audio.Ring, true
	case ringback && !talking:
		return audio.Ringback, true
	}
	return 0, false
}

// chime plays a tone for a moment.
func (c *Core) chime(t audio.Tone, length time.Duration) {
	time.AfterFunc(length, c.desk.Play(t))
}

// endChime lets hear how a call ended.
func (c *Core) endChime(e *entry) {
	switch r := e.st.End.Reason; {
	case e.check != nil:
	case r == engine.ReasonBusy:
		c.chime(audio.Busy, 2*time.Second)
	case r == engine.ReasonUnknownUser || r == engine.ReasonUnreachable || r == engine.ReasonNetworkLost:
		c.chime(audio.Failed, 2*time.Second)
	case !e.connectedAt.IsZero():
		c.chime(audio.Ended, time.Second)
	}
}
