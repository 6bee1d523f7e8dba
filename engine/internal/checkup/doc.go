// Package checkup judges what the check before a call has measured: from numbers
// to a state, a sentence that names the cause, and one with the next step. It has
// no goroutine, clock or I/O; engine/core measures.
//
// Sentences are English and translated by the window (ui/words_problem.go), where
// each has to be known.
package checkup

import (
	"errors"
	"fmt"
	"math"
	"time"

	"tring/engine"
)

// result is a step's end without figures.
func result(state engine.CheckState, cause, next string) engine.CheckResult {
	return engine.CheckResult{State: state, Cause: cause, Next: next}
}

// failed is a step that p stood in the way of.
func failed(err error, cause, next string) engine.CheckResult {
	var p *engine.Problem
	if errors.As(err, &p) {
		cause, next = p.Cause, p.Next
	}
	return result(engine.CheckFailed, cause, next)
}

// Stopped is a step that was not done when the check ended.
func Stopped(why string) engine.CheckResult {
	r := result(engine.CheckSkipped, why, "Check again.")
	r.Stopped = true
	return r
}

// Why a check ended early.
const (
	StoppedByCall   = "A call came in between, so the check was stopped."
	StoppedByPerson = "The check was stopped."
	StoppedByTime   = "This took too long."
)

// figures collects numbers; those that are not known are left out.
type figures []engine.CheckFigure

func (f *figures) add(name string, value float64, unit string) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	*f = append(*f, engine.CheckFigure{Name: name, Value: math.Round(value*10) / 10, Unit: unit})
}

// decibels adds a level that is given as a share of full scale.
func (f *figures) decibels(name string, level float64) {
	if level > 0 {
		f.add(name, decibels(level), "dBFS")
	}
}

// time adds a duration in ms, unless it is 0.
func (f *figures) time(name string, d time.Duration) {
	if d > 0 {
		f.add(name, float64(d.Microseconds())/1000, "ms")
	}
}

func decibels(level float64) float64 { return 20 * math.Log10(max(level, 1e-6)) }

// whole writes a number for a sentence.
func whole(v float64) string { return fmt.Sprintf("%.0f", v) }
