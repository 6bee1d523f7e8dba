package ui

import (
	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

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
			v.tell("hold", c, lang.L("{{.Name}} put you on hold.", with{"Name": firstName(c)}))
		case !c.RemoteHold && before.RemoteHold:
			v.tell("hold", c, lang.L("{{.Name}} is back.", with{"Name": firstName(c)}))
		}
		if held(before) || held(c) { // the picture stops with the hold, and is no news
			continue
		}
		first := c.RemoteVideo && !v.sawVideo[c.ID] && c.SendingVideo // a video call begins
		if was, seen := v.camera[c.ID]; seen && was != c.RemoteVideo && !first {
			name := with{"Name": firstName(c)}
			if c.RemoteVideo {
				v.tell("camera", c, lang.L("{{.Name}} turned the camera on.", name))
			} else {
				v.tell("camera", c, lang.L("{{.Name}} turned the camera off.", name))
			}
		}
		v.camera[c.ID] = c.RemoteVideo
	}
}

// news is a sentence to be said. A later one about the same takes its place.
type news struct{ about, text string }

// tell is news about a part of a call.
func (v *view) tell(part string, c engine.Call, text string) {
	v.news = append(v.news, news{part + " " + string(c.ID), text})
}

func held(c engine.Call) bool { return c.LocalHold || c.RemoteHold }

// endNews says that a call is over while another one, left, is not.
func endNews(c, left engine.Call) string {
	name := with{"Name": firstName(c)}
	text := lang.L("The call with {{.Name}} is over.", name)
	switch c.End.Reason {
	case engine.ReasonHungUpThere:
		text = lang.L("{{.Name}} hung up.", name)
	case engine.ReasonDeclined:
		text = lang.L("{{.Name}} declined.", name)
	case engine.ReasonBusy:
		text = lang.L("{{.Name}} is in another call.", name)
	case engine.ReasonNoAnswer:
		text = lang.L("{{.Name}} did not answer.", name)
	case engine.ReasonUnreachable:
		text = lang.L("{{.Name}} is not signed in.", name)
	case engine.ReasonUnknownUser:
		text = lang.L("There is nobody called {{.Address}}.", with{"Address": c.RemoteAddress})
	case engine.ReasonNetworkLost:
		text = lang.L("The call with {{.Name}} was lost: the network failed.", name)
	case engine.ReasonTransferred:
		text = lang.L("The call with {{.Name}} was transferred.", name)
	}
	if left.LocalHold {
		text = join(text, lang.L("{{.Name}} is still on hold.", with{"Name": firstName(left)}))
	}
	return text
}
