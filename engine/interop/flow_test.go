package interop

import (
	"fmt"
	"strings"
	"time"
)

// flow is what is to arrive where.
type flow struct {
	tringSees, pageSees   bool
	tringHears, pageHears bool
}

var (
	voice     = flow{tringHears: true, pageHears: true}
	video     = flow{tringSees: true, pageSees: true, tringHears: true, pageHears: true}
	tringOnly = flow{tringSees: true, tringHears: true, pageHears: true} // the page's pictures alone
	pageOnly  = flow{pageSees: true, tringHears: true, pageHears: true}  // Tring's pictures alone
	silence   = flow{}
)

// sample is both sides' counters at a moment.
type sample struct {
	at                      time.Time
	tringFrames, pageFrames float64 // decoded
	tringEnergy, pageEnergy float64 // of what was received
	page                    figures
}

func (s *scene) sample() sample {
	s.t.Helper()
	s.tring.say("stats")
	line := s.tring.await("call:stats")
	f := s.page.figures()
	return sample{
		at:          time.Now(),
		tringFrames: number(line, "video", "inbound", "framesDecoded"), tringEnergy: number(line, "audio", "inbound", "energy"),
		pageFrames: f.Frames, pageEnergy: f.Energy, page: f,
	}
}

// What must have grown before something counts as flowing.
const (
	enoughFrames = 10
	enoughEnergy = 1e-5
	shortestLook = 1500 * time.Millisecond
)

// missing tells what of want has not flowed between a and b.
func (want flow) missing(a, b sample) (what []string) {
	for _, c := range []struct {
		wanted bool
		grown  float64
		enough float64
		name   string
	}{
		{want.tringSees, b.tringFrames - a.tringFrames, enoughFrames, "pictures to Tring"},
		{want.pageSees, b.pageFrames - a.pageFrames, enoughFrames, "pictures to the page"},
		{want.tringHears, b.tringEnergy - a.tringEnergy, enoughEnergy, "sound to Tring"},
		{want.pageHears, b.pageEnergy - a.pageEnergy, enoughEnergy, "sound to the page"},
	} {
		if c.wanted && c.grown < c.enough {
			what = append(what, fmt.Sprintf("%s (%.4g)", c.name, c.grown))
		}
	}
	return what
}

// flows waits until all that is wanted flows, and puts the figures in the row.
func (s *scene) flows(want flow) {
	s.t.Helper()
	s.page.do("listen()")
	start := s.sample()
	first, listened := start, start.at
	for {
		pause()
		now := s.sample()
		missing := want.missing(start, now)
		switch took := now.at.Sub(start.at); {
		case len(missing) == 0 && took >= shortestLook && took < 2*shortestLook:
			s.note(start, now)
			return
		case len(missing) == 0 && took >= 2*shortestLook: // it came late: look again, for the rates
			s.row.late = max(s.row.late, now.at.Sub(first.at))
			start = now
		case now.at.After(first.at.Add(patience)):
			s.t.Fatalf("%s: does not flow: %s; the page counts %+v, then %+v", s.row.scenario, strings.Join(missing, ", "), first.page, now.page)
		case now.at.After(listened.Add(3 * shortestLook)):
			s.page.do("listen()")
			listened = now.at
		}
	}
}

// rests waits until nothing but what is wanted flows any more: pictures stand
// still and sound is silence.
func (s *scene) rests(want flow) {
	s.t.Helper()
	end := time.Now().Add(patience)
	for {
		a := s.sample()
		<-time.After(shortestLook / 2)
		b := s.sample()
		var moving []string
		if n := b.tringFrames - a.tringFrames; !want.tringSees && n > 0 {
			moving = append(moving, fmt.Sprintf("%v pictures to Tring", n))
		}
		if n := b.pageFrames - a.pageFrames; !want.pageSees && n > 0 {
			moving = append(moving, fmt.Sprintf("%v pictures to the page", n))
		}
		if e := b.tringEnergy - a.tringEnergy; !want.tringHears && e > enoughEnergy {
			moving = append(moving, fmt.Sprintf("sound to Tring (%.4g)", e))
		}
		if e := b.pageEnergy - a.pageEnergy; !want.pageHears && e > enoughEnergy {
			moving = append(moving, fmt.Sprintf("sound to the page (%.4g)", e))
		}
		if len(moving) == 0 {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s: still flows: %s", s.row.scenario, strings.Join(moving, ", "))
		}
	}
}

// note puts the figures of a look into the row.
func (s *scene) note(a, b sample) {
	seconds := b.at.Sub(a.at).Seconds()
	s.row.tringFrames, s.row.pageFrames = max(s.row.tringFrames, b.tringFrames), max(s.row.pageFrames, b.pageFrames)
	if n := b.tringFrames - a.tringFrames; n > 0 { // else the last look at pictures counts
		s.row.tringFPS = n / seconds
	}
	if n := b.pageFrames - a.pageFrames; n > 0 {
		s.row.pageFPS = n / seconds
	}
	s.row.tringEnergy, s.row.pageEnergy = b.tringEnergy-a.tringEnergy, b.pageEnergy-a.pageEnergy
	s.row.transports = b.page.Transports
	if b.page.Width > 0 {
		s.row.size = fmt.Sprintf("%dx%d", b.page.Width, b.page.Height)
	}
}

// setUp notes how long after the answer the first media came: pictures in a
// video call, sound in others.
func (s *scene) setUp(want flow) {
	s.t.Helper()
	kind, first := "audio", "sound"
	if want.tringSees {
		kind = "video"
	}
	if want.pageSees {
		first = "picture"
	}
	s.row.tringSetUp = number(s.tring.await("call:media", "kind", kind), "sinceAnswerMs")
	if want.pageSees || want == voice {
		s.page.await("window.moments." + first)
		s.row.pageSetUp = s.page.moment("answered", first) + s.page.moment("accepted", first) // it has been one or the other
	}
}

// pageFlows waits until pictures and sound arrive at the page, whoever sends them.
func (s *scene) pageFlows() {
	s.t.Helper()
	s.page.do("listen()")
	start := sample{at: time.Now(), page: s.page.figures()}
	for end := start.at.Add(patience); ; {
		pause()
		f := s.page.figures()
		now := sample{at: time.Now(), page: f, pageFrames: f.Frames - start.page.Frames, pageEnergy: f.Energy - start.page.Energy}
		missing := flow{pageSees: true, pageHears: true}.missing(sample{}, now)
		if now.at.Sub(start.at) >= shortestLook && len(missing) == 0 {
			s.note(sample{at: start.at}, now)
			return
		}
		if now.at.After(end) {
			s.t.Fatalf("%s: does not flow: %s", s.row.scenario, strings.Join(missing, ", "))
		}
	}
}
