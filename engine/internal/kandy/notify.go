package kandy

import (
	"errors"
	"net/url"
	"strings"

	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

type noteKind int

const (
	noteInvitation noteKind = iota
	noteAcceptance
	noteOffer
	noteAnswer
	noteRinging
	noteEnded     // SessionEnded
	noteCancelled // Cancelled
)

// note is a notification about a leg, checked.
type note struct {
	id         string
	leg        signaling.LegID
	kind       noteKind
	sdp        string
	from, name string // of an invitation
	reason     string // of an end
	code       int
}

// errNotForUs marks notifications that are in order but mean nothing to us.
var errNotForUs = errors.New("event of no interest")

// notify takes one notification from the websocket. It does not block.
func (s *Session) notify(m kandyapi.Message, size int) {
	n, err := newNote(m)
	if err != nil {
		s.log.Debug("notification ignored", "err", err)
		return
	}
	s.legs.deliver(n, size)
}

// newNote checks a message and puts it into one form.
func newNote(m kandyapi.Message) (note, error) {
	var h kandyapi.Header
	var n note
	switch {
	case m.Invitation != nil:
		h = m.Invitation.Header
		n = note{
			kind: noteInvitation, sdp: sdpOf(m.Invitation.Offer),
			from: publicAddress(m.Invitation.OriginatorAddress), name: clip(m.Invitation.OriginatorName, 128),
		}
	case m.Acceptance != nil:
		h, n = m.Acceptance.Header, note{kind: noteAcceptance, sdp: sdpOf(m.Acceptance.Answer)}
	case m.Offer != nil:
		h, n = m.Offer.Header, note{kind: noteOffer, sdp: sdpOf(m.Offer.Offer)}
	case m.Answer != nil:
		h, n = m.Answer.Header, note{kind: noteAnswer, sdp: sdpOf(m.Answer.Answer)}
	case m.Event != nil:
		h, n = m.Event.Header, note{reason: clip(m.Event.Reason, 200), code: m.Event.StatusCode}
		switch m.Event.EventType {
		case kandyapi.EventRinging:
			n.kind = noteRinging
		case kandyapi.EventSessionEnded:
			n.kind = noteEnded
		case kandyapi.EventCancelled:
			n.kind = noteCancelled
		default:
			return note{}, errNotForUs
		}
	default:
		return note{}, errNotForUs
	}
	if h.ID == "" || len(h.ID) > 256 {
		return note{}, errors.New("notification without an id")
	}
	if len(h.Link) == 0 {
		return note{}, errors.New("notification without a link")
	}
	leg, err := legOf(h.Link[0].Href)
	if err != nil {
		return note{}, err
	}
	n.id, n.leg = h.ID, leg
	return n, nil
}

func sdpOf(s *kandyapi.SDP) string {
	if s == nil {
		return ""
	}
	return s.SDP
}

// legOf finds the session id in a resource address: all that follows
// "sessions/".
func legOf(ref string) (signaling.LegID, error) {
	_, id, ok := cutLast(clipBytes(ref, 4096), "/sessions/")
	id, err := url.PathUnescape(id)
	if !ok || err != nil || !validID(id) {
		return "", errors.New("address names no session")
	}
	return signaling.LegID(strings.Clone(id)), nil
}
