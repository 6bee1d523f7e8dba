package interop

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// row is a scenario's result.
type row struct {
	build, scenario         string
	ok                      bool
	tringFrames, pageFrames float64       // decoded in all
	tringFPS, pageFPS       float64       // in the last look
	tringEnergy, pageEnergy float64       // sound received in the last look
	tringSetUp, pageSetUp   float64       // ms from the answer to the first media
	transports              int           // that the page uses
	size                    string        // of what the page receives
	late                    time.Duration // the longest wait for something to flow again, if remarkable
}

// table collects the rows of a run.
type table struct{ rows []*row }

func (tb *table) begin(build, scenario string) *row {
	r := &row{build: build, scenario: scenario}
	tb.rows = append(tb.rows, r)
	return r
}

// print shows all rows; the last line says how many hold.
func (tb *table) print(t *testing.T) {
	var b strings.Builder
	const form = "%-7s %-44s %11s %9s %15s %11s %4s %8s  %s\n"
	fmt.Fprintf(&b, "Each pair is what Tring received / what the page received.\n")
	fmt.Fprintf(&b, form, "page", "scenario", "frames", "fps", "energy", "set-up ms", "tr.", "size", "")
	passed, failed := 0, 0
	for _, r := range tb.rows {
		result := "passed"
		switch {
		case r.ok:
			passed++
		default:
			failed++
			result = "FAILED"
		}
		fmt.Fprintf(&b, form, r.build, r.scenario,
			pair("%.0f", r.tringFrames, r.pageFrames), pair("%.0f", r.tringFPS, r.pageFPS),
			pair("%.4f", r.tringEnergy, r.pageEnergy), pair("%.0f", r.tringSetUp, r.pageSetUp),
			nonzero("%.0f", float64(r.transports)), r.size, result+nonzero("; up to %.1f s until it flowed", r.late.Seconds()))
	}
	fmt.Fprintf(&b, "%d passed, %d failed", passed, failed)
	t.Log("\n" + b.String())
}

// pair shows two numbers; nothing if both are zero.
func pair(form string, a, b float64) string {
	if a == 0 && b == 0 {
		return ""
	}
	return fmt.Sprintf(form+"/"+form, a, b)
}

func nonzero(form string, n float64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(form, n)
}
