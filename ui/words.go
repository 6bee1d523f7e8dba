package ui

import (
	"fmt"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"

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
		return status{theme.IconConnecting, theme.ColorBusy, "Connecting"}
	case engine.Registered:
		return status{theme.IconCheckCircle, theme.ColorGood, "Ready"}
	case engine.Reconnecting:
		if wait := r.RetryAt.Sub(now); !r.RetryAt.IsZero() && wait > 0 {
			return status{theme.IconReconnect, theme.ColorBusy, fmt.Sprintf("Reconnecting in %d s", ceilSeconds(wait))}
		}
		return status{theme.IconReconnect, theme.ColorBusy, "Reconnecting now"}
	case engine.SignInRequired:
		return status{theme.IconKey, theme.ColorBad, "Sign in again"}
	default:
		return status{theme.IconOffline, theme.ColorMuted, "Offline"}
	}
}

func ceilSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// callBlocked is why no call can be made to address; "" if one can.
func callBlocked(r engine.RegistrationState, address string) string {
	switch r.State {
	case engine.Registered:
	case engine.Reconnecting:
		return "Calls work again as soon as the connection is back."
	case engine.SignInRequired:
		return "Sign in again to make calls."
	default:
		return "Calls work as soon as you are signed in."
	}
	if strings.TrimSpace(address) == "" {
		return "Enter a name, an address or a number."
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
	return "Unknown caller"
}

// firstName is callName, short enough for a sentence.
func firstName(c engine.Call) string {
	name := callName(c)
	if user, _, isAddress := strings.Cut(name, "@"); isAddress {
		return user
	}
	return name
}

// callAddress is the address unless callName says it already.
func callAddress(c engine.Call) string {
	if callName(c) == c.RemoteAddress {
		return ""
	}
	return c.RemoteAddress
}

// clock is a duration as 0:07, 12:34 or 1:02:03.
func clock(d time.Duration) string {
	seconds := int(max(0, d).Seconds())
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}

// outgoingState is what an outgoing call that was not answered yet is doing.
// It rings only when the far end says so.
func outgoingState(c engine.Call) string {
	if c.State == engine.Ringing || c.State == engine.EarlyMedia {
		return "Ringing…"
	}
	return "Calling…"
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
		return "No sound or picture gets through", true
	case engine.MediaInterrupted:
		if cutOff >= time.Second {
			return fmt.Sprintf("Reconnecting… (%d s)", int(cutOff.Seconds())), true
		}
		return "Reconnecting…", true
	case engine.MediaNew, engine.MediaConnecting:
		return "Connecting…", false
	}
	return "", false
}

// holdState says who put whom on hold; "" if nobody did.
func holdState(c engine.Call) string {
	name := firstName(c)
	switch {
	case c.LocalHold && c.RemoteHold:
		return "You and " + name + " put each other on hold"
	case c.LocalHold:
		return "You put " + name + " on hold"
	case c.RemoteHold:
		return name + " put you on hold"
	}
	return ""
}

// pictureState is why there is no remote picture.
func pictureState(c engine.Call, seen bool) string {
	switch {
	case held(c):
		return holdState(c)
	case c.RemoteVideo:
		return ""
	case seen:
		return firstName(c) + " turned the camera off"
	case c.SendingVideo:
		return firstName(c) + "’s camera is off"
	default:
		return "Voice call"
	}
}

// endWords says why a call is over: a headline and, where it helps, what to do.
func endWords(c engine.Call) (headline, next string) {
	who := c.RemoteAddress
	if who == "" {
		who = "this address"
	}
	switch c.End.Reason {
	case engine.ReasonDeclined:
		return "Declined", callName(c) + " does not want to answer now."
	case engine.ReasonDeclinedHere:
		return "You declined the call", ""
	case engine.ReasonBusy:
		return "Busy", callName(c) + " is in another call. Try again later."
	case engine.ReasonNoAnswer:
		if c.Direction == engine.Incoming {
			return "You did not answer", "Call back whenever you like."
		}
		return "No answer", "Nobody picked up. Try again later."
	case engine.ReasonUnknownUser:
		return "There is nobody called " + who, "Check the address for typing mistakes."
	case engine.ReasonUnreachable:
		return callName(c) + " is not signed in", "Try again later."
	case engine.ReasonAnsweredElsewhere:
		return "Answered on another device", ""
	case engine.ReasonDeclinedElsewhere:
		return "Declined on another device", ""
	case engine.ReasonCancelledHere:
		return "Cancelled", ""
	case engine.ReasonCancelledThere:
		return callName(c) + " gave up calling", "Call back whenever you like."
	case engine.ReasonTransferred:
		if c.Direction == engine.Incoming && c.ConnectedAt.IsZero() && c.RemoteAddress != "" {
			return "Call forwarded", ""
		}
		return "Call transferred", ""
	case engine.ReasonNetworkLost:
		return "Network lost", "Check your connection, then call again."
	case engine.ReasonRefused:
		return "The call could not be set up", "The two programs could not agree on sound and picture. Try a voice call."
	case engine.ReasonServerEnded:
		return "The server ended the call", "Try again."
	case engine.ReasonHungUpThere:
		return callName(c) + " hung up", ""
	default:
		return "Call ended", ""
	}
}

// callLength is how long a call was answered; "" if it never was.
func callLength(c engine.Call) string {
	if c.ConnectedAt.IsZero() || c.EndedAt.Before(c.ConnectedAt) {
		return ""
	}
	return clock(c.EndedAt.Sub(c.ConnectedAt))
}

// callKind is "Video call" or "Voice call".
func callKind(video bool) string {
	if video {
		return "Video call"
	}
	return "Voice call"
}

// windowTitle says in the desktop's list of windows what is going on.
func windowTitle(s scene) string {
	switch {
	case s.second != nil:
		return callName(*s.second) + " is calling – Tring"
	case s.screen == screenRing:
		return callName(s.call) + " is calling – Tring"
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
		return "On hold on both sides"
	case c.LocalHold:
		return "On hold"
	case c.RemoteHold:
		return "Put you on hold"
	default:
		return "In a call with you"
	}
}

// askingState is how a call waits while a third person is asked.
func askingState(held, asked engine.Call, joining bool) string {
	switch {
	case joining:
		return "Connecting with " + firstName(asked) + "…"
	case held.LocalHold:
		return "On hold while you ask " + firstName(asked)
	default:
		return "Waits while you ask " + firstName(asked)
	}
}

// reconnectWords say outside of calls that the server is out of reach.
func reconnectWords(r engine.RegistrationState, now time.Time) (cause, next string) {
	cause = "The way to the server is lost."
	if r.Problem != nil {
		cause = r.Problem.Cause
	}
	if wait := r.RetryAt.Sub(now); !r.RetryAt.IsZero() && wait > 0 {
		return cause, fmt.Sprintf("Tring tries again by itself in %d s.", ceilSeconds(wait))
	}
	return cause, "Tring tries again now."
}

// offlineWords say in a call that the server is out of reach.
func offlineWords(r engine.RegistrationState, now time.Time) (cause, next string) {
	switch r.State {
	case engine.SignInRequired:
		return "The server no longer accepts your sign-in; the call goes on.", "Sign in again after it."
	case engine.Offline:
		return "You are signed out; the call goes on.", "Sign in again after it."
	}
	cause = "The way to the server is lost; the call goes on."
	if wait := r.RetryAt.Sub(now); r.State == engine.Reconnecting && !r.RetryAt.IsZero() && wait > 0 {
		return cause, fmt.Sprintf("Reconnecting in %d s.", ceilSeconds(wait))
	}
	return cause, "Reconnecting now."
}
