package kandy

import (
	"log/slog"
	"sync"
	"time"

	"tring/engine/internal/signaling"
)

// Bounds on what a server can make us keep.
const (
	maxLegs       = 256
	maxIDs        = 200 // notification ids remembered
	maxGone       = 200 // legs remembered as over
	maxEarly      = 64  // notifications held for legs not known yet
	maxEarlyBytes = 4 << 20
)

// legs decides which notifications become events, and when. The protocol
// promises no order between the answer to a request and what follows from it,
// and a reconnection may bring repeats; behind legs both are gone.
//
//	unknown leg  → held as early → delivered after Invite or invitation, or dropped
//	waiting leg  → held until a moment after Invite returned
//	known leg    → event
//	gone leg     → dropped
type legs struct {
	hold time.Duration // for early notifications while no Invite is under way
	log  *slog.Logger
	emit func(...signaling.Event) // must not block

	mu         sync.Mutex
	live       map[signaling.LegID]*leg
	gone       *recent[signaling.LegID]
	ids        *recent[string]
	early      []earlyNote
	earlyBytes int
	inviting   int // requests under way that may make legs
}

// leg is what the meaning of later notifications depends on.
type leg struct {
	incoming  bool
	slowStart bool // we were asked for an offer
	answering bool // our answer is under way
	answered  bool
	waiting   bool // Invite has not returned, or only just
	held      []note
}

type earlyNote struct {
	note
	size int
	at   time.Time
}

func newLegs(hold time.Duration, log *slog.Logger, emit func(...signaling.Event)) *legs {
	return &legs{
		hold: hold, log: log, emit: emit,
		live: make(map[signaling.LegID]*leg),
		gone: newRecent[signaling.LegID](maxGone),
		ids:  newRecent[string](maxIDs),
	}
}

// deliver takes a notification of size bytes.
func (l *legs) deliver(n note, size int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.live[n.leg]
	switch {
	case !l.ids.add(n.id):
		l.log.Debug("notification repeated", "leg", n.leg)
	case l.gone.has(n.leg):
		l.log.Debug("notification came late", "leg", n.leg)
	case n.kind == noteInvitation:
		l.ring(n)
	case g == nil:
		l.keepEarly(n, size)
	case g.waiting:
		if len(g.held) < maxEarly {
			g.held = append(g.held, n)
		}
	default:
		l.apply(g, n)
	}
}

// ring begins an incoming leg.
func (l *legs) ring(n note) {
	if l.live[n.leg] != nil || len(l.live) >= maxLegs {
		l.log.Warn("invitation ignored", "leg", n.leg, "legs", len(l.live))
		return
	}
	g := &leg{incoming: true, slowStart: n.sdp == ""}
	l.live[n.leg] = g
	l.emit(signaling.Incoming{Leg: n.leg, From: n.from, DisplayName: n.name, Offer: n.sdp})
	for _, held := range l.takeEarly(n.leg) {
		l.apply(g, held)
	}
}

// apply makes an event of a notification for a leg that its owner knows.
func (l *legs) apply(g *leg, n note) {
	if l.live[n.leg] != g {
		return // ended by the one before
	}
	switch n.kind {
	case noteRinging:
		if !g.incoming && !g.answered {
			l.emit(signaling.RemoteRinging{Leg: n.leg})
		}
	case noteAcceptance:
		g.answered = true
		l.emit(signaling.Accepted{Leg: n.leg, Answer: n.sdp})
	case noteOffer:
		l.emit(signaling.Offered{Leg: n.leg, Offer: n.sdp})
	case noteAnswer:
		g.answered = true // of a slow start; true before otherwise
		l.emit(signaling.Answered{Leg: n.leg, Answer: n.sdp})
	case noteEnded, noteCancelled:
		l.removeLocked(n.leg)
		l.emit(finished(g, n))
	}
}

// keepEarly holds a notification for a leg that may become known.
func (l *legs) keepEarly(n note, size int) {
	l.dropStale()
	for len(l.early) > 0 && (len(l.early) >= maxEarly || l.earlyBytes+size > maxEarlyBytes) {
		l.earlyBytes -= l.early[0].size
		l.early = l.early[1:]
	}
	l.early = append(l.early, earlyNote{note: n, size: size, at: time.Now()})
	l.earlyBytes += size
}

func (l *legs) dropStale() {
	for l.inviting == 0 && len(l.early) > 0 && time.Since(l.early[0].at) > l.hold {
		l.log.Debug("notification for an unknown call dropped", "leg", l.early[0].leg)
		l.earlyBytes -= l.early[0].size
		l.early = l.early[1:]
	}
}

func (l *legs) takeEarly(id signaling.LegID) []note {
	l.dropStale()
	var mine []note
	rest := l.early[:0:0]
	for _, e := range l.early {
		if e.leg == id {
			mine = append(mine, e.note)
			l.earlyBytes -= e.size
		} else {
			rest = append(rest, e)
		}
	}
	l.early = rest
	return mine
}

// inviteBegins keeps early notifications until inviteEnds.
func (l *legs) inviteBegins() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropStale()
	l.inviting++
}

func (l *legs) inviteEnds() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inviting--
}

// adopt makes the leg of an Invite. Its events wait for release. It reports
// whether the id is new.
func (l *legs) adopt(id signaling.LegID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live[id] != nil || l.gone.has(id) {
		return false
	}
	l.live[id] = &leg{waiting: true, held: l.takeEarly(id)}
	return true
}

// inherit makes an established leg of the session before.
func (l *legs) inherit(id signaling.LegID, incoming bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live[id] != nil || l.gone.has(id) || len(l.live) >= maxLegs {
		return
	}
	g := &leg{incoming: incoming, answered: true}
	l.live[id] = g
	for _, held := range l.takeEarly(id) {
		l.apply(g, held)
	}
}

// release lets a leg's events go, in their order.
func (l *legs) release(id signaling.LegID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.live[id]
	if g == nil || !g.waiting {
		return
	}
	held := g.held
	g.waiting, g.held = false, nil
	for _, n := range held {
		l.apply(g, n)
	}
}

// answering brackets the request that answers a leg: an end that comes
// meanwhile is a hang-up, not a missed call.
func (l *legs) answering(id signaling.LegID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if g := l.live[id]; g != nil {
		g.answering = true
	}
}

// answerDone ends the bracket.
func (l *legs) answerDone(id signaling.LegID, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if g := l.live[id]; g != nil {
		g.answering = false
		g.answered = g.answered || ok && g.incoming && !g.slowStart
	}
}

// remove forgets a leg; nothing more is delivered for it.
func (l *legs) remove(id signaling.LegID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removeLocked(id)
}

func (l *legs) removeLocked(id signaling.LegID) {
	delete(l.live, id)
	l.gone.add(id)
}
