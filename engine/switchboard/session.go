package switchboard

import (
	"net/http"
	"strings"
	"time"

	"tring/engine/internal/kandyapi"
)

// createSession is POST …/sessions: a call.
func (s *Server) createSession(r *request) (reply, error) {
	var body kandyapi.SessionBody
	if err := r.read(maxBody, &body); err != nil {
		return reply{}, err
	}
	want := body.Session
	if want == nil {
		return reply{}, errMissing("wrtcsSession")
	}
	offer := sdpOf(want.Offer)
	if err := checkSDP(offer); err != nil {
		return reply{}, err
	}
	to, err := s.resolve(r.Context(), r.user, want.TParticipantAddress)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	from := s.callingDevice(r.user.ID, want.ClientCorrelator)
	if from == nil {
		return reply{}, errMissing("clientCorrelator")
	}
	c, caller, err := s.place(from, to, want.TParticipantName, offer)
	if err != nil {
		return reply{}, err
	}
	answer := reply{status: http.StatusCreated, body: kandyapi.SessionBody{Session: s.sessionAnswer(c, caller)}}
	answer.after = s.settleAfter(r, caller)
	s.ringOrEnd(c, to)
	s.touch(bucketCalls, c.ID)
	return answer, nil
}

// callingDevice is the device that calls. A client that names none and has but
// one channel is taken at that.
func (s *Server) callingDevice(user, correlator string) *device {
	if correlator == "" && len(s.devices[user]) == 1 {
		for _, d := range s.devices[user] {
			return d
		}
	}
	return s.deviceLocked(deviceKey{user, correlator})
}

// settleAfter frames the request r on leg l; the result belongs into
// reply.after. Called under Server.mu.
func (s *Server) settleAfter(r *request, l *leg) func() {
	if r.Header.Get(HeaderEarly) == "1" {
		return nil
	}
	s.requestBegins(l)
	return func() { s.requestEnded(l) }
}

// onLeg does something to the caller's own leg named in the path.
func (s *Server) onLeg(r *request, do func(c *call, l *leg) (any, error)) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	l := s.legs[id]
	if l == nil || l.User.ID != r.user.ID || l.Contact != "" {
		return reply{}, errNoSession(id)
	}
	c := s.calls[l.CallID]
	l.seen = time.Now()
	answer := reply{after: s.settleAfter(r, l)}
	body, err := do(c, l)
	s.touch(bucketCalls, c.ID)
	if err != nil {
		return answer, err
	}
	answer.status, answer.body = http.StatusOK, body
	if body == nil {
		answer.status = http.StatusNoContent
	}
	return answer, nil
}

// putAnswer is PUT …/answer, and PUT …/offer that some clients use in a slow
// start.
func (s *Server) putAnswer(r *request) (reply, error) {
	var body struct {
		kandyapi.AnswerBody
		kandyapi.OfferBody
	}
	if err := r.read(maxBody, &body); err != nil {
		return reply{}, err
	}
	given := body.Answer
	if given == nil {
		given = body.Offer
	}
	if given == nil {
		return reply{}, errMissing("wrtcsAnswer")
	}
	if err := checkSDP(given.SDP); err != nil {
		return reply{}, err
	}
	if s.answeredElsewhere(r) {
		return reply{}, errWrongState("The call was answered elsewhere or is over")
	}
	return s.onLeg(r, func(c *call, l *leg) (any, error) { return nil, s.answer(c, l, given.SDP) })
}

// answeredElsewhere tells whether the leg in the path ended a short while ago.
func (s *Server) answeredElsewhere(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	stone, ok := s.over[r.PathValue("id")]
	return ok && stone.user == r.user.ID
}

func (s *Server) putUpdate(r *request) (reply, error) {
	var body kandyapi.OfferBody
	if err := r.read(maxBody, &body); err != nil {
		return reply{}, err
	}
	if body.Offer == nil {
		return reply{}, errMissing("wrtcsOffer")
	}
	if err := checkSDP(body.Offer.SDP); err != nil {
		return reply{}, err
	}
	return s.onLeg(r, func(c *call, l *leg) (any, error) { return nil, s.update(c, l, body.Offer.SDP) })
}

