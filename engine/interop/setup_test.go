package interop

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// setUpCalls is how many calls a row of the set-up table is made of. Odd, so
// that the median is one of them.
const setUpCalls = 5

// setUpRow tells how long the set-up of video calls took, in ms.
type setUpRow struct {
	pages, from, to                 string
	caller, callee                  *side
	ringing, calleeSees, callerSees []float64
}

// side is one end of a set-up: a Tring or a page.
type side struct {
	tring *tring
	page  *page
	name  string
	start map[string]any // Tring's call:start of the call
}

// measureSetUps measures Tring and pages in one run, each as caller and callee.
func measureSetUps(t *testing.T, browser *chromium, all []build, results *table) {
	for _, b := range all {
		if len(b.args) > 0 || os.Getenv("TRING_INTEROP_SET") == "short" && b.name != all[0].name {
			continue
		}
		t.Run(b.title(), func(t *testing.T) { measureSetUp(t, browser, b, results) })
	}
}

// measureSetUp has two Trings and two pages call one another by turns, so that
// what else the machine does slows all of them alike.
func measureSetUp(t *testing.T, browser *chromium, b build, results *table) {
	x := startExchange(t, browser.folder, b, conditions{})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the switchboard:\n%s", x.trace)
		}
	})
	page := func(user string) *side { return &side{page: openPage(t, browser, x, user), name: user} }
	native := func(user string) *side { return &side{tring: startTring(t, x, user), name: user} }
	firstPage, secondPage, firstTring, secondTring := page("alice"), page("bob"), native("carol"), native("dave")
	var rows []*setUpRow
	for _, r := range []struct {
		from, to       string
		caller, callee *side
	}{
		{"Tring", "Tring", firstTring, secondTring},
		{"page", "page", firstPage, secondPage},
		{"page", "Tring", firstPage, firstTring},
		{"Tring", "page", secondTring, secondPage},
	} {
		rows = append(rows, &setUpRow{pages: b.name, from: r.from, to: r.to, caller: r.caller, callee: r.callee})
	}
	results.setUps = append(results.setUps, rows...)
	for range setUpCalls {
		for _, r := range rows {
			r.measure()
		}
	}
}

// measure makes one call.
func (r *setUpRow) measure() {
	r.caller.call(r.callee.name)
	r.ringing = append(r.ringing, r.caller.ringing())
	r.callee.awaitState("Ringing")
	r.callee.answer()
	r.calleeSees = append(r.calleeSees, r.callee.firstPicture("answered"))
	r.callerSees = append(r.callerSees, r.caller.firstPicture("accepted"))
	r.caller.hangUp()
	r.callee.awaitState("Ended")
}

func (s *side) call(whom string) {
	if s.page != nil {
		s.page.do("phone.make(%v, true)", whom+"@example.com")
		return
	}
	s.tring.say("call %s video", whom)
	s.start = s.tring.await("call:start")
}

// ringing waits until the caller knows that it rings, and tells how long that took.
func (s *side) ringing() float64 {
	if s.page != nil {
		s.page.awaitState("Ringing")
		return s.page.moment("made", "ringing")
	}
	return since(s.start, s.tring.await("call:stateChange", "state", "Ringing"))
}

func (s *side) awaitState(state string) {
	if s.page != nil {
		s.page.awaitState(state)
		return
	}
	s.tring.await("call:stateChange", "state", state)
}

func (s *side) answer() {
	if s.page != nil {
		s.page.do("phone.answer(true, true)")
		return
	}
	s.tring.say("answer video")
}

// firstPicture waits for the first picture and tells how long after the answer
// it came: the click of the callee, its arrival at the caller.
func (s *side) firstPicture(moment string) float64 {
	if s.page != nil {
		if err := s.page.eval(fmt.Sprintf("until(() => window.moments.picture, %d)", patience.Milliseconds()), nil); err != nil {
			s.page.t.Fatalf("%s: no picture in %+v: %v", s.page.name, s.page.figures(), err)
		}
		return s.page.moment(moment, "picture")
	}
	return number(s.tring.await("call:media", "kind", "video"), "sinceAnswerMs")
}

func (s *side) hangUp() {
	if s.page != nil {
		s.page.do("phone.end()")
	} else {
		s.tring.say("hangup")
	}
	s.awaitState("Ended")
}

// printSetUps shows medians, with the shortest and the longest.
func (tb *table) printSetUps(b *strings.Builder) {
	if len(tb.setUps) == 0 {
		return
	}
	const form = "%-11s %-16s %24s %34s %34s\n"
	fmt.Fprintf(b, "\nSet-up of video calls, %d of each: median (shortest to longest), ms. Towards pages the switchboard is silent for 250 ms after each of its replies, which the SDK needs.\n", setUpCalls)
	fmt.Fprintf(b, form, "pages", "", "click to ringing", "click on answer to first picture", "answer arrives to first picture")
	for _, r := range tb.setUps {
		fmt.Fprintf(b, form, r.pages, r.from+" to "+r.to, spread(r.ringing), spread(r.calleeSees), spread(r.callerSees))
	}
}

func spread(ms []float64) string {
	if len(ms) == 0 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(ms))
	return fmt.Sprintf("%.0f (%.0f to %.0f)", sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1])
}
