package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"tring/engine"
)

// The check before a call, on the command line: tring doctor. As text it is a line
// for each step, as it ends; with --json one object at the end.

// doctorPatience is more than a check takes, whatever hangs.
const doctorPatience = 40 * time.Second

// report is what --json prints.
type report struct {
	Version   string          `json:"version"`
	System    string          `json:"system"`
	Result    string          `json:"result"` // "ok", "warn" or "fail": the worst of all steps; "fail" if some were not done
	Stopped   bool            `json:"stopped,omitempty"`
	Steps     []reportStep    `json:"steps"`
	Libraries []reportLibrary `json:"libraries"`

	skipped bool
}

type reportStep struct {
	Step    string         `json:"step"`
	State   string         `json:"state"`
	Cause   string         `json:"cause"`
	Next    string         `json:"next,omitempty"`
	Figures []reportFigure `json:"figures,omitempty"`
	TookMS  int64          `json:"tookMs"`
}

type reportFigure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

type reportLibrary struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Note    string `json:"note,omitempty"`
}

// runDoctor checks and closes eng. It fails if a step does.
func runDoctor(eng engine.Engine, o *options, stdout, stderr io.Writer) int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ctx, cancelWait := context.WithTimeout(ctx, doctorPatience)
	defer cancelWait()
	defer func() { _ = eng.Close() }()
	if o.account.Server != "" && o.account.User != "" && o.secret != (engine.Secret{}) {
		if err := eng.SignIn(o.account, o.secret); err != nil {
			fmt.Fprintf(stderr, "tring: %v\n", err)
		}
	}
	told, err := eng.Check(ctx, engine.CheckOptions{Server: o.account.Server, CAFile: o.account.CAFile, EchoContact: o.echo})
	if err != nil {
		fmt.Fprintf(stderr, "tring: %v\n", err)
		return exitFailure
	}
	if !o.json {
		fmt.Fprintln(stdout, "Checking before a call. Say something; you will hear a short tone, and then yourself.")
	}
	steps := map[engine.CheckStep]engine.CheckResult{}
	for r := range told {
		if !r.State.Over() {
			continue
		}
		steps[r.Step] = r
		if !o.json {
			printStep(stdout, r)
		}
	}
	rep := newReport(steps, eng.Libraries())
	if o.json {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(rep)
	} else {
		printReport(stdout, rep)
	}
	if rep.Result == engine.CheckFailed.String() {
		return exitFailure
	}
	return exitOK
}

func newReport(steps map[engine.CheckStep]engine.CheckResult, libraries []engine.Library) report {
	rep := report{Version: version, System: runtime.GOOS + "/" + runtime.GOARCH, Steps: []reportStep{}, Libraries: []reportLibrary{}}
	worst := engine.CheckOK
	for step := range engine.CheckSteps {
		r, there := steps[step]
		if !there {
			continue
		}
		switch {
		case r.State == engine.CheckWarn || r.State == engine.CheckFailed:
			worst = max(worst, r.State)
		case r.Stopped:
			rep.Stopped = true
		case r.State == engine.CheckSkipped:
			rep.skipped = true
		}
		s := reportStep{Step: step.String(), State: r.State.String(), Cause: r.Cause, Next: r.Next, TookMS: r.Took.Milliseconds()}
		for _, f := range r.Figures {
			s.Figures = append(s.Figures, reportFigure(f))
		}
		rep.Steps = append(rep.Steps, s)
	}
	if rep.Stopped = rep.Stopped || len(steps) == 0; rep.Stopped {
		worst = engine.CheckFailed // nobody knows
	}
	rep.Result = worst.String()
	for _, l := range libraries {
		rep.Libraries = append(rep.Libraries, reportLibrary(l))
	}
	return rep
}

// printStep writes a step as one line: state, name, words, figures.
func printStep(w io.Writer, r engine.CheckResult) {
	var figures []string
	for _, f := range r.Figures {
		figures = append(figures, fmt.Sprintf("%s %g %s", f.Name, f.Value, f.Unit))
	}
	words := strings.TrimSpace(r.Cause + " " + r.Next)
	if len(figures) > 0 {
		words += " [" + strings.Join(figures, ", ") + "]"
	}
	fmt.Fprintf(w, "%-8s %-11s %s\n", r.State, r.Step, words)
}

func printReport(w io.Writer, rep report) {
	words := map[string]string{"ok": "All is well.", "warn": "Calls work, and could be better.", "fail": "Calls will lack something."}
	said := words[rep.Result]
	switch {
	case rep.Stopped:
		said = "The check was not finished. Run it again."
	case rep.Result == "ok" && rep.skipped:
		said = "What could be checked is good."
	}
	fmt.Fprintf(w, "\n%s\n\ntring %s %s\n", said, rep.Version, rep.System)
	for _, l := range rep.Libraries {
		text := l.Version
		if text == "" {
			text = "not built in"
		}
		if l.Note != "" {
			text += " (" + l.Note + ")"
		}
		fmt.Fprintf(w, "  %s: %s\n", l.Name, text)
	}
}