// putStatus is ringing feedback and the audit. "Connected" is a sign of life
// only: SDK 5.2.0 sends it while it rings.
func (s *Server) putStatus(r *request) (reply, error) {
	var body kandyapi.SessionStatusBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	status := body.Status
	if status == nil || status.Status != kandyapi.StatusRinging && status.Status != kandyapi.StatusConnected {
		return reply{}, errMissing("status")
	}
	return s.onLeg(r, func(c *call, l *leg) (any, error) {
		if status.Status == kandyapi.StatusRinging {
			s.rang(c, l)
		}
		return statusAnswer(status.Status, l), nil
	})
}

func statusAnswer(status string, l *leg) kandyapi.SessionStatusBody {
	return kandyapi.SessionStatusBody{Status: &kandyapi.SessionStatus{ClientCorrelator: l.Device, Status: status}}
}

func (s *Server) showStatus(r *request) (reply, error) {
	return s.onLeg(r, func(_ *call, l *leg) (any, error) { return statusAnswer(l.Status, l), nil })
}

func (s *Server) showSession(r *request) (reply, error) {
	return s.onLeg(r, func(c *call, l *leg) (any, error) {
		return kandyapi.SessionBody{Session: s.sessionAnswer(c, l)}, nil
	})
}

func (s *Server) listSessions(r *request) (reply, error) {
	only := r.URL.Query().Get("clientCorrelator")
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []*kandyapi.Session{}
	for _, l := range s.legs {
		if l.Contact == "" && l.User.ID == r.user.ID && (only == "" || only == l.Device) {
			list = append(list, s.sessionAnswer(s.calls[l.CallID], l))
		}
	}
	return reply{status: http.StatusOK, body: map[string]any{
		"wrtcsSessionList": map[string]any{"wrtcsSession": list},
	}}, nil
}

// deleteSession hangs up, cancels or rejects. With ?reason=busy, an extension,
// a ringing device says that its user is in another call.
func (s *Server) deleteSession(r *request) (reply, error) {
	busy := strings.EqualFold(r.URL.Query().Get("reason"), "busy")
	return s.onLeg(r, func(c *call, l *leg) (any, error) {
		s.leave(c, l, busy)
		return nil, nil
	})
}

func (s *Server) putForward(r *request) (reply, error) {
	var body kandyapi.ForwardBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	if body.Forward == nil {
		return reply{}, errMissing("wrtcsForward")
	}
	to, err := s.resolve(r.Context(), r.user, body.Forward.Address)
	if err != nil {
		return reply{}, err
	}
	return s.onLeg(r, func(c *call, l *leg) (any, error) { return nil, s.forward(c, l, to) })
}

func (s *Server) putTransfer(r *request) (reply, error) {
	var body kandyapi.TransferBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	if body.Transfer == nil {
		return reply{}, errMissing("wrtcsTransfer")
	}
	var to target
	if body.Transfer.SessionID == "" {
		var err error
		if to, err = s.resolve(r.Context(), r.user, body.Transfer.Address); err != nil {
			return reply{}, err
		}
	}
	return s.onLeg(r, func(c *call, l *leg) (any, error) {
		return nil, s.startTransfer(c, l, to, body.Transfer.SessionID)
	})
}

// sessionAnswer is a call as leg l sees it.
func (s *Server) sessionAnswer(c *call, l *leg) *kandyapi.Session {
	other := c.Target.User.Email
	if l.ID != c.A {
		other = c.Legs[c.A].address()
	} else if b := c.Legs[c.B]; b != nil {
		other = b.address()
	}
	return &kandyapi.Session{
		ClientCorrelator: l.Device, TParticipantAddress: "sip:" + other,
		Status: l.Status, ResourceURL: l.path(),
	}
}

// address is where the leg's party is called; of nobody it is empty.
func (l *leg) address() string {
	if l == nil {
		return ""
	}
	return l.User.Email
}

func sdpOf(d *kandyapi.SDP) string {
	if d == nil {
		return ""
	}
	return d.SDP
}
