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
	unable                  string        // why it cannot be played with this page
	remark                  string        // what else is to be told
	tringFrames, pageFrames float64       // decoded in all
	tringFPS, pageFPS       float64       // in the last look
	tringEnergy, pageEnergy float64       // sound received in the last look
	ringing                 float64       // ms from the caller's click until it hears that it rings
	tringSetUp, pageSetUp   float64       // ms from the answer to the first media
	transports              int           // that the page uses
	size                    string        // of what the page receives
	late                    time.Duration // the longest wait for something to flow again, if remarkable
}

// table collects the rows of a run.
type table struct {
	title  string
	rows   []*row
	setUps []*setUpRow
}

func (tb *table) begin(build, scenario string) *row {
	r := &row{build: build, scenario: scenario}
	tb.rows = append(tb.rows, r)
	return r
}

// print shows all rows; the last line says how many hold.
func (tb *table) print(t *testing.T) {
	var b strings.Builder
	const form = "%-11s %-52s %11s %7s %15s %7s %9s %3s %8s  %s\n"
	fmt.Fprintln(&b, tb.title)
	fmt.Fprintf(&b, "Each pair is what Tring received / what the page received: frames decoded, frames a second, energy of the sound.\n")
	fmt.Fprintf(&b, "ring: ms from the caller's click until it knows that it rings; media: ms from the answer to the first picture or sound;\ntr.: transports that the page used.\n")
	fmt.Fprintf(&b, form, "page", "scenario", "frames", "fps", "energy", "ring", "media", "tr.", "size", "")
	passed, failed, unable := 0, 0, 0
	for _, r := range tb.rows {
		result := "passed"
		switch {
		case r.unable != "":
			unable++
			result = "NOT PLAYED: " + r.unable
		case r.ok:
			passed++
		default:
			failed++
			result = "FAILED"
		}
		if r.remark != "" {
			result += "; " + r.remark
		}
		fmt.Fprintf(&b, form, r.build, r.scenario,
			pair("%.0f", r.tringFrames, r.pageFrames), pair("%.0f", r.tringFPS, r.pageFPS),
			pair("%.4f", r.tringEnergy, r.pageEnergy), nonzero("%.0f", r.ringing), pair("%.0f", r.tringSetUp, r.pageSetUp),
			nonzero("%.0f", float64(r.transports)), r.size, result+nonzero("; up to %.1f s until it flowed", r.late.Seconds()))
	}
	fmt.Fprintf(&b, "%d passed, %d failed, %d not possible with their page\n", passed, failed, unable)
	tb.printSetUps(&b)
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
