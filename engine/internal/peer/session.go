package peer

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/pion/webrtc/v4"

	"tring/engine"
)

// session is all that belongs to one far end: its sections and the transports
// under them, our certificate and sources towards it. When the far end is
// replaced in mid-call (transfer), a new session takes over. Fields are guarded
// by the Conn's turn.
type session struct {
	conn        *Conn
	api         *webrtc.API
	certificate webrtc.Certificate
	tracks      [kinds]*localTrack
	link        *link

	id, version uint64          // of our o= line
	nextMid     int             // for sections that we add later
	inner       map[string]bool // names of transceivers, dead ones too
	tieBreaker  uint64          // of all transports; see role.go

	settled      bool   // offer and answer went through once
	bundled      bool   // by then: one transport for all
	role         string // our DTLS role on the first transport; see takeRole
	sections     []*section
	transports   []*transport
	remoteOrigin string // session id of the far end's o= line
	held         bool   // Remote.Held of the newest description
	broken       bool   // Pion stopped half-way: nothing can be negotiated any more

	inbound atomic.Int32 // tracks so far
}

// maxInbound bounds the tracks of one far end: each costs memory and
// goroutines. A call has two, and some more when sources change after a hold.
const maxInbound = 256

const (
	active  = "active"
	passive = "passive"
	actpass = "actpass"
)

func inverse(role string) string {
	if role == active {
		return passive
	}
	return active
}

func (c *Conn) newSession() (*session, error) {
	certificate, err := newCertificate()
	if err != nil {
		return nil, cannotStart(err)
	}
	s := &session{
		conn: c, certificate: certificate,
		id:      rand.Uint64()>>2 | 1, // fits 62 bits, as RFC 8829 section 5.2.1 has it
		nextMid: 100,                  // far from the small numbers that browsers give
		inner:   make(map[string]bool), tieBreaker: newTieBreaker(),
	}
	s.link = newLink(int(c.maxVideo.Load()), c.meter.roundTrip, c.targetRate, c.keyFrameNeeded)
	stream := "tring-" + strconv.FormatUint(s.id%1e9, 36)
	var sources [kinds]source
	for k := range kinds {
		sources[k] = source{
			stream: stream, track: stream + "-" + k.String(),
			ssrc: rand.Uint32() | 1, rtxSSRC: rand.Uint32()&^1 | 2, fecSSRC: rand.Uint32()&^3 | 4, // never the same
		}
	}
	if sources[Audio].ssrc == sources[Video].ssrc {
		sources[Video].ssrc ^= 2
	}
	s.link.fecSSRC, s.link.onRecovered = sources[Video].fecSSRC, c.meter.wasRecovered
	for k := range kinds {
		s.tracks[k] = newLocalTrack(k, sources[k])
	}
	if s.api, err = newAPI(c, sources, s.link); err != nil {
		return nil, cannotStart(err)
	}
	return s, nil
}

func cannotStart(err error) error {
	return &engine.Problem{
		Cause: "No media connection could be set up.",
		Next:  "Restart the program.",
		Err:   err,
	}
}

// find is the live section of a kind and its index, or -1 and nil.
func (s *session) find(k Kind) (int, *section) {
	for i, sec := range s.sections {
		if sec.live() && sec.kind == k {
			return i, sec
		}
	}
	return -1, nil
}

// text joins sections under our session part. A section that is nil in lines
// is written as rejected.
func (s *session) text(lines [][]string, group bool) string {
	var mids []string
	raw := rawSDP{}
	for i, sec := range s.sections {
		if lines[i] == nil {
			raw.sections = append(raw.sections, sec.rejected())
			continue
		}
		raw.sections = append(raw.sections, lines[i])
		if group {
			mids = append(mids, sec.mid)
		}
	}
	s.version++
	raw.session = wireSession(s.id, s.version, mids)
	return raw.join()
}

// wire is how section i is written by us.
func (s *session) wire(sec *section, setup string, dir direction) wireSection {
	return wireSection{mid: sec.mid, proto: sec.proto, setup: setup, dir: dir, fec: sec.parity(), source: s.tracks[sec.kind].source}
}

// carried are the sections of a transport, in order.
func (s *session) carried(t *transport) []*section {
	var carried []*section
	for _, sec := range s.sections {
		if sec.transport == t {
			carried = append(carried, sec)
		}
	}
	return carried
}

// shown is the description as transport t is to see it.
func (s *session) shown(d *description, t *transport, setup string) string {
	var shown []shownSection
	for i, sec := range s.sections {
		if sec.transport == t {
			shown = append(shown, sec.show(&d.sections[i]))
		}
	}
	return d.shownTo(shown, setup)
}

// drop ends a section. Its transport goes with it if it carries nothing else.
func (s *session) drop(sec *section) error {
	t := sec.transport
	if t == nil {
		return nil
	}
	sec.transport = nil
	if len(s.carried(t)) > 0 {
		return t.remove(sec.kind)
	}
	s.discard(t)
	return nil
}

// discard closes a transport that is no longer needed.
func (s *session) discard(t *transport) {
	for i, other := range s.transports {
		if other == t {
			s.transports = append(s.transports[:i:i], s.transports[i+1:]...)
			break
		}
	}
	if !s.conn.spawn(t.close) {
		t.close()
	}
}

// close ends all transports and waits.
func (s *session) close() {
	_ = inParallel(len(s.transports), func(i int) error {
		s.transports[i].close()
		return nil
	})
}

// inParallel runs f(0) to f(n-1) at the same time and waits for all.
func inParallel(n int, f func(i int) error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// settle notes what an exchange has agreed on, and gives what the far end says.
func (s *session) settle(d *description, held bool) Remote {
	s.remoteOrigin = d.origin
	s.held = held
	s.settled = true
	parity := uint8(0)
	if _, video := s.find(Video); video != nil {
		parity = video.fecType
	}
	s.link.protect(parity)
	r := d.remote()
	r.Held, r.Bundled = held, s.bundled
	return r
}

// fail marks the session unusable after Pion stopped half-way.
func (s *session) fail(step string, err error) error {
	s.broken = true
	s.conn.log.Warn("negotiation failed", "step", step, "error", err)
	return pionRefused(step, err)
}

// newMid names a section that we add.
func (s *session) newMid() string {
	for {
		mid := strconv.Itoa(s.nextMid)
		s.nextMid++
		taken := s.inner[mid]
		for _, sec := range s.sections {
			taken = taken || sec.mid == mid
		}
		if !taken {
			return mid
		}
	}
}

// carry puts a section on a transport. Its transceiver bears the section's own
// name, unless one that is dead by now does: Pion would take that one for it.
func (s *session) carry(sec *section, t *transport) error {
	sec.transport, sec.inner = t, sec.mid
	if s.inner[sec.inner] {
		sec.inner = s.newMid()
	}
	s.inner[sec.inner] = true
	return t.add(sec.kind, sec.inner)
}
