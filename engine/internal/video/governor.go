package video

import "time"

// A rung is one way of encoding: the lower on the ladder, the less it costs and
// the less it shows.
type rung struct {
	speed int     // see codec.VP8Params
	step  int     // index into eighths: the size of the picture
	fps   float64 // pictures a second at most; 0 for all of them

	// cost is the part of the time that this rung needs of what the one above
	// does; fallAt and climbAt are shares of the time between pictures.
	cost    float64
	fallAt  float64 // more than this on the rung is too much
	climbAt float64 // less than this, foreseen for the rung, makes it worth climbing to
}

// Shares of the time between two pictures that encoding may take. A thread that
// is busy for more has nothing left for the pictures that take longest.
const (
	busyShare = 0.60
	easyShare = 0.45
	tooMuch   = 0.95 // pictures are missed already
)

// ladder is measured by BenchmarkVP8Encode of the codec package: speed 10 costs
// 0.8 of speed 6 and loses 0.1 dB, speed 16 another 0.85 and half a decibel
// at low rates; the rest goes with the number of pixels and pictures. The
// highest rung is for small pictures on fast machines, where its price does not
// count.
var ladder = [...]rung{
	{speed: 6, fallAt: 0.15, climbAt: 0.08},
	{speed: 10, cost: 0.80, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, cost: 0.85, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, step: 1, cost: 0.56, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, step: 2, cost: 0.45, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, step: 3, cost: 0.57, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, step: 3, fps: 20, cost: 0.67, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, step: 3, fps: 15, cost: 0.75, fallAt: busyShare, climbAt: easyShare},
	{speed: 16, step: 3, fps: 10, cost: 0.67, fallAt: busyShare, climbAt: easyShare},
}

// usualRung is where a sender begins.
const usualRung = 1

// When the governor decides.
const (
	governSpan   = 400 * time.Millisecond // of pictures at least, and
	governCount  = 4                      // so many of them
	governPause  = 2 * time.Second        // without a picture begins anew
	climbPatient = 3 * time.Second        // of ease before it climbs
	climbLongest = time.Minute            // that, after climbs that were too much
	climbTrial   = 10 * time.Second       // within which falling back says that it was
)

// governor chooses the rung from how long encoding takes. It falls as soon as
// pictures are about to be left out, and climbs one rung at a time when it has
// been easy for a while and the rung above promises to be so too. A climb that
// proves too much makes it wait twice as long for the next. It knows no clock:
// the caller brings the time.
type governor struct {
	at int // index into ladder

	begun time.Time     // of the span
	last  time.Time     // when a picture was observed
	spent time.Duration // in the span
	worst time.Duration // of its pictures
	count int
	lost  int

	busy bool // the last span was too much

	easySince time.Time // zero while it is not
	patience  time.Duration
	climbed   time.Time // when it climbed last; zero if it has not, or has stayed
}

func newGovernor() governor { return governor{at: usualRung, patience: climbPatient} }

func (g *governor) rung() *rung { return &ladder[g.at] }

// observe notes a picture that was encoded by now, and how many were missed
// before it because the encoder was busy. It reports whether the rung has
// changed.
func (g *governor) observe(now time.Time, took time.Duration, missed int) (changed bool) {
	gap := now.Sub(g.last)
	g.last = now
	if g.begun.IsZero() || gap < 0 || gap > governPause {
		g.restart(now) // the first, or the first after a pause
		return false
	}
	g.spent += took
	g.worst = max(g.worst, took)
	g.count++
	g.lost += missed
	if now.Sub(g.begun) < governSpan || g.count < governCount {
		return false
	}
	share := g.share(now)
	g.begin(now)
	wasBusy := g.busy
	if g.busy = share > g.rung().fallAt; !g.busy {
		return g.climb(now, share)
	}
	g.easySince = time.Time{}
	if share < tooMuch && !wasBusy {
		return false // perhaps something that passes
	}
	return g.fall(now, share)
}

// restart forgets what was observed but for the rung.
func (g *governor) restart(now time.Time) {
	g.begin(now)
	g.busy, g.easySince = false, time.Time{}
}

// begin begins a span.
func (g *governor) begin(now time.Time) {
	g.begun, g.spent, g.worst, g.count, g.lost = now, 0, 0, 0, 0
}

// share is what part of the time between pictures encoding takes, more than 1
// if pictures are missed for it. Where the rung leaves pictures out itself,
// they are not missed. The picture that took longest does not count: it may be
// one during which something else had the processor.
func (g *governor) share(now time.Time) float64 {
	interval := now.Sub(g.begun).Seconds() / float64(g.count+g.lost)
	if fps := g.rung().fps; fps > 0 {
		interval = max(interval, 1/fps)
	}
	return (g.spent - g.worst).Seconds() / float64(g.count-1) / interval
}

// fall goes down as far as is foreseen to be enough.
func (g *governor) fall(now time.Time, share float64) (changed bool) {
	g.busy = false
	if !g.climbed.IsZero() && now.Sub(g.climbed) < climbTrial {
		g.patience = min(2*g.patience, climbLongest)
	}
	g.climbed = time.Time{}
	from := g.at
	for g.at < len(ladder)-1 && share > g.rung().fallAt {
		g.at++
		share *= g.rung().cost
	}
	return g.at != from
}

// climb goes up one rung if it has been easy for long enough.
func (g *governor) climb(now time.Time, share float64) (changed bool) {
	if !g.climbed.IsZero() && now.Sub(g.climbed) >= climbTrial {
		g.climbed, g.patience = time.Time{}, climbPatient // that climb was no mistake
	}
	if g.at == 0 || share/g.rung().cost > ladder[g.at-1].climbAt {
		g.easySince = time.Time{}
		return false
	}
	if g.easySince.IsZero() {
		g.easySince = now
	}
	if now.Sub(g.easySince) < g.patience {
		return false
	}
	g.at--
	g.climbed, g.easySince = now, time.Time{}
	return true
}
