package ui

import (
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
)

// status is a state in words, with an icon and a colour; never the colour
// alone.
type status struct {
	icon  theme.IconName
	color fyne.ThemeColorName
	words string
}

// registrationStatus is the account's state in words.
func registrationStatus(r engine.RegistrationState, now time.Time) status {
	switch r.State {
	case engine.Registering:
		return status{theme.IconConnecting, theme.ColorBusy, lang.L("Connecting")}
	case engine.Registered:
		return status{theme.IconCheckCircle, theme.ColorGood, lang.L("Ready")}
	case engine.Reconnecting:
		if wait := r.RetryAt.Sub(now); !r.RetryAt.IsZero() && wait > 0 {
			return status{theme.IconReconnect, theme.ColorBusy, lang.L("Reconnecting in {{.Seconds}} s", with{"Seconds": ceilSeconds(wait)})}
		}
		return status{theme.IconReconnect, theme.ColorBusy, lang.L("Reconnecting now")}
	case engine.SignInRequired:
		return status{theme.IconKey, theme.ColorBad, lang.L("Sign in again")}
	default:
		return status{theme.IconOffline, theme.ColorMuted, lang.L("Offline")}
	}
}

func ceilSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// callBlocked is why no call can be made to address; "" if one can.
func callBlocked(r engine.RegistrationState, address string) string {
	switch r.State {
	case engine.Registered:
	case engine.Reconnecting:
		return lang.L("Calls work again as soon as the connection is back.")
	case engine.SignInRequired:
		return lang.L("Sign in again to make calls.")
	default:
		return lang.L("Calls work as soon as you are signed in.")
	}
	if strings.TrimSpace(address) == "" {
		return lang.L("Enter a name, an address or a number.")
	}
	return ""
}

// callName is how the other side is called: its name, else its address.
func callName(c engine.Call) string {
	if name := strings.TrimSpace(c.RemoteName); name != "" {
		return name
	}
	if c.RemoteAddress != "" {
		return c.RemoteAddress
	}
	return lang.L("Unknown caller")
}

// firstName is callName, short enough for a sentence.
func firstName(c engine.Call) string {
	name := callName(c)
	if user, _, isAddress := strings.Cut(name, "@"); isAddress {
		name = user
	}
	return cutName(name)
}

// nameInSentence is how many characters of a name a sentence bears.
const nameInSentence = 32

// cutName ends a name that is too long for a sentence, between words if it can.
func cutName(name string) string {
	runes := []rune(name)
	if len(runes) <= nameInSentence {
		return name
	}
	short := string(runes[:nameInSentence])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = short[:i]
	}
	return short + "…"
}

// callAddress is the address unless callName says it already.
func callAddress(c engine.Call) string {
	if callName(c) == c.RemoteAddress {
		return ""
	}
	return c.RemoteAddress
}

// outgoingState is what an outgoing call that was not answered yet is doing.
// It rings only when the far end says so.
func outgoingState(c engine.Call) string {
	if c.State == engine.Ringing || c.State == engine.EarlyMedia {
		return lang.L("Ringing…")
	}
	return lang.L("Calling…")
}

// callState is what an answered call is doing, in a few words; "" if it is
// simply going on. warn is set where something is wrong. cutOff is for how
// long nothing got through.
func callState(c engine.Call, cutOff time.Duration) (words string, warn bool) {
	if held(c) {
		return holdState(c), false
	}
	switch c.Media {
	case engine.MediaFailed:
		return lang.L("No sound or picture gets through"), true
	case engine.MediaInterrupted:
		if cutOff >= time.Second {
			return lang.L("Reconnecting… ({{.Seconds}} s)", with{"Seconds": int(cutOff.Seconds())}), true
		}
		return lang.L("Reconnecting…"), true
	case engine.MediaNew, engine.MediaConnecting:
		return lang.L("Connecting…"), false
	}
	return "", false
}

// holdState says who put whom on hold; "" if nobody did.
func holdState(c engine.Call) string {
	name := with{"Name": firstName(c)}
	switch {
	case c.LocalHold && c.RemoteHold:
		return lang.L("You and {{.Name}} put each other on hold", name)
	case c.LocalHold:
		return lang.L("You put {{.Name}} on hold", name)
	case c.RemoteHold:
		return lang.L("{{.Name}} put you on hold", name)
	}
	return ""
}

// pictureState is why there is no remote picture, of a call of which that fault
// is told.
func pictureState(c engine.Call, seen bool, told fault) string {
	switch {
	case held(c):
		return holdState(c)
	case c.RemoteVideo && c.Media != engine.MediaFlowing: // callState says why
		return ""
	case c.RemoteVideo && told == faultNoPicture:
		return lang.L("{{.Name}} sends no picture", with{"Name": firstName(c)})
	case c.RemoteVideo:
		return lang.L("Waiting for {{.Name}}’s picture…", with{"Name": firstName(c)})
	case seen:
		return lang.L("{{.Name}} turned the camera off", with{"Name": firstName(c)})
	case c.SendingVideo:
		return lang.L("{{.Name}}’s camera is off", with{"Name": firstName(c)})
	default:
		return lang.L("Voice call")
	}
}

