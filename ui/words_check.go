package ui

import (
	"fmt"
	"math"
	"regexp"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"tring/engine"
	"tring/ui/theme"
	"tring/ui/widgets"
)

// checkName is what a step of the check is called.
func checkName(step engine.CheckStep) string {
	switch step {
	case engine.CheckMicrophone:
		return lang.L("Microphone")
	case engine.CheckSpeaker:
		return lang.L("Speaker")
	case engine.CheckCamera:
		return lang.L("Camera")
	case engine.CheckServer:
		return lang.L("Server")
	case engine.CheckAccount:
		return lang.X("check.account", "Sign-in")
	case engine.CheckUDP:
		return lang.L("Way over UDP")
	case engine.CheckTCP:
		return lang.L("Relay over TCP")
	case engine.CheckTLS:
		return lang.L("Relay over TLS")
	case engine.CheckSound:
		return lang.L("Own sound, sent and returned")
	case engine.CheckPicture:
		return lang.L("Own picture, sent and returned")
	}
	return step.String()
}

// checkStatus is a step's state as an icon and in words.
func checkStatus(s engine.CheckState) status {
	switch s {
	case engine.CheckRunning:
		return status{theme.IconConnecting, theme.ColorPrimaryText, lang.X("check.running", "Checking")}
	case engine.CheckOK:
		return status{theme.IconCheckCircle, theme.ColorGood, lang.X("check.ok", "Good")}
	case engine.CheckWarn:
		return status{theme.IconWarning, theme.ColorBusy, lang.X("check.warn", "Could be better")}
	case engine.CheckFailed:
		return status{theme.IconCrossCircle, theme.ColorBad, lang.X("check.fail", "Does not work")}
	case engine.CheckSkipped:
		return status{theme.IconDashCircle, theme.ColorMuted, lang.X("check.skipped", "Not checked")}
	}
	return status{theme.IconClock, theme.ColorMuted, lang.X("check.waiting", "Waiting")}
}

// checkVerdict is what a check comes to.
type checkVerdict struct {
	icon        theme.IconName
	color       fyne.ThemeColorName
	words, hint string
}

// judgeCheck sums the steps up and names those that matter.
func judgeCheck(results []engine.CheckResult) checkVerdict {
	names := map[engine.CheckState][]string{}
	for _, r := range results {
		names[r.State] = append(names[r.State], checkName(r.Step))
	}
	list := func(s engine.CheckState) with { return with{"Steps": strings.Join(names[s], ", ")} }
	switch {
	case len(names[engine.CheckFailed]) > 0:
		return checkVerdict{
			theme.IconCrossCircle, theme.ColorBad,
			lang.L("Calls will lack something."), lang.L("Does not work: {{.Steps}}.", list(engine.CheckFailed)),
		}
	case len(names[engine.CheckOK])+len(names[engine.CheckWarn]) == 0:
		return checkVerdict{theme.IconDashCircle, theme.ColorMuted, lang.L("Nothing could be checked."), lang.L("Below it says why.")}
	case len(names[engine.CheckWarn]) > 0:
		return checkVerdict{
			theme.IconWarning, theme.ColorBusy,
			lang.L("Calls work, and could be better."), lang.L("Look at: {{.Steps}}.", list(engine.CheckWarn)),
		}
	case len(names[engine.CheckSkipped]) > 0:
		return checkVerdict{theme.IconCheckCircle, theme.ColorGood, lang.L("What was checked is good."), lang.L("Below it says what was left out, and why.")}
	}
	return checkVerdict{theme.IconCheckCircle, theme.ColorGood, lang.L("All is well."), lang.L("Calls will work in both directions.")}
}

// figureWords are the numbers of a step that help people, on one line.
func figureWords(r engine.CheckResult) string {
	var parts []string
	for _, f := range r.Figures {
		if name := figureName(r.Step, f.Name); name != "" {
			parts = append(parts, name+" "+figureValue(f))
		}
	}
	return strings.Join(parts, " · ")
}

// figureName is what a number is called; "" for those that say too little, or are
// in the sentence already.
func figureName(step engine.CheckStep, name string) string {
	switch name {
	case engine.FigureLevel:
		return lang.X("figure.level", "Speech")
	case engine.FigureNoise:
		return lang.X("figure.noise", "Noise")
	case engine.FigureHeard:
		return lang.X("figure.heard", "Tone")
	case engine.FigureDelay:
		return lang.X("figure.delay", "Delay")
	case engine.FigureRate:
		if step == engine.CheckPicture {
			return lang.X("figure.rate", "Pictures a second")
		}
	case engine.FigureBrightness:
		return lang.X("figure.brightness", "Brightness")
	case engine.FigureAnswer:
		return lang.X("figure.answer", "Answer after")
	case engine.FigureRoundTrip:
		return lang.X("figure.roundTrip", "Round trip")
	case engine.FigureLoss:
		return lang.X("figure.loss", "Lost")
	}
	return ""
}

// figureValue is a number with its unit.
func figureValue(f engine.CheckFigure) string {
	digits := 0
	if f.Unit == "%" && f.Value < 10 && f.Value != math.Trunc(f.Value) || f.Unit == "ms" && f.Value < 1 {
		digits = 1
	}
	minus := "−"
	if widgets.RightToLeft() {
		minus = "\u200e−" // LEFT-TO-RIGHT MARK: else the sign goes to the other end
	}
	number := strings.Replace(decimal(f.Value, digits), "-", minus, 1)
	switch f.Unit {
	case "dBFS":
		return lang.L("{{.Number}} dB", with{"Number": number})
	case "ms":
		return lang.L("{{.Number}} ms", with{"Number": number})
	case "%":
		return lang.L("{{.Number}} %", with{"Number": number})
	}
	return number
}

// checkReport is the check as text, for whoever helps: in English, as logs are.
// What is in hide, people's addresses, is taken out.
func checkReport(version string, results []engine.CheckResult, hide []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Tring %s, %s/%s, check before a call\n", version, runtime.GOOS, runtime.GOARCH)
	for _, r := range results {
		fmt.Fprintf(&b, "%-8s %-11s %s", r.State, r.Step, join(r.Cause, r.Next))
		for i, f := range r.Figures {
			fmt.Fprintf(&b, "%s%s %g %s", [2]string{" [", ", "}[min(i, 1)], f.Name, f.Value, f.Unit)
		}
		if len(r.Figures) > 0 {
			b.WriteString("]")
		}
		b.WriteString("\n")
	}
	text := b.String()
	for _, address := range hide {
		if address != "" { // a whole word: "echo" is part of others
			text = regexp.MustCompile(`(^|[^\pL\pN])`+regexp.QuoteMeta(address)+`($|[^\pL\pN])`).ReplaceAllString(text, "${1}(address)${2}")
		}
	}
	return text
}
