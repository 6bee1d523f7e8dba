package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/ui/store"
	"tring/ui/theme"
)

// historyWords says what became of a call, with an icon; a missed one differs
// by word, icon and colour.
func historyWords(e store.Entry) (icon theme.IconName, color fyne.ThemeColorName, words string) {
	icon, color = theme.IconCallOut, theme.ColorMuted
	switch {
	case e.Outcome == store.Missed && e.Video:
		return theme.IconCallMissed, theme.ColorBad, lang.L("Missed video call")
	case e.Outcome == store.Missed:
		return theme.IconCallMissed, theme.ColorBad, lang.L("Missed voice call")
	case e.Incoming && e.Video:
		icon, words = theme.IconCallIn, lang.L("Incoming video call")
	case e.Incoming:
		icon, words = theme.IconCallIn, lang.L("Incoming voice call")
	case e.Video:
		words = lang.L("Outgoing video call")
	default:
		words = lang.L("Outgoing voice call")
	}
	if more := outcomeWords(e); more != "" {
		words += " · " + more
	}
	return icon, color, words
}

// outcomeWords is how a call went, in a word or two.
func outcomeWords(e store.Entry) string {
	switch e.Outcome {
	case store.Ringing:
		return lang.L("ringing now")
	case store.Answered:
		if e.Ended.IsZero() {
			return lang.L("going on now")
		}
		return clock(e.Length())
	case store.Missed:
		return lang.L("missed")
	case store.Declined:
		return lang.L("declined")
	case store.DeclinedElsewhere:
		return lang.L("declined on another device")
	case store.AnsweredElsewhere:
		return lang.L("answered on another device")
	case store.Cancelled:
		return lang.L("cancelled")
	case store.Busy:
		return lang.L("busy")
	case store.NoAnswer:
		return lang.L("no answer")
	case store.UnknownUser:
		return lang.L("no such address")
	case store.Unreachable:
		return lang.L("not signed in")
	case store.Forwarded:
		return lang.L("forwarded")
	case store.Failed:
		return lang.L("failed")
	}
	return ""
}

// verdict is how good a call was, and the one thing that was not.
type verdict struct {
	words  string // "Quality: good", "… fair", "… poor"; "" if it is not known
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
		{r.Interruptions > 0, r.Interruptions > 1, lang.L("The connection broke off {{.Times}}.", with{"Times": times(r.Interruptions)})},
		{r.LossIn >= fairLoss, r.LossIn >= poorLoss, lang.L("{{.Share}} of what was sent to you was lost on the way.", with{"Share": percent(r.LossIn)})},
		{r.LossOut >= fairLoss, r.LossOut >= poorLoss, lang.L("{{.Share}} of what you sent was lost on the way.", with{"Share": percent(r.LossOut)})},
		{frozen >= fairFrozen, frozen >= poorFrozen, lang.L("The picture stood still {{.Times}}, for {{.Duration}} in all.", with{"Times": times(r.Freezes), "Duration": seconds(r.FrozenFor)})},
		{r.RoundTrip >= fairTrip, r.RoundTrip >= poorTrip, lang.L("The way there and back took {{.Duration}}.", with{"Duration": seconds(r.RoundTrip)})},
	}
	for _, f := range faults {
		if f.poor {
			return verdict{lang.L("Quality: poor"), f.reason, theme.IconWarning, theme.ColorBad}
		}
	}
	for _, f := range faults {
		if f.fair {
			return verdict{lang.L("Quality: fair"), f.reason, theme.IconInfo, theme.ColorBusy}
		}
	}
	return verdict{words: lang.L("Quality: good"), icon: theme.IconCheckCircle, color: theme.ColorGood}
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
	trip := with{"Number": r.RoundTrip.Milliseconds()}
	path := lang.L("Direct, {{.Number}} ms there and back", trip)
	if r.Relayed {
		path = lang.L("Through a relay, {{.Number}} ms there and back", trip)
	}
	add(r.SetUp > 0, lang.L("Set up"), lang.L("{{.Duration}} from the answer to the first sound or picture", with{"Duration": seconds(r.SetUp)}))
	add(r.RoundTrip > 0, lang.L("Path"), path)
	add(r.Width > 0, lang.L("Picture received"), lang.L("up to {{.Size}}", with{"Size": fmt.Sprintf("%d×%d", r.Width, r.Height)}))
	add(r.RoundTrip > 0 || r.LossIn > 0, lang.L("Lost on the way here"), percent(r.LossIn))
	add(r.LossOut > 0, lang.L("Lost on the way there"), percent(r.LossOut))
	frozen := lang.L("never")
	if r.Freezes > 0 {
		frozen = lang.L("{{.Times}}, {{.Duration}} in all", with{"Times": times(r.Freezes), "Duration": seconds(r.FrozenFor)})
	}
	add(r.Width > 0, lang.L("Picture stood still"), frozen)
	add(r.Interruptions > 0, lang.L("Connection broke off"), times(r.Interruptions))
	add(r.DeviceChanges > 0, lang.L("Devices changed"), times(r.DeviceChanges))
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
	b.WriteString(lang.L("Tring {{.Version}}, receipt of a call (names and addresses removed)", with{"Version": version}) + "\n")
	line(lang.L("Call"), words)
	line(lang.L("Began"), e.Began.UTC().Format(time.RFC3339))
	if !e.Answered.IsZero() {
		line(lang.L("Answered after"), seconds(e.Answered.Sub(e.Began)))
	}
	v := quality(e)
	if v.words != "" {
		b.WriteString(join(v.words+".", v.reason) + "\n")
	}
	for _, l := range receiptLines(e) {
		line(l[0], l[1])
	}
	return b.String()
}
