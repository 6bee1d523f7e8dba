package ui

import (
	"fmt"
	"strings"
	"time"

	"tring/engine"
	"tring/ui/widgets"
)

// logLine is an event as the activity log shows it.
func logLine(e engine.Event) widgets.LogLine {
	text, tone := eventWords(e)
	return widgets.LogLine{Time: e.Time, Name: string(e.Name), Text: text, Tone: tone}
}

// eventWords says an event in plain words.
func eventWords(e engine.Event) (string, widgets.Tone) {
	switch e.Name {
	case engine.EventSubscriptionChange:
		if len(e.Subscribed) == 0 {
			return join("Not subscribed to any service.", e.Reason), widgets.ToneNormal
		}
		return "Subscribed to: " + strings.Join(e.Subscribed, ", ") + ".", widgets.ToneGood
	case engine.EventCallStart:
		return callKind(e.Video) + " to " + remote(e) + " started.", widgets.ToneNormal
	case engine.EventCallReceive:
		return callKind(e.Video) + " from " + remote(e) + " is coming in.", widgets.ToneNormal
	case engine.EventCallStateChange:
		return stateWords(e)
	case engine.EventCallMediaConnection:
		return mediaWords(e.Media)
	case engine.EventCallMedia:
		return firstMediaWords(e), widgets.ToneGood
	case engine.EventCallOperation:
		return operationWords(e)
	case engine.EventCallDTMF:
		return "The other side pressed " + e.Operation + ".", widgets.ToneNormal
	case engine.EventDeviceChange:
		if e.DeviceName != "" {
			return deviceWords(e.DeviceName, []deviceRole{{kind: e.DeviceKind}}), widgets.ToneNormal
		}
		return "Cameras, microphones or speakers changed.", widgets.ToneNormal
	case engine.EventMutedSpeech:
		return "Somebody speaks here while muted.", widgets.ToneNormal
	case engine.EventCredential:
		return "The server renewed the sign-in.", widgets.ToneNormal
	case engine.EventSubscriptionError, engine.EventCallError, engine.EventNotice:
		return join(problemWords(e.Problem), ""), widgets.ToneBad
	default:
		return join(problemWords(e.Problem), e.Reason), widgets.ToneNormal
	}
}

func remote(e engine.Event) string {
	switch {
	case e.RemoteName != "" && e.Remote != "":
		return e.RemoteName + " (" + e.Remote + ")"
	case e.RemoteName != "":
		return e.RemoteName
	case e.Remote != "":
		return e.Remote
	default:
		return "somebody unknown"
	}
}

func join(text, more string) string {
	switch {
	case text == "":
		return more
	case more == "":
		return text
	default:
		return text + " " + more
	}
}

func problemWords(p *engine.Problem) string {
	if p == nil {
		return "Something went wrong; no details were given."
	}
	return p.Error()
}

func stateWords(e engine.Event) (string, widgets.Tone) {
	tone := widgets.ToneNormal
	text := e.Previous.String() + " → " + e.State.String()
	switch {
	case e.State.Final():
		headline, _ := endWords(engine.Call{RemoteAddress: e.Remote, RemoteName: e.RemoteName, End: e.End})
		if e.Remote == "" && e.RemoteName == "" {
			headline = reasonWords(e.End.Reason)
		}
		text += ": " + headline
		if e.End.StatusCode != 0 {
			text += fmt.Sprintf(" (%d", e.End.StatusCode)
			if e.End.Text != "" {
				text += " " + e.End.Text
			}
			text += ")"
		}
	case e.LocalHold && e.RemoteHold:
		text += ", held by both sides"
	case e.LocalHold:
		text += ", held here"
	case e.RemoteHold:
		text += ", held by the other side"
	case e.State == engine.Connected:
		tone = widgets.ToneGood
	}
	return text + ".", tone
}

// reasonWords is endWords for an event that does not say whose call it was.
func reasonWords(r engine.EndReason) string {
	switch r {
	case engine.ReasonHungUpHere:
		return "hung up here"
	case engine.ReasonHungUpThere:
		return "the other side hung up"
	case engine.ReasonCancelledThere:
		return "the caller gave up"
	case engine.ReasonUnknownUser:
		return "there is nobody of that address"
	case engine.ReasonUnreachable:
		return "the other side is not signed in"
	case engine.ReasonNone:
		return "over"
	default:
		headline, _ := endWords(engine.Call{End: engine.EndInfo{Reason: r}})
		return strings.ToLower(headline[:1]) + headline[1:]
	}
}

func mediaWords(m engine.MediaState) (string, widgets.Tone) {
	switch m {
	case engine.MediaConnecting:
		return "Looking for a way for sound and picture.", widgets.ToneNormal
	case engine.MediaFlowing:
		return "Sound and picture have a way.", widgets.ToneGood
	case engine.MediaInterrupted:
		return "The way for sound and picture is interrupted.", widgets.ToneBad
	case engine.MediaFailed:
		return "No way was found for sound and picture.", widgets.ToneBad
	default:
		return "Sound and picture are not negotiated yet.", widgets.ToneNormal
	}
}

func firstMediaWords(e engine.Event) string {
	what := "First sound heard"
	if e.MediaKind == "video" {
		what = "First picture shown"
		if e.Width > 0 && e.Height > 0 {
			what += fmt.Sprintf(" (%d×%d)", e.Width, e.Height)
		}
	}
	if e.SinceAnswer > 0 {
		what += fmt.Sprintf(", %d ms after the answer", e.SinceAnswer.Milliseconds())
	}
	return what + "."
}

// operationNames are the mid-call operations as a person says them.
var operationNames = map[string]string{
	"hold":        "Hold",
	"unhold":      "Resume",
	"addVideo":    "Turning the camera on",
	"removeVideo": "Turning the camera off",
	"transfer":    "Transfer",
	"forward":     "Forwarding",
	"restart":     "Looking for a new way for sound and picture",
	"update":      "A change of the call",
	"mute":        "Muting",
	"unmute":      "Unmuting",
}

func operationWords(e engine.Event) (string, widgets.Tone) {
	name, known := operationNames[e.Operation]
	if !known {
		name = "Operation " + e.Operation
	}
	by := ""
	if !e.Local {
		by = ", asked for by the other side"
	}
	switch e.Phase {
	case "start":
		return name + " started" + by + ".", widgets.ToneNormal
	case "finish":
		return name + " done" + by + ".", widgets.ToneGood
	case "error":
		text := name + " failed" + by + "."
		if e.Problem != nil {
			return join(text, e.Problem.Error()), widgets.ToneBad
		}
		return join(text, e.Reason), widgets.ToneBad
	default:
		return name + by + ".", widgets.ToneNormal
	}
}

// logText is the log as Copy puts it on the clipboard: one entry a line, with
// ISO 8601 times.
func logText(lines []widgets.LogLine) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Time.Format(time.RFC3339Nano))
		b.WriteString("  ")
		b.WriteString(l.Name)
		b.WriteString("  ")
		b.WriteString(strings.ReplaceAll(l.Text, "\n", " "))
		b.WriteByte('\n')
	}
	return b.String()
}
