package ui

import "tring/engine"

// consultation is a call to a third person, made to ask before a call is
// handed over.
type consultation struct {
	held    engine.CallID // the call to be handed over
	asked   engine.CallID // the call to the third person
	joining bool          // "Connect both" was pressed
}

func (c consultation) on() bool { return c.asked != "" }

// followConsultation ends it with either of its calls.
func (v *view) followConsultation() {
	if !v.consult.on() {
		return
	}
	held, there := v.snapshot.Call(v.consult.held)
	if !there || held.State.Final() {
		v.consult = consultation{}
	}
	asked, there := v.snapshot.Call(v.consult.asked)
	if there && asked.State.Final() || v.leaving[v.consult.asked] {
		v.consult = consultation{}
	}
}

// remaining is the call that comes into view when the one in front is over.
func (v *view) remaining(s engine.Snapshot) (engine.Call, bool) {
	var left engine.Call
	found := false
	for _, c := range s.Calls {
		if c.State.Established() && !v.leaving[c.ID] {
			left, found = c, true
		}
	}
	return left, found
}

// noticeChanges says what the far ends did: a picture that is gone, or
// silence, could as well be a fault.
func (v *view) noticeChanges(previous, next engine.Snapshot) {
	for _, c := range next.Calls {
		before, known := previous.Call(c.ID)
		if !known || !before.State.Established() || !c.State.Established() {
			if c.State.Established() {
				v.camera[c.ID] = c.RemoteVideo
			}
			continue
		}
		switch {
		case c.RemoteHold && !before.RemoteHold:
			v.news = append(v.news, firstName(c)+" put you on hold.")
		case !c.RemoteHold && before.RemoteHold:
			v.news = append(v.news, firstName(c)+" is back.")
		}
		if held(before) || held(c) { // the picture stops with the hold, and is no news
			continue
		}
		if was, seen := v.camera[c.ID]; seen && was != c.RemoteVideo {
			word := "off"
			if c.RemoteVideo {
				word = "on"
			}
			v.news = append(v.news, firstName(c)+" turned the camera "+word+".")
		}
		v.camera[c.ID] = c.RemoteVideo
	}
}

func held(c engine.Call) bool { return c.LocalHold || c.RemoteHold }

// endNews says that a call is over while another one, left, is not.
func endNews(c, left engine.Call) string {
	name := firstName(c)
	text := "The call with " + name + " is over."
	switch c.End.Reason {
	case engine.ReasonHungUpThere:
		text = name + " hung up."
	case engine.ReasonDeclined:
		text = name + " declined."
	case engine.ReasonBusy:
		text = name + " is in another call."
	case engine.ReasonNoAnswer:
		text = name + " did not answer."
	case engine.ReasonUnreachable:
		text = name + " is not signed in."
	case engine.ReasonUnknownUser:
		text = "There is nobody called " + c.RemoteAddress + "."
	case engine.ReasonNetworkLost:
		text = "The call with " + name + " was lost: the network failed."
	case engine.ReasonTransferred:
		text = "The call with " + name + " was transferred."
	}
	if left.LocalHold {
		text += " " + firstName(left) + " is still on hold."
	}
	return text
}
