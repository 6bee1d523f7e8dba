package ui

import (
	"testing"
	"time"

	"tring/engine"
	"tring/ui/uitest"
)

func snapshotWith(calls ...engine.Call) engine.Snapshot {
	s := uitest.Registered()
	s.Calls = calls
	return s
}

func callOf(id engine.CallID, direction engine.Direction, state engine.CallState) engine.Call {
	return engine.Call{ID: id, Direction: direction, State: state, RemoteAddress: string(id) + "@x", StartedAt: start}
}

func TestDecide(t *testing.T) {
	held := callOf("held", engine.Outgoing, engine.OnHold)
	held.LocalHold = true
	tests := []struct {
		name   string
		calls  []engine.Call
		front  engine.CallID
		screen screen
		call   engine.CallID
		second engine.CallID
		others int
	}{
		{"nothing", nil, "", screenHome, "", "", 0},
		{"ringing", []engine.Call{callOf("a", engine.Incoming, engine.Ringing)}, "", screenRing, "a", "", 0},
		{"ringing before the server says so", []engine.Call{callOf("a", engine.Incoming, engine.Initiating)}, "", screenRing, "a", "", 0},
		{"calling", []engine.Call{callOf("a", engine.Outgoing, engine.Initiating)}, "", screenOutgoing, "a", "", 0},
		{"answered", []engine.Call{callOf("a", engine.Incoming, engine.Connected)}, "", screenCall, "a", "", 0},
		{"second rings", []engine.Call{callOf("a", engine.Incoming, engine.Connected), callOf("b", engine.Incoming, engine.Ringing)}, "", screenCall, "a", "b", 0},
		{"two ring", []engine.Call{callOf("a", engine.Incoming, engine.Ringing), callOf("b", engine.Incoming, engine.Ringing)}, "", screenRing, "a", "b", 0},
		{"one on hold", []engine.Call{callOf("a", engine.Incoming, engine.Connected), held}, "", screenCall, "a", "", 1},
		{"the one on hold chosen", []engine.Call{callOf("a", engine.Incoming, engine.Connected), held}, "held", screenCall, "held", "", 1},
		{"over", []engine.Call{callOf("a", engine.Incoming, engine.Ended)}, "", screenHome, "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newView()
			v.take(snapshotWith(tt.calls...), start)
			v.front = tt.front
			s := v.decide(start)
			second := engine.CallID("")
			if s.second != nil {
				second = s.second.ID
			}
			if s.screen != tt.screen || s.call.ID != tt.call || second != tt.second || len(s.others) != tt.others {
				t.Errorf("got screen %d, call %q, second %q, %d others", s.screen, s.call.ID, second, len(s.others))
			}
		})
	}
}

func TestEndIsShownForAWhile(t *testing.T) {
	v := newView()
	v.take(snapshotWith(callOf("a", engine.Outgoing, engine.Connected)), start)
	over := callOf("a", engine.Outgoing, engine.Ended)
	over.End.Reason = engine.ReasonHungUpThere
	v.take(snapshotWith(over), start)
	if s := v.decide(start.Add(4 * time.Second)); s.screen != screenEnd || s.call.ID != "a" {
		t.Errorf("after 4 s the screen is %d", s.screen)
	}
	v.take(snapshotWith(), start.Add(time.Second)) // the engine forgot it meanwhile
	if s := v.decide(start.Add(4 * time.Second)); s.screen != screenEnd {
		t.Errorf("forgotten by the engine, the screen is %d", s.screen)
	}
	if s := v.decide(start.Add(endShown)); s.screen != screenHome {
		t.Errorf("after 5 s the screen is %d", s.screen)
	}
}

func TestWhichEndsAreShown(t *testing.T) {
	tests := []struct {
		name          string
		before, after engine.Call
		reason        engine.EndReason
		want          screen
	}{
		{"declined there", callOf("a", engine.Outgoing, engine.Ringing), callOf("a", engine.Outgoing, engine.Ended), engine.ReasonDeclined, screenEnd},
		{"declined here", callOf("a", engine.Incoming, engine.Ringing), callOf("a", engine.Incoming, engine.Ended), engine.ReasonDeclinedHere, screenHome},
		{"cancelled here", callOf("a", engine.Outgoing, engine.Ringing), callOf("a", engine.Outgoing, engine.Ended), engine.ReasonCancelledHere, screenHome},
		{"answered elsewhere", callOf("a", engine.Incoming, engine.Ringing), callOf("a", engine.Incoming, engine.Cancelled), engine.ReasonAnsweredElsewhere, screenEnd},
		{"failed between two snapshots", callOf("other", engine.Outgoing, engine.Ended), callOf("a", engine.Outgoing, engine.Ended), engine.ReasonUnknownUser, screenEnd},
		{"an old one", callOf("a", engine.Outgoing, engine.Ended), callOf("a", engine.Outgoing, engine.Ended), engine.ReasonDeclined, screenHome},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newView()
			v.take(snapshotWith(tt.before), start)
			tt.after.End.Reason = tt.reason
			v.take(snapshotWith(tt.after), start)
			if s := v.decide(start); s.screen != tt.want {
				t.Errorf("got screen %d, want %d", s.screen, tt.want)
			}
		})
	}
}

func TestHomeStaysWhileReconnecting(t *testing.T) {
	v := newView()
	state := func(r engine.Registration) screen {
		s := engine.Snapshot{Registration: engine.RegistrationState{State: r}}
		v.take(s, start)
		return v.decide(start).screen
	}
	steps := []struct {
		state engine.Registration
		want  screen
	}{
		{engine.Offline, screenSignIn},
		{engine.Registering, screenSignIn},
		{engine.Reconnecting, screenSignIn},
		{engine.Registered, screenHome},
		{engine.Reconnecting, screenHome},
		{engine.Registering, screenHome},
		{engine.SignInRequired, screenSignIn},
		{engine.Registering, screenSignIn},
		{engine.Registered, screenHome},
		{engine.Offline, screenSignIn},
	}
	for i, step := range steps {
		if got := state(step.state); got != step.want {
			t.Errorf("step %d: registration %d shows screen %d, want %d", i, step.state, got, step.want)
		}
	}
}

func TestDismissedNoticeComesBackWhenNew(t *testing.T) {
	v := newView()
	notice := engine.Problem{Cause: "No camera."}
	with := func(n ...engine.Problem) int {
		v.snapshot.Notices = n
		return len(v.notices())
	}
	if with(notice) != 1 {
		t.Error("a notice must be shown")
	}
	v.dismissed[notice.Cause] = true
	if with(notice) != 0 {
		t.Error("a dismissed one must not")
	}
	with()
	if with(notice) != 1 {
		t.Error("one that comes again must be shown again")
	}
}

func TestWindowTitle(t *testing.T) {
	bob := callOf("bob", engine.Incoming, engine.Ringing)
	for want, s := range map[string]scene{
		"Tring":                    {screen: screenHome},
		"bob@x is calling – Tring": {screen: screenRing, call: bob},
		"bob@x – Tring":            {screen: screenCall, call: bob},
	} {
		if got := windowTitle(s); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	carol := callOf("carol", engine.Incoming, engine.Ringing)
	if got := windowTitle(scene{screen: screenCall, call: bob, second: &carol}); got != "carol@x is calling – Tring" {
		t.Errorf("got %q", got)
	}
}
