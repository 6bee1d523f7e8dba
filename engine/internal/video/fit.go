package video

import (
	"time"

	"tring/engine/internal/i420"
)

const (
	// leanBits is how few bits a pixel VP8 can live with, in thousandths: below
	// it a smaller picture looks better than a coarser one. 1280x720 at 30
	// pictures a second needs 500 kbit/s, 960x540 280, 640x360 124. Measured by
	// BenchmarkVP8Sizes of the codec package.
	leanBits = 18
	// A picture becomes larger again only when the rate is a quarter more than
	// needed and has been for a moment, lest the size swings: each change costs
	// a key frame.
	growFactor = 5.0 / 4
	growAfter  = 2 * time.Second // since the last change
	minSide    = 90
)

// The bit rate that a picture needs depends on what moves in it. When the rate
// control leaves pictures out, the size was too much for it: with the whole
// picture moving, 1280x720 loses every second picture at 500 kbit/s and 640x360
// none.
const (
	strainShare   = 0.10                 // of pictures left out: too many
	strainMemory  = 20                   // pictures over which the share is taken
	strainPatient = 5 * time.Second      // without one before the size grows again
	strainLongest = 80 * time.Second     // that, after growths that were too much
	strainTrial   = 3 * time.Second      // within which shrinking again says that it was
	strainMost    = len(eighths) - 1 - 1 // steps at most: never the smallest size
)

// eighths are the sizes that a picture is sent in.
var eighths = [...]int{8, 6, 4, 3, 2}

// fitter makes pictures smaller where the bit rate is too small for them.
type fitter struct {
	pool i420.Pool
	step int       // index into eighths, by the bit rate alone
	at   time.Time // when it changed; zero if it has not

	strain strain
}

// limits are what the picture has to fit: see fitter.choose.
type limits struct {
	bitrate int     // bit/s
	fps     float64 // pictures a second at most
	least   int     // step that the machine asks for
	lines   int     // at most; 0 for as many as the picture has
}

// picture gives p in the size to be sent, to be released by the caller.
func (f *fitter) picture(p *i420.Picture, at time.Time, l limits) (*i420.Picture, error) {
	w, h := bounded(p.Width(), p.Height(), l.lines)
	step := f.choose(w, h, at, l)
	w, h = scaled(w, step), scaled(h, step)
	if w == p.Width() && h == p.Height() {
		return p.Retain(), nil
	}
	small := f.pool.Get(w, h)
	if err := i420.Scale(small, p); err != nil {
		small.Release()
		return nil, err
	}
	return small, nil
}

// choose gives the step for pictures of w by h: the smaller one of what the bit
// rate, with the scene, and the machine ask for.
func (f *fitter) choose(w, h int, at time.Time, l limits) int {
	step, rate := f.step, float64(l.bitrate)
	since := at.Sub(f.at)
	for step > 0 && rate >= need(w, h, step-1, l.fps)*growFactor && (since < 0 || since >= growAfter) {
		step--
	}
	for smaller(w, h, step) && rate < need(w, h, step, l.fps) {
		step++
	}
	if step != f.step {
		f.step, f.at = step, at
	}
	least := max(step+f.strain.steps, l.least)
	for step < least && smaller(w, h, step) {
		step++
	}
	return step
}

// strain finds out by how many steps a picture has to be smaller than its bit
// rate alone says. It goes by capture times.
type strain struct {
	steps    int
	share    float64       // of pictures left out, of late
	since    time.Time     // when a picture was left out last, or the steps changed
	grown    time.Time     // when the size grew last; zero if it has not
	patience time.Duration // 0 for strainPatient
}

// note takes whether the picture captured at the time was left out.
func (s *strain) note(at time.Time, out bool) {
	s.patience = max(s.patience, strainPatient)
	s.share -= s.share / strainMemory
	if out {
		s.share += 1.0 / strainMemory
		s.since = at
	}
	switch quiet := at.Sub(s.since); {
	case s.share > strainShare && s.steps < strainMost:
		s.steps++
		if !s.grown.IsZero() && at.Sub(s.grown) < strainTrial {
			s.patience = min(2*s.patience, strainLongest)
		}
		s.share, s.since, s.grown = 0, at, time.Time{}
	case s.steps > 0 && quiet >= s.patience || quiet < 0:
		s.steps = max(s.steps-1, 0)
		s.share, s.since, s.grown = 0, at, at
	}
	if !s.grown.IsZero() && at.Sub(s.grown) >= strainTrial {
		s.grown = time.Time{}
		if s.steps == 0 {
			s.patience = strainPatient
		}
	}
}

// smaller reports whether there is a step below that can still be recognised.
func smaller(w, h, step int) bool {
	return step < len(eighths)-1 && min(scaled(w, step+1), scaled(h, step+1)) >= minSide
}

// need is the bit rate for pictures of w by h in a step.
func need(w, h, step int, fps float64) float64 {
	return float64(scaled(w, step)*scaled(h, step)) * fps * leanBits / 1000
}

func scaled(n, step int) int {
	if step == 0 {
		return n
	}
	return max(n*eighths[step]/8&^1, 2)
}

// bounded is the size of a picture of at most so many lines, in its shape.
func bounded(w, h, lines int) (int, int) {
	if lines <= 0 || h <= lines {
		return w, h
	}
	return max((w*lines/h+1)&^1, 2), lines
}
