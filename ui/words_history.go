package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tring/ui/store"
	"tring/ui/theme"
)

// historyWords says what became of a call, with an icon; a missed one differs
// by word, icon and colour.
func historyWords(e store.Entry) (icon theme.IconName, color fyne.ThemeColorName, words string) {
	kind := strings.ToLower(callKind(e.Video))
	if e.Outcome == store.Missed {
		return theme.IconCallMissed, theme.ColorBad, "Missed " + kind
	}
	icon, words = theme.IconCallOut, "Outgoing "+kind
	if e.Incoming {
		icon, words = theme.IconCallIn, "Incoming "+kind
	}
	if more := outcomeWords(e); more != "" {
		words += " · " + more
	}
	return icon, theme.ColorMuted, words
}

// outcomeWords is how a call went, in a word or two.
func outcomeWords(e store.Entry) string {
	switch e.Outcome {
	case store.Ringing:
		return "ringing now"
	case store.Answered:
		if e.Ended.IsZero() {
			return "going on now"
		}
		return clock(e.Length())
	case store.Missed:
		return "missed"
	case store.Declined:
		return "declined"
	case store.DeclinedElsewhere:
		return "declined on another device"
	case store.AnsweredElsewhere:
		return "answered on another device"
	case store.Cancelled:
		return "cancelled"
	case store.Busy:
		return "busy"
	case store.NoAnswer:
		return "no answer"
	case store.UnknownUser:
		return "no such address"
	case store.Unreachable:
		return "not signed in"
	case store.Forwarded:
		return "forwarded"
	case store.Failed:
		return "failed"
	}
	return ""
}

// when says when a call was, as short as is clear now: 14:05, Yesterday,
// Monday, 3 Nov, 3 Nov 2025.
func when(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch days := int(day(now).Sub(day(t)).Hours() / 24); {
	case days == 0:
		return t.Format("15:04")
	case days == 1:
		return "Yesterday"
	case days > 1 && days < 7:
		return t.Format("Monday")
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	default:
		return t.Format("2 Jan 2006")
	}
}

// verdict is how good a call was, and the one thing that was not.
type verdict struct {
	word   string // "Good", "Fair", "Poor"; "" if it is not known
	reason string // a sentence; "" for a good call
	icon   theme.IconName
	color  fyne.ThemeColorName
}

// judged is the least length of a call that is judged: a shorter one was
// measured once or not at all.
const judged = 4 * time.Second

// From what on a call is fair or poor. Loss: Opus hides about 1 %, and from 5 %
// on words suffer. Round trip: ITU-T G.114 finds 150 ms one way good and 400 ms
// too much.
const (
	fairLoss, poorLoss     = 0.015, 0.05
	fairFrozen, poorFrozen = 0.01, 0.05
	fairTrip, poorTrip     = 300 * time.Millisecond, 800 * time.Millisecond
)

// quality judges a call by its receipt.
func quality(e store.Entry) verdict {
	r := e.Receipt
	if r == nil || e.Outcome != store.Answered || e.Length() < judged {
		return verdict{}
	}
	frozen := float64(r.FrozenFor) / float64(e.Length())
	faults := []struct {
		fair, poor bool
		reason     string
	}{
		{r.Interruptions > 0, r.Interruptions > 1, "The connection broke off " + times(r.Interruptions) + "."},
		{r.LossIn >= fairLoss, r.LossIn >= poorLoss, percent(r.LossIn) + " of what was sent to you was lost on the way."},
		{r.LossOut >= fairLoss, r.LossOut >= poorLoss, percent(r.LossOut) + " of what you sent was lost on the way."},
		{frozen >= fairFrozen, frozen >= poorFrozen, "The picture stood still " + times(r.Freezes) + ", for " + seconds(r.FrozenFor) + " in all."},
		{r.RoundTrip >= fairTrip, r.RoundTrip >= poorTrip, "The way there and back took " + seconds(r.RoundTrip) + "."},
	}
	for _, f := range faults {
		if f.poor {
			return verdict{"Poor", f.reason, theme.IconWarning, theme.ColorBad}
		}
	}
	for _, f := range faults {
		if f.fair {
			return verdict{"Fair", f.reason, theme.IconInfo, theme.ColorBusy}
		}
	}
	return verdict{word: "Good", icon: theme.IconCheckCircle, color: theme.ColorGood}
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func percent(share float64) string {
	if share < 0.1 {
		return fmt.Sprintf("%.1f %%", share*100)
	}
	return fmt.Sprintf("%.0f %%", share*100)
}

// seconds is a short time: 0.14 s, 2.3 s, 1:05.
func seconds(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return clock(d)
}

// receiptLines are a call's receipt: what was measured, in plain words.
func receiptLines(e store.Entry) [][2]string {
	r := e.Receipt
	if r == nil {
		return nil
	}
	var lines [][2]string
	add := func(is bool, what, value string) {
		if is {
			lines = append(lines, [2]string{what, value})
		}
	}
	path := "Direct"
	if r.Relayed {
		path = "Through a relay"
	}
	add(r.SetUp > 0, "Set up", seconds(r.SetUp)+" from the answer to the first sound or picture")
	add(r.RoundTrip > 0, "Path", path+", "+fmt.Sprintf("%d ms there and back", r.RoundTrip.Milliseconds()))
	add(r.Width > 0, "Picture received", fmt.Sprintf("up to %d×%d", r.Width, r.Height))
	add(r.RoundTrip > 0 || r.LossIn > 0, "Lost on the way here", percent(r.LossIn))
	add(r.LossOut > 0, "Lost on the way there", percent(r.LossOut))
	frozen := "never"
	if r.Freezes > 0 {
		frozen = times(r.Freezes) + ", " + seconds(r.FrozenFor) + " in all"
	}
	add(r.Width > 0, "Picture stood still", frozen)
	add(r.Interruptions > 0, "Connection broke off", times(r.Interruptions))
	add(r.DeviceChanges > 0, "Devices changed", times(r.DeviceChanges))
	return lines
}

// supportText is a receipt to be sent to somebody who helps: no names, no
// addresses.
func supportText(e store.Entry, version string) string {
	var b strings.Builder
	line := func(what, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", what, value)
		}
	}
	_, _, words := historyWords(e)
	fmt.Fprintf(&b, "Tring %s, receipt of a call (names and addresses removed)\n", version)
	line("Call", words)
	line("Began", e.Began.UTC().Format(time.RFC3339))
	if !e.Answered.IsZero() {
		line("Answered after", seconds(e.Answered.Sub(e.Began)))
	}
	v := quality(e)
	line("Quality", join(v.word, v.reason))
	for _, l := range receiptLines(e) {
		line(l[0], l[1])
	}
	return b.String()
}
