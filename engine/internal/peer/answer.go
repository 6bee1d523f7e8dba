package peer

import (
	"context"
	"errors"
	"slices"

	"github.com/pion/webrtc/v4"

	"tring/engine"
)

// SetAnswer takes the answer to our offer. After an error that wraps
// engine.ErrBadSDP from a description that could not even be read, the offer
// still waits.
func (c *Conn) SetAnswer(ctx context.Context, sdp string) (Remote, error) {
	if err := c.begin(ctx); err != nil {
		return Remote{}, err
	}
	defer c.end()
	p := c.pending
	if p == nil {
		return Remote{}, wrongState("An answer came for which there is no offer.")
	}
	d, err := parseSDP(sdp)
	if err != nil {
		return Remote{}, err
	}
	if err := d.checkUsable(); err != nil {
		return Remote{}, err
	}
	if err := p.session.matchAnswer(d); err != nil {
		return Remote{}, err
	}
	c.pending = nil
	held := p.held(d)
	if err := p.session.accept(d, p); err != nil {
		if p.session != c.current {
			c.retire(p.session)
		}
		c.publish()
		return Remote{}, err
	}
	r := p.session.settle(d, held)
	c.replaceCurrent(p.session)
	return r, nil
}

// replaceCurrent makes s the session in use.
func (c *Conn) replaceCurrent(s *session) {
	if c.current != s {
		c.retire(c.current)
		c.current = s
	}
	c.publish()
}

// held is Remote.Held of an answer. Where we offered to send nothing, the far
// end could not say that it would receive, and what it said last holds on.
func (p *pendingOffer) held(d *description) bool {
	for i, dir := range p.dirs {
		if dir.send && d.sections[i].usable {
			return d.holds()
		}
	}
	return p.session.held
}

// matchAnswer ties the sections of an answer to ours: same number, same order,
// same kinds (RFC 3264 section 6).
func (s *session) matchAnswer(d *description) error {
	if len(d.sections) != len(s.sections) {
		return badSDP("answers another number of media sections than were offered")
	}
	for i := range d.sections {
		r, sec := &d.sections[i], s.sections[i]
		if r.media != sec.media {
			return badSDP("answers with other kinds of media than were offered")
		}
		if !r.named {
			r.mid = sec.mid
		}
		if r.mid != sec.mid && !r.rejected {
			return badSDP("answers with other names of media sections than were offered")
		}
		if !sec.live() {
			r.usable = false // declined before; it stays so
		}
	}
	return nil
}

// accept applies an answer.
func (s *session) accept(d *description, p *pendingOffer) error {
	if !s.settled {
		if err := s.chooseTransports(d, p); err != nil {
			return s.fail("choose transports", err)
		}
	}
	if err := s.dropDeclined(d); err != nil {
		return s.fail("drop a declined section", err)
	}
	setup := s.answerSetup(d)
	for _, t := range slices.Clone(s.transports) {
		var offer *webrtc.SessionDescription
		if late, ok := p.late[t]; ok {
			offer = &late
		}
		if err := t.accept(offer, s.shown(d, t, setup)); err != nil {
			return s.fail("answer", err)
		}
		t.kick(d.candidates())
	}
	if s.role == "" {
		s.role = inverse(setup)
	}
	for i, sec := range s.sections {
		sec.learn(d, &d.sections[i])
		if sec.live() {
			sec.local = p.dirs[i].and(sec.remote.mirror())
		}
	}
	return nil
}

// chooseTransports reads from the first answer what kind of peer answered: one
// that kept the group, and runs everything over the first transport, or one
// that dropped it.
func (s *session) chooseTransports(d *description, p *pendingOffer) error {
	s.bundled = d.bundled() && !s.conn.config.Unbundled
	if p.standby == nil {
		return nil
	}
	primary := s.transports[0]
	if s.bundled {
		s.sections[1].transport = primary
		s.discard(p.standby)
		return nil
	}
	// The same track is on both: left on the first, video would go out twice.
	return primary.remove(Video)
}

// dropDeclined ends the sections that the answer rejects.
func (s *session) dropDeclined(d *description) error {
	for i, sec := range s.sections {
		if r := &d.sections[i]; sec.live() && !r.usable {
			sec.formats, sec.proto = r.formats, r.proto
			if err := s.drop(sec); err != nil {
				return err
			}
		}
	}
	return nil
}

// answerSetup is the far end's DTLS role as its answer has it.
func (s *session) answerSetup(d *description) string {
	for i, sec := range s.sections {
		if setup := d.sections[i].setup; sec.live() && (setup == active || setup == passive) {
			return setup
		}
	}
	if s.role != "" {
		return inverse(s.role)
	}
	return active // an answer must not say actpass; RFC 8842 section 5.3 recommends active
}

// Answer takes a far end's offer, the first or a later one, and answers it. An
// offer from another far end than before (transfer) gets new transports, and
// OnInbound anew. An offer of our own that waits is given up: the far end's
// won.
func (c *Conn) Answer(ctx context.Context, offer string, w Wanted) (answer string, r Remote, err error) {
	if err := c.begin(ctx); err != nil {
		return "", Remote{}, err
	}
	defer c.end()
	d, err := parseSDP(offer)
	if err != nil {
		return "", Remote{}, err
	}
	if err := d.checkUsable(); err != nil {
		return "", Remote{}, err
	}
	if c.pending != nil && c.current == nil {
		return "", Remote{}, wrongState("Our own first offer still waits for its answer.")
	}
	c.abandon()
	s := c.current
	if s == nil || s.broken || s.replaced(d) {
		if s, err = c.newSession(); err != nil {
			return "", Remote{}, err
		}
	}
	text, err := s.answer(ctx, d, w)
	if err != nil {
		if s != c.current {
			c.retire(s)
		}
		c.publish()
		return "", Remote{}, err
	}
	r = s.settle(d, d.holds())
	c.replaceCurrent(s)
	return text, r, nil
}

