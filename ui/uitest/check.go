package uitest

import (
	"time"

	"tring/engine"
)

// CheckWell is how the steps of a check end where all is well.
func CheckWell() []engine.CheckResult {
	figure := func(name string, value float64, unit string) engine.CheckFigure {
		return engine.CheckFigure{Name: name, Value: value, Unit: unit}
	}
	all := []engine.CheckResult{
		{Cause: "The microphone hears you well.", Figures: []engine.CheckFigure{
			figure(engine.FigureLevel, -22.3, "dBFS"), figure(engine.FigureNoise, -61.8, "dBFS"), figure(engine.FigurePeak, -9.1, "dBFS"),
		}},
		{Cause: "The microphone hears the speaker.", Figures: []engine.CheckFigure{
			figure(engine.FigureHeard, -38, "dBFS"), figure(engine.FigureDelay, 95, "ms"),
		}},
		{Cause: "The camera gives 30 pictures a second of 1280 × 720.", Figures: []engine.CheckFigure{
			figure(engine.FigureWidth, 1280, "px"), figure(engine.FigureRate, 30, "/s"), figure(engine.FigureBrightness, 43.6, "%"),
		}},
		{Cause: "calls.example.com answers.", Figures: []engine.CheckFigure{
			figure(engine.FigureConnect, 18, "ms"), figure(engine.FigureAnswer, 24.4, "ms"),
		}},
		{Cause: "You are signed in as alice@example.com."},
		{Cause: "The way over UDP is open.", Figures: []engine.CheckFigure{figure(engine.FigureAnswer, 40, "ms")}},
		{Cause: "The way over TCP is open.", Figures: []engine.CheckFigure{figure(engine.FigureAnswer, 61, "ms")}},
		{Cause: "The way over TLS is open.", Figures: []engine.CheckFigure{figure(engine.FigureAnswer, 83, "ms")}},
		{Cause: "Your sound comes back.", Figures: []engine.CheckFigure{
			figure(engine.FigureRoundTrip, 38.2, "ms"), figure(engine.FigureLoss, 0.4, "%"),
		}},
		{Cause: "Your picture comes back with 1280 × 720.", Figures: []engine.CheckFigure{
			figure(engine.FigureRate, 29.5, "/s"), figure(engine.FigureLoss, 0, "%"),
		}},
	}
	for i := range all {
		all[i].Step, all[i].State, all[i].Took = engine.CheckStep(i), engine.CheckOK, time.Second
	}
	return all
}

// CheckTroubled is how they end where much is wrong.
func CheckTroubled() []engine.CheckResult {
	all := CheckWell()
	set := func(step engine.CheckStep, state engine.CheckState, cause, next string) {
		all[step].State, all[step].Cause, all[step].Next, all[step].Figures = state, cause, next, nil
	}
	set(engine.CheckMicrophone, engine.CheckFailed, "No sound at all comes from the microphone.",
		"Check its switch and the system's sound settings, or choose another microphone.")
	set(engine.CheckSpeaker, engine.CheckSkipped, "The test tone was played, and there is no microphone to hear it.", "Check again and listen for it.")
	set(engine.CheckCamera, engine.CheckWarn, "Your picture is dark.", "Turn on a light in front of you.")
	set(engine.CheckServer, engine.CheckFailed, "The certificate of calls.example.com has expired.",
		"Ask whoever runs the server to renew it, and check the date of this computer.")
	set(engine.CheckAccount, engine.CheckSkipped, "You are not signed in.", "Sign in first.")
	for _, step := range []engine.CheckStep{engine.CheckUDP, engine.CheckTCP, engine.CheckTLS} {
		set(step, engine.CheckSkipped, "Only who is signed in learns of relays.", "Sign in first.")
	}
	for _, step := range []engine.CheckStep{engine.CheckSound, engine.CheckPicture} {
		set(step, engine.CheckSkipped, "No echo contact is known.", "Give its address to hear and see yourself as others do.")
	}
	return all
}

// CheckHalfway is a check that runs.
func CheckHalfway() []engine.CheckResult {
	all := CheckWell()
	for _, step := range []engine.CheckStep{engine.CheckSpeaker, engine.CheckCamera} {
		all[step] = engine.CheckResult{Step: step, State: engine.CheckRunning}
	}
	all[engine.CheckTCP].State, all[engine.CheckTCP].Next = engine.CheckWarn, "Ask whoever runs the network to let it through."
	all[engine.CheckTCP].Cause, all[engine.CheckTCP].Figures = "calls.example.com:3478 does not answer over TCP.", nil
	return all[:engine.CheckSound]
}
