package interop

import (
	"net/http"
	"strings"
	"time"
)

// race makes two offers inside a call meet (glare, RFC 3261 section 14.1): both
// are held until both are there, then the first is let go, and the second when
// the server has dealt with that.
type race struct {
	pageFirst bool
	page      chan struct{} // the page's offer is here
	tring     chan struct{} // Tring's
	decided   chan struct{} // the server has dealt with the first
}

// startRace lets the next offers of the page and of Tring meet.
func (x *exchange) startRace(pageFirst bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.race = &race{pageFirst, make(chan struct{}), make(chan struct{}), make(chan struct{})}
}

// ready waits for a request's turn in the race, if it is in one, and gives what
// is to be called when it is over.
func (x *exchange) ready(r *http.Request) (over func()) {
	over = func() {}
	if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/update") {
		return over
	}
	x.mu.Lock()
	run := x.race
	x.mu.Unlock()
	if run == nil {
		return over
	}
	fromPage := r.Header.Get("Origin") != ""
	mine, theirs := run.tring, run.page
	if fromPage {
		mine, theirs = theirs, mine
	}
	select {
	case <-mine: // a second offer of the same side is in no race
		return over
	default:
	}
	close(mine)
	select {
	case <-theirs:
	case <-time.After(patience):
		x.trace.add("nobody races")
		return over
	}
	if fromPage == run.pageFirst {
		return func() { close(run.decided) }
	}
	select {
	case <-run.decided:
	case <-time.After(patience):
	}
	return over
}
