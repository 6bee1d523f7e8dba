package ui

import (
	"time"

	"tring/engine"
)

// screen is what fills the window.
type screen int

const (
	screenSignIn screen = iota
	screenHome
	screenRing     // an incoming call, nothing else going on
	screenOutgoing // our call was not answered yet
	screenCall     // an answered call
	screenEnd      // how the last call ended, for a few seconds
)

func (s screen) onStage() bool { return s >= screenRing }

// endShown is how long the end of a call is shown.
const endShown = 5 * time.Second

// scene is what is to be seen, derived from a Snapshot and the view's own
// state.
type scene struct {
	screen screen
	call   engine.Call   // the one in front, on screens of a call
	second *engine.Call  // another one ringing: a banner
	others []engine.Call // answered ones that are not in front
}

// view is the window's own state. It belongs to the main goroutine.
type view struct {
	snapshot   engine.Snapshot
	started    bool                        // a snapshot was seen
	registered bool                        // was Registered since the last sign-in began
	front      engine.CallID               // chosen by the user; "" lets decide choose
	answering  map[engine.CallID]bool      // Answer was pressed, the state does not say so yet
	leaving    map[engine.CallID]bool      // Reject, Ignore or Cancel was pressed
	sawVideo   map[engine.CallID]bool      // the far end's picture was there once
	ended      *engine.Call                // shown on screenEnd
	endedUntil time.Time                   // until then
	cutOff     map[engine.CallID]time.Time // since when no sound or picture gets through
	quiet      map[engine.CallID]bool      // its end needs no screen: the user said so
	dismissed  map[string]bool             // notices by their Cause
	silenced   map[engine.CallID]bool      // it rings without a sound
	camera     map[engine.CallID]bool      // the far end's camera was on, when last seen off hold
	moving     map[engine.CallID]bool      // is being transferred
	muting     map[engine.CallID]bool      // the microphone was asked to be off, or on; until the snapshot says so
	consult    consultation
	news       []news          // what is to be said, not said yet
	allNotices bool            // not the first one alone
	stored     *engine.Problem // of history and contacts; nil if all is well
}

func newView() *view {
	return &view{
		answering: map[engine.CallID]bool{},
		leaving:   map[engine.CallID]bool{},
		sawVideo:  map[engine.CallID]bool{},
		cutOff:    map[engine.CallID]time.Time{},
		quiet:     map[engine.CallID]bool{},
		dismissed: map[string]bool{},
		silenced:  map[engine.CallID]bool{},
		camera:    map[engine.CallID]bool{},
		moving:    map[engine.CallID]bool{},
		muting:    map[engine.CallID]bool{},
	}
}

func waiting(c engine.Call) bool {
	return c.Direction == engine.Incoming && !c.State.Established() && !c.State.Final()
}

// take moves on to the next snapshot: it notices ends of calls and forgets
// what no longer matters.
func (v *view) take(next engine.Snapshot, now time.Time) {
	previous, shown := v.snapshot, v.decide(now)
	v.snapshot = next
	switch next.Registration.State {
	case engine.Registered:
		v.registered = true
	case engine.Offline, engine.SignInRequired:
		v.registered = false
	}
	if v.started {
		v.noticeEnds(previous, next, shown, now)
		v.noticeChanges(previous, next)
	}
	v.started = true
	v.followConsultation()
	for _, c := range next.Calls {
		if c.RemoteVideo {
			v.sawVideo[c.ID] = true
		}
		if c.State.Established() {
			delete(v.answering, c.ID)
		}
		if on, asked := v.muting[c.ID]; asked && on == c.Muted {
			delete(v.muting, c.ID)
		}
		if c.Media != engine.MediaInterrupted {
			delete(v.cutOff, c.ID)
		} else if _, known := v.cutOff[c.ID]; !known {
			v.cutOff[c.ID] = now
		}
	}
	v.forget(next)
}

// noticeEnds remembers a call that was in front, or ours, and is over now.
func (v *view) noticeEnds(previous, next engine.Snapshot, shown scene, now time.Time) {
	for _, c := range next.Calls {
		if !c.State.Final() {
			continue
		}
		before, known := previous.Call(c.ID)
		inFront := shown.screen.onStage() && shown.call.ID == c.ID
		fresh := !known && c.Direction == engine.Outgoing
		if !fresh && (before.State.Final() || !inFront) {
			continue
		}
		if v.quiet[c.ID] || c.End.Reason == engine.ReasonDeclinedHere || c.End.Reason == engine.ReasonCancelledHere {
			continue
		}
		if left, is := v.remaining(next); is {
			v.tell("end", c, endNews(c, left))
			continue
		}
		over := c
		v.ended, v.endedUntil = &over, now.Add(endShown)
	}
}

// forget drops marks of calls that are gone.
func (v *view) forget(s engine.Snapshot) {
	for _, marks := range []map[engine.CallID]bool{v.answering, v.leaving, v.sawVideo, v.quiet, v.silenced, v.camera, v.moving, v.muting} {
		for id := range marks {
			if _, there := s.Call(id); !there {
				delete(marks, id)
			}
		}
	}
	for id := range v.cutOff {
		if _, there := s.Call(id); !there {
			delete(v.cutOff, id)
		}
	}
	if c, there := s.Call(v.front); !there || c.State.Final() {
		v.front = ""
	}
}

// decide says what is to be seen now.
func (v *view) decide(now time.Time) scene {
	var ringing, active []engine.Call
	for _, c := range v.snapshot.Calls {
		switch {
		case c.State.Final() || v.leaving[c.ID]:
		case waiting(c):
			ringing = append(ringing, c)
		default:
			active = append(active, c)
		}
	}
	switch {
	case len(active) > 0:
		return v.inCall(active, ringing)
	case len(ringing) > 0:
		s := scene{screen: screenRing, call: ringing[0]}
		if len(ringing) > 1 {
			s.second = &ringing[1]
		}
		return s
	case v.ended != nil && now.Before(v.endedUntil):
		return scene{screen: screenEnd, call: *v.ended}
	case v.home():
		return scene{screen: screenHome}
	default:
		return scene{screen: screenSignIn}
	}
}

func (v *view) inCall(active, ringing []engine.Call) scene {
	front := 0
	for i, c := range active {
		best := active[front]
		switch {
		case c.ID == v.front:
			front = i
		case best.ID == v.front:
		case best.LocalHold || !c.LocalHold:
			front = i // the youngest that is not on hold
		}
	}
	s := scene{screen: screenCall, call: active[front]}
	if !s.call.State.Established() {
		s.screen = screenOutgoing
	}
	for i, c := range active {
		if i != front {
			s.others = append(s.others, c)
		}
	}
	if len(ringing) > 0 {
		s.second = &ringing[0]
	}
	return s
}

// home reports whether the account is signed in, or was and is coming back.
func (v *view) home() bool {
	switch v.snapshot.Registration.State {
	case engine.Registered:
		return true
	case engine.Registering, engine.Reconnecting:
		return v.registered
	}
	return false
}

// notices are those that were not dismissed. One that went away may be shown
// when it comes again.
func (v *view) notices() []engine.Problem {
	var shown []engine.Problem
	current := map[string]bool{}
	all := v.snapshot.Notices
	if v.stored != nil {
		all = append(all[:len(all):len(all)], *v.stored)
	}
	for _, n := range all {
		current[n.Cause] = true
		if !v.dismissed[n.Cause] {
			shown = append(shown, n)
		}
	}
	for cause := range v.dismissed {
		if !current[cause] {
			delete(v.dismissed, cause)
		}
	}
	return shown
}
