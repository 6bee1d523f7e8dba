package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

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
			return join(lang.L("Not subscribed to any service."), e.Reason), widgets.ToneNormal
		}
		return lang.L("Subscribed to: {{.Services}}.", with{"Services": strings.Join(e.Subscribed, ", ")}), widgets.ToneGood
	case engine.EventCallStart:
		if e.Video {
			return lang.L("Video call to {{.Name}} started.", with{"Name": remote(e)}), widgets.ToneNormal
		}
		return lang.L("Voice call to {{.Name}} started.", with{"Name": remote(e)}), widgets.ToneNormal
	case engine.EventCallReceive:
		if e.Video {
			return lang.L("Video call from {{.Name}} is coming in.", with{"Name": remote(e)}), widgets.ToneNormal
		}
		return lang.L("Voice call from {{.Name}} is coming in.", with{"Name": remote(e)}), widgets.ToneNormal
	case engine.EventCallStateChange:
		return stateWords(e)
	case engine.EventCallMediaConnection:
		return mediaWords(e.Media)
	case engine.EventCallMedia:
		return firstMediaWords(e), widgets.ToneGood
	case engine.EventCallOperation:
		return operationWords(e)
	case engine.EventCallDTMF:
		return lang.L("The other side pressed {{.Keys}}.", with{"Keys": e.Operation}), widgets.ToneNormal
	case engine.EventDeviceChange:
		if e.DeviceName != "" {
			return deviceWords(e.DeviceName, []deviceRole{{kind: e.DeviceKind}}), widgets.ToneNormal
		}
		return lang.L("Cameras, microphones or speakers changed."), widgets.ToneNormal
	case engine.EventMutedSpeech:
		return lang.L("Somebody speaks here while muted."), widgets.ToneNormal
	case engine.EventCredential:
		return lang.L("The server renewed the sign-in."), widgets.ToneNormal
	case engine.EventSubscriptionError, engine.EventCallError, engine.EventNotice:
		return problemText(e.Problem), widgets.ToneBad
	default:
		return join(problemText(e.Problem), e.Reason), widgets.ToneNormal
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
		return lang.L("somebody unknown")
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

func stateWords(e engine.Event) (string, widgets.Tone) {
	tone := widgets.ToneNormal
	text := e.Previous.String() + " → " + e.State.String()
	switch {
	case e.State.Final():
		headline, _ := endWords(engine.Call{RemoteAddress: e.Remote, RemoteName: e.RemoteName, End: e.End})
		if e.Remote == "" && e.RemoteName == "" {
			headline = reasonWords(e.End.Reason)
		}
		if text += ": " + headline; e.End.StatusCode != 0 { // the server's own words
			text += " (" + strings.TrimSpace(fmt.Sprintf("%d %s", e.End.StatusCode, e.End.Text)) + ")"
		}
	case e.LocalHold && e.RemoteHold:
		text += ": " + lang.L("held by both sides")
	case e.LocalHold:
		text += ": " + lang.L("held here")
	case e.RemoteHold:
		text += ": " + lang.L("held by the other side")
	case e.State == engine.Connected:
		tone = widgets.ToneGood
	}
	return text + ".", tone
}

// reasonWords is endWords for an event that does not say whose call it was.
func reasonWords(r engine.EndReason) string {
	switch r {
	case engine.ReasonHungUpHere:
		return lang.L("hung up here")
	case engine.ReasonHungUpThere:
		return lang.L("the other side hung up")
	case engine.ReasonCancelledThere:
		return lang.L("the caller gave up")
	case engine.ReasonUnknownUser:
		return lang.L("there is nobody of that address")
	case engine.ReasonUnreachable:
		return lang.L("the other side is not signed in")
	case engine.ReasonNone:
		return lang.L("over")
	default:
		headline, _ := endWords(engine.Call{End: engine.EndInfo{Reason: r}})
		return headline
	}
}

func mediaWords(m engine.MediaState) (string, widgets.Tone) {
	switch m {
	case engine.MediaConnecting:
		return lang.L("Looking for a way for sound and picture."), widgets.ToneNormal
	case engine.MediaFlowing:
		return lang.L("Sound and picture have a way."), widgets.ToneGood
	case engine.MediaInterrupted:
		return lang.L("The way for sound and picture is interrupted."), widgets.ToneBad
	case engine.MediaFailed:
		return lang.L("No way was found for sound and picture."), widgets.ToneBad
	default:
		return lang.L("Sound and picture are not negotiated yet."), widgets.ToneNormal
	}
}

func firstMediaWords(e engine.Event) string {
	what := lang.L("First sound heard")
	if e.MediaKind == "video" {
		what = lang.L("First picture shown")
		if e.Width > 0 && e.Height > 0 {
			what += fmt.Sprintf(" (%d×%d)", e.Width, e.Height)
		}
	}
	if e.SinceAnswer > 0 {
		what += ", " + lang.L("{{.Number}} ms after the answer", with{"Number": e.SinceAnswer.Milliseconds()})
	}
	return what + "."
}

// operationName is a mid-call operation as a person says it.
func operationName(operation string) string {
	switch operation {
	case "hold":
		return lang.L("Hold")
	case "unhold":
		return lang.L("Resume")
	case "addVideo":
		return lang.L("Turning the camera on")
	case "removeVideo":
		return lang.L("Turning the camera off")
	case "transfer":
		return lang.L("Transfer")
	case "forward":
		return lang.L("Forwarding")
	case "restart":
		return lang.L("Looking for a new way for sound and picture")
	case "update":
		return lang.L("A change of the call")
	case "mute":
		return lang.L("Muting")
	case "unmute":
		return lang.L("Unmuting")
	}
	return lang.L("Operation {{.Name}}", with{"Name": operation})
}

func operationWords(e engine.Event) (string, widgets.Tone) {
	what := with{"Operation": operationName(e.Operation)}
	switch {
	case e.Phase == "start" && e.Local:
		return lang.L("{{.Operation}} started.", what), widgets.ToneNormal
	case e.Phase == "start":
		return lang.L("{{.Operation}} started, asked for by the other side.", what), widgets.ToneNormal
	case e.Phase == "finish" && e.Local:
		return lang.L("{{.Operation}} done.", what), widgets.ToneGood
	case e.Phase == "finish":
		return lang.L("{{.Operation}} done, asked for by the other side.", what), widgets.ToneGood
	case e.Phase == "error":
		text := lang.L("{{.Operation}} failed, asked for by the other side.", what)
		if e.Local {
			text = lang.L("{{.Operation}} failed.", what)
		}
		if e.Problem != nil {
			return join(text, problemText(e.Problem)), widgets.ToneBad
		}
		return join(text, e.Reason), widgets.ToneBad
	case e.Local:
		return lang.L("{{.Operation}}.", what), widgets.ToneNormal
	}
	return lang.L("{{.Operation}}, asked for by the other side.", what), widgets.ToneNormal
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