// endWords says why a call is over: a headline and, where it helps, what to do.
func endWords(c engine.Call) (headline, next string) {
	name, who := with{"Name": callName(c)}, c.RemoteAddress
	if who == "" {
		who = lang.L("this address")
	}
	switch c.End.Reason {
	case engine.ReasonDeclined:
		return lang.L("Declined"), lang.L("{{.Name}} does not want to answer now.", name)
	case engine.ReasonDeclinedHere:
		return lang.L("You declined the call"), ""
	case engine.ReasonBusy:
		return lang.L("Busy"), lang.L("{{.Name}} is in another call. Try again later.", name)
	case engine.ReasonNoAnswer:
		if c.Direction == engine.Incoming {
			return lang.L("You did not answer"), lang.L("Call back whenever you like.")
		}
		return lang.L("No answer"), lang.L("Nobody picked up. Try again later.")
	case engine.ReasonUnknownUser:
		return lang.L("There is nobody called {{.Address}}", with{"Address": who}), lang.L("Check the address for typing mistakes.")
	case engine.ReasonUnreachable:
		return lang.L("{{.Name}} is not signed in", name), lang.L("Try again later.")
	case engine.ReasonAnsweredElsewhere:
		return lang.L("Answered on another device"), ""
	case engine.ReasonDeclinedElsewhere:
		return lang.L("Declined on another device"), ""
	case engine.ReasonCancelledHere:
		return lang.L("Cancelled"), ""
	case engine.ReasonCancelledThere:
		return lang.L("{{.Name}} gave up calling", name), lang.L("Call back whenever you like.")
	case engine.ReasonTransferred:
		if c.Direction == engine.Incoming && c.ConnectedAt.IsZero() && c.RemoteAddress != "" {
			return lang.L("Call forwarded"), ""
		}
		return lang.L("Call transferred"), ""
	case engine.ReasonNetworkLost:
		return lang.L("Network lost"), lang.L("Check your connection, then call again.")
	case engine.ReasonRefused:
		return lang.L("The call could not be set up"), lang.L("The two programs could not agree on sound and picture. Try a voice call.")
	case engine.ReasonServerEnded:
		return lang.L("The server ended the call"), lang.L("Try again.")
	case engine.ReasonHungUpThere:
		return lang.L("{{.Name}} hung up", name), ""
	default:
		return lang.L("Call ended"), ""
	}
}

// callLength is how long a call was answered; "" if it never was.
func callLength(c engine.Call) string {
	if c.ConnectedAt.IsZero() || c.EndedAt.Before(c.ConnectedAt) {
		return ""
	}
	return clock(c.EndedAt.Sub(c.ConnectedAt))
}

// callKind is lang.L("Video call") or lang.L("Voice call").
func callKind(video bool) string {
	if video {
		return lang.L("Video call")
	}
	return lang.L("Voice call")
}

// ringsWords say of a call that it rings while another one goes on.
func ringsWords(video bool) string {
	if video {
		return lang.L("Video call is ringing")
	}
	return lang.L("Voice call is ringing")
}

// windowTitle says in the desktop's list of windows what is going on.
func windowTitle(s scene) string {
	switch {
	case s.second != nil:
		return lang.L("{{.Name}} is calling", with{"Name": callName(*s.second)}) + " – Tring"
	case s.screen == screenRing:
		return lang.L("{{.Name}} is calling", with{"Name": callName(s.call)}) + " – Tring"
	case s.screen == screenCall || s.screen == screenOutgoing:
		return callName(s.call) + " – Tring"
	default:
		return "Tring"
	}
}

// otherState is how a call that is not in front is doing.
func otherState(c engine.Call) string {
	switch {
	case !c.State.Established():
		return outgoingState(c)
	case c.LocalHold && c.RemoteHold:
		return lang.L("On hold on both sides")
	case c.LocalHold:
		return lang.L("On hold")
	case c.RemoteHold:
		return lang.L("Put you on hold")
	default:
		return lang.L("In a call with you")
	}
}

// askingState is how a call waits while a third person is asked.
func askingState(held, asked engine.Call, joining bool) string {
	name := with{"Name": firstName(asked)}
	switch {
	case joining:
		return lang.L("Connecting with {{.Name}}…", name)
	case held.LocalHold:
		return lang.L("On hold while you ask {{.Name}}", name)
	default:
		return lang.L("Waits while you ask {{.Name}}", name)
	}
}

// reconnectWords say outside of calls that the server is out of reach.
func reconnectWords(r engine.RegistrationState, now time.Time) (cause, next string) {
	cause = lang.L("The way to the server is lost.")
	if r.Problem != nil {
		cause, _ = problemWords(r.Problem)
	}
	if wait := r.RetryAt.Sub(now); !r.RetryAt.IsZero() && wait > 0 {
		return cause, lang.L("Tring tries again by itself in {{.Seconds}} s.", with{"Seconds": ceilSeconds(wait)})
	}
	return cause, lang.L("Tring tries again now.")
}

// offlineWords say in a call that the server is out of reach.
func offlineWords(r engine.RegistrationState, now time.Time) (cause, next string) {
	switch r.State {
	case engine.SignInRequired:
		return lang.L("The server no longer accepts your sign-in; the call goes on."), lang.L("Sign in again after it.")
	case engine.Offline:
		return lang.L("You are signed out; the call goes on."), lang.L("Sign in again after it.")
	}
	cause = lang.L("The way to the server is lost; the call goes on.")
	if wait := r.RetryAt.Sub(now); r.State == engine.Reconnecting && !r.RetryAt.IsZero() && wait > 0 {
		return cause, lang.L("Reconnecting in {{.Seconds}} s.", with{"Seconds": ceilSeconds(wait)})
	}
	return cause, lang.L("Reconnecting now.")
}