// answer applies an offer to all transports concerned and joins their answers.
func (s *session) answer(ctx context.Context, d *description, w Wanted) (string, error) {
	if err := s.matchOffer(d); err != nil {
		return "", err
	}
	wanted := s.chooseSections(d)
	if err := s.assignTransports(d, wanted); err != nil {
		s.broken = s.settled
		return "", stepError(err)
	}
	raws := make([]rawSDP, len(s.transports))
	err := inParallel(len(raws), func(i int) (err error) {
		t := s.transports[i]
		raws[i], err = t.answer(ctx, s.shown(d, t, s.offerSetup(d, t)))
		return err
	})
	if err != nil {
		if isOurs(err) {
			return "", err
		}
		return "", s.fail("offer", err)
	}
	lines := make([][]string, len(s.sections))
	for i, t := range s.transports {
		for _, sec := range s.carried(t) {
			text, err := raws[i].sectionOf(sec.inner)
			if err != nil {
				return "", s.fail("answer text", err)
			}
			lines[slices.Index(s.sections, sec)] = text
		}
	}
	for i, sec := range s.sections {
		sec.learn(d, &d.sections[i])
		sec.proto = d.sections[i].proto
		if !sec.live() {
			continue
		}
		if s.role == "" {
			s.role, _ = attribute(lines[i], "setup")
		}
		sec.local = w.direction(sec.kind).and(sec.remote.mirror())
		// Pion would write active to every actpass, even where it is the passive
		// side for the whole call.
		lines[i] = s.wire(sec, s.role, sec.local).fromPion(lines[i])
	}
	if !s.settled {
		s.bundled = len(s.transports) == 1 && d.groupOf(s.carried(s.transports[0])[0].mid) != nil
	}
	return s.text(lines, s.bundled && len(d.groups) > 0), nil
}

// matchOffer ties the sections of an offer to ours by their place: none may be
// missing, none may change its kind. Places that were rejected can be used
// again (RFC 8829 section 5.3.1).
func (s *session) matchOffer(d *description) error {
	if len(d.sections) < len(s.sections) {
		return badSDP("leaves out a media section of before")
	}
	for i := range d.sections {
		r := &d.sections[i]
		if i < len(s.sections) && s.sections[i].live() {
			old := s.sections[i]
			if !r.named {
				r.mid = old.mid
			}
			if r.media != old.media || r.mid != old.mid && !r.rejected {
				return badSDP("changes a media section into another one")
			}
			continue
		}
		sec := &section{mid: r.mid, media: r.media, proto: r.proto, formats: r.formats, kind: r.kind}
		if i < len(s.sections) {
			s.sections[i] = sec
		} else {
			s.sections = append(s.sections, sec)
		}
	}
	return nil
}

// chooseSections says which sections we take: one of each kind, and of those
// the one that is in use already.
func (s *session) chooseSections(d *description) []bool {
	wanted := make([]bool, len(d.sections))
	for k := range kinds {
		chosen, _ := s.find(k)
		if chosen >= 0 && !d.sections[chosen].usable {
			chosen = -1
		}
		for i := range d.sections {
			if r := &d.sections[i]; chosen < 0 && r.usable && r.kind == k {
				chosen = i
			}
		}
		if chosen >= 0 {
			wanted[chosen] = true
		}
	}
	return wanted
}

// assignTransports gives every wanted section a transport and ends the others.
func (s *session) assignTransports(d *description, wanted []bool) error {
	for i, sec := range s.sections {
		if sec.live() && !wanted[i] {
			if err := s.drop(sec); err != nil {
				return err
			}
		}
	}
	byGroup := make(map[string]*transport)
	for i, sec := range s.sections {
		if sec.live() || !wanted[i] {
			continue
		}
		t, err := s.transportFor(d, sec.mid, byGroup)
		if err != nil {
			return err
		}
		if err := s.carry(sec, t); err != nil {
			return err
		}
	}
	return nil
}

// transportFor finds or makes the transport of a new section. A settled call
// keeps its way, bundled or not, whatever later offers say.
func (s *session) transportFor(d *description, mid string, byGroup map[string]*transport) (*transport, error) {
	if s.settled && s.bundled && len(s.transports) > 0 {
		return s.transports[0], nil
	}
	group := d.groupOf(mid)
	if s.settled || group == nil {
		return s.newTransport()
	}
	if t := byGroup[group[0]]; t != nil {
		return t, nil
	}
	t, err := s.newTransport()
	byGroup[group[0]] = t
	return t, err
}

// offerSetup is the far end's DTLS role as Pion is to see it: that of the whole
// call, once there is one. New sections must get it, too: SDK pages write one
// role into all sections.
func (s *session) offerSetup(d *description, t *transport) string {
	if s.role != "" {
		return inverse(s.role)
	}
	for i, sec := range s.sections {
		if setup := d.sections[i].setup; sec.transport == t && (setup == active || setup == passive) {
			return setup
		}
	}
	return actpass
}

func isOurs(err error) bool {
	var problem *engine.Problem
	return errors.As(err, &problem) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
