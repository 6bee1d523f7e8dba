package peer

import (
	"context"
	"errors"
	"slices"

	"tring/engine"
)

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
		setup, _ := attribute(lines[i], "setup")
		s.takeRole(sec.transport, setup)
		sec.local = w.direction(sec.kind).and(sec.remote.mirror())
		// Pion would write active to every actpass, even where it is the passive
		// side for the whole call.
		lines[i] = s.wire(sec, sec.transport.role, sec.local).fromPion(lines[i])
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

// offerSetup is the far end's DTLS role on a transport as Pion is to see it in
// an offer: the one it has, or has to take in this call.
func (s *session) offerSetup(d *description, t *transport) string {
	if t.role != "" {
		return inverse(t.role)
	}
	if setup := s.explicitSetup(d, t); setup != "" {
		return setup
	}
	if s.role != "" {
		return inverse(s.role)
	}
	return actpass
}

func isOurs(err error) bool {
	var problem *engine.Problem
	return errors.As(err, &problem) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
