package peer

import (
	"context"

	"github.com/pion/webrtc/v4"
)

// pendingOffer is an offer of ours that waits for its answer.
type pendingOffer struct {
	session *session
	wanted  Wanted
	dirs    []direction // by section
	added   int         // that many sections at the end are new

	// Of a later offer: what each transport has yet to apply. Transports that
	// are missing have applied theirs.
	late map[*transport]webrtc.SessionDescription

	// Of a first offer with video: the transport lent to the video section.
	standby *transport
}

// Offer makes an offer: the first one, balanced between bundling and
// unbundling far ends, or a later one that changes what was agreed. In a slow
// start it makes the "answer" to the empty offer. Nothing of it takes effect
// before SetAnswer, except that media which the offer takes away is no longer
// written. ctx bounds the gathering of candidates.
func (c *Conn) Offer(ctx context.Context, w Wanted) (string, error) {
	return c.offer(ctx, w, offerKind{})
}

// RestartICE makes a later offer that looks for the path anew, after a change
// of network or a loss of it. The old path is given up at once: Pion cannot
// keep both. If the offer is refused and abandoned, the next offer of any kind
// carries the restart.
func (c *Conn) RestartICE(ctx context.Context, w Wanted) (string, error) {
	return c.offer(ctx, w, offerKind{restart: true})
}

// FreshOffer makes an offer to a far end that is not known yet, in the middle
// of a call: the answer to an empty mid-call offer, with which a server hands
// the call over to somebody else. It stands on new transports; the old ones
// live on until the answer is there, and if the offer is abandoned.
func (c *Conn) FreshOffer(ctx context.Context, w Wanted) (string, error) {
	return c.offer(ctx, w, offerKind{fresh: true})
}

type offerKind struct{ restart, fresh bool }

func (c *Conn) offer(ctx context.Context, w Wanted, kind offerKind) (string, error) {
	if err := c.begin(ctx); err != nil {
		return "", err
	}
	defer c.end()
	if c.pending != nil {
		return "", wrongState("An offer still waits for its answer.")
	}
	if c.current == nil || kind.fresh {
		return c.firstOffer(ctx, w)
	}
	if c.current.broken {
		return "", errBroken
	}
	text, err := c.current.reoffer(ctx, w, kind.restart)
	c.publish()
	return text, err
}

// firstOffer is the balanced offer: one PeerConnection for all, another one
// that lends the video section a transport of its own.
func (c *Conn) firstOffer(ctx context.Context, w Wanted) (string, error) {
	s, err := c.newSession()
	if err != nil {
		return "", err
	}
	p, text, err := s.balancedOffer(ctx, w)
	if err != nil {
		c.retire(s)
		return "", err
	}
	c.pending = p
	c.publish()
	return text, nil
}

func (s *session) balancedOffer(ctx context.Context, w Wanted) (*pendingOffer, string, error) {
	video := w.Video.Send || w.Video.Recv
	unbundled := s.conn.config.Unbundled
	p := &pendingOffer{session: s, wanted: w, dirs: []direction{w.direction(Audio)}}

	primary, err := s.newTransport()
	if err != nil {
		return nil, "", err
	}
	s.sections = []*section{{mid: "0", media: "audio", kind: Audio}}
	if err := s.carry(s.sections[0], primary); err != nil {
		return nil, "", cannotStart(err)
	}
	if video {
		if !unbundled {
			if err := primary.add(Video, "1"); err != nil {
				return nil, "", cannotStart(err)
			}
		}
		if p.standby, err = s.newTransport(); err != nil {
			return nil, "", err
		}
		s.sections = append(s.sections, &section{mid: "1", media: "video", kind: Video})
		if err := s.carry(s.sections[1], p.standby); err != nil {
			return nil, "", cannotStart(err)
		}
		p.dirs = append(p.dirs, w.direction(Video))
	}

	raws := make([]rawSDP, len(s.transports))
	err = inParallel(len(raws), func(i int) (err error) {
		raws[i], err = s.transports[i].offer(ctx)
		return err
	})
	if err != nil {
		return nil, "", stepError(err)
	}
	lines := make([][]string, len(s.sections))
	for i, sec := range s.sections {
		text, err := raws[i].sectionOf(sec.inner)
		if err != nil {
			return nil, "", cannotStart(err)
		}
		lines[i] = s.wire(sec, actpass, p.dirs[i]).fromPion(text)
	}
	return p, s.text(lines, !unbundled), nil
}

// reoffer writes what w changes. Pion's own state is not touched, but for
// sections that are new.
func (s *session) reoffer(ctx context.Context, w Wanted, restart bool) (string, error) {
	p := &pendingOffer{session: s, wanted: w, late: make(map[*transport]webrtc.SessionDescription)}
	s.conn.pending = p // AbandonOffer undoes what fails below
	fresh, err := s.addWanted(p, w)
	if err != nil {
		s.conn.abandon()
		return "", err
	}
	raws := make(map[*transport]rawSDP)
	for _, t := range s.transports {
		var raw rawSDP
		if t == fresh {
			raw, err = t.offer(ctx)
		} else {
			p.late[t], raw, err = t.reoffer(ctx, restart)
		}
		if err != nil {
			s.conn.abandon()
			return "", stepError(err)
		}
		raws[t] = raw
	}
	lines := make([][]string, len(s.sections))
	p.dirs = make([]direction, len(s.sections))
	for i, sec := range s.sections {
		if !sec.live() {
			continue
		}
		text, err := raws[sec.transport].sectionOf(sec.inner)
		if err != nil {
			s.conn.abandon()
			return "", cannotStart(err)
		}
		p.dirs[i] = w.direction(sec.kind)
		lines[i] = s.wire(sec, actpass, p.dirs[i]).fromPion(text)
	}
	return s.text(lines, s.bundled), nil
}

// addWanted adds a video section if one is wanted and there was none. A section
// that was rejected stays so: the far end cannot do it. fresh is the transport
// made for it, if any.
func (s *session) addWanted(p *pendingOffer, w Wanted) (fresh *transport, err error) {
	if !w.Video.Send && !w.Video.Recv {
		return nil, nil
	}
	for _, sec := range s.sections {
		if sec.media == "video" {
			return nil, nil
		}
	}
	sec := &section{mid: s.newMid(), media: "video", kind: Video}
	var t *transport
	if s.bundled && len(s.transports) > 0 {
		t = s.transports[0]
	} else {
		if fresh, err = s.newTransport(); err != nil {
			return nil, err
		}
		t = fresh
	}
	s.sections = append(s.sections, sec)
	p.added++
	if err := s.carry(sec, t); err != nil {
		return nil, cannotStart(err)
	}
	return fresh, nil
}

// AbandonOffer forgets our offer, which was refused: everything is as if it
// had never been made.
func (c *Conn) AbandonOffer() {
	if c.begin(context.Background()) != nil {
		return
	}
	defer c.end()
	c.abandon()
	c.publish()
}

func (c *Conn) abandon() {
	p := c.pending
	c.pending = nil
	if p == nil {
		return
	}
	s := p.session
	if s != c.current {
		c.retire(s)
		return
	}
	keep := len(s.sections) - p.added
	for _, sec := range s.sections[keep:] {
		if err := s.drop(sec); err != nil {
			c.log.Warn("withdraw a section", "error", err)
		}
	}
	s.sections = s.sections[:keep:keep]
}

// stepError tells our own errors, which can be shown, from Pion's.
func stepError(err error) error {
	if isOurs(err) {
		return err
	}
	return cannotStart(err)
}
