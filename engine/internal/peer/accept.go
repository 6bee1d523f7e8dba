package peer

import (
	"context"

	"github.com/pion/webrtc/v4"
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
	for _, t := range s.transports {
		setup := s.answerSetup(d, t)
		var offer *webrtc.SessionDescription
		if late, ok := p.late[t]; ok {
			offer = &late
		}
		if err := t.accept(offer, s.shown(d, t, setup)); err != nil {
			return s.fail("answer", err)
		}
		t.kick(d.candidates())
		s.takeRole(t, inverse(setup))
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

// answerSetup is the far end's DTLS role on a transport, as its answer has it.
func (s *session) answerSetup(d *description, t *transport) string {
	if setup := s.explicitSetup(d, t); setup != "" {
		return setup
	}
	if t.role != "" {
		return inverse(t.role)
	}
	return active // an answer must not say actpass; RFC 8842 section 5.3 recommends active
}

// explicitSetup is active, passive, or "" if the far end leaves it open.
func (s *session) explicitSetup(d *description, t *transport) string {
	for i, sec := range s.sections {
		if setup := d.sections[i].setup; sec.transport == t && (setup == active || setup == passive) {
			return setup
		}
	}
	return ""
}

// takeRole notes our role on a transport; it stays for the transport's life.
// The first one is that of the call, to be taken on later transports, too: SDK
// pages up to 4.15 write one role into all sections.
func (s *session) takeRole(t *transport, role string) {
	if t.role == "" {
		t.role = role
	}
	if s.role == "" {
		s.role = role
	}
}
