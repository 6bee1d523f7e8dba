package kandy

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

func (s *Session) sessionPath(leg signaling.LegID) string {
	return kandyapi.SessionPath(s.id.user, string(leg))
}

// legCall is a request about one leg, with Problems for errors.
func (s *Session) legCall(ctx context.Context, method string, leg signaling.LegID, what string, in, out any) error {
	if !validID(string(leg)) {
		return &engine.Problem{Cause: "There is no such call.", Err: engine.ErrNoSuchCall}
	}
	path := s.sessionPath(leg)
	if what != "" {
		path += "/" + what
	}
	if err := s.call(ctx, method, path, in, out); err != nil {
		return s.rest.legProblem(err, what)
	}
	return nil
}

// Ringing implements signaling.Session.
func (s *Session) Ringing(ctx context.Context, leg signaling.LegID) error {
	in := kandyapi.SessionStatusBody{Status: &kandyapi.SessionStatus{ClientCorrelator: s.cfg.Correlator, Status: kandyapi.StatusRinging}}
	return s.legCall(ctx, http.MethodPut, leg, "status", in, nil)
}

// Answer implements signaling.Session.
func (s *Session) Answer(ctx context.Context, leg signaling.LegID, sdp string) error {
	in := kandyapi.AnswerBody{Answer: &kandyapi.CorrelatedSDP{ClientCorrelator: s.cfg.Correlator, SDP: sdp}}
	s.legs.answering(leg)
	err := s.legCall(ctx, http.MethodPut, leg, "answer", in, nil)
	s.legs.answerDone(leg, err == nil)
	return err
}

// Offer implements signaling.Session.
func (s *Session) Offer(ctx context.Context, leg signaling.LegID, sdp string) error {
	in := kandyapi.OfferBody{Offer: &kandyapi.CorrelatedSDP{ClientCorrelator: s.cfg.Correlator, SDP: sdp}}
	return s.legCall(ctx, http.MethodPut, leg, "update", in, nil)
}

// Adopt implements signaling.Adopter.
func (s *Session) Adopt(leg signaling.LegID, incoming bool) {
	if validID(string(leg)) {
		s.legs.inherit(leg, incoming)
	}
}

// Hangup implements signaling.Session. After an error other than a refusal it
// is tried again behind the caller's back.
func (s *Session) Hangup(ctx context.Context, leg signaling.LegID) error {
	return s.delete(ctx, leg, "")
}

// RejectBusy implements signaling.BusyRejecter. The reason in the query is
// understood by Tring's switchboard; for other servers it is a plain reject.
func (s *Session) RejectBusy(ctx context.Context, leg signaling.LegID) error {
	return s.delete(ctx, leg, "?reason=busy")
}

// delete ends a leg. If the server cannot be reached now, it is told later,
// lest the far end sits in a call that nobody is in any more.
func (s *Session) delete(ctx context.Context, leg signaling.LegID, query string) error {
	if !validID(string(leg)) {
		return nil // no such leg can exist
	}
	err := s.deleteTwice(ctx, leg, query)
	if err == nil {
		return nil
	}
	if status := statusOf(err); (status == 0 || status >= 500) && !errors.Is(err, engine.ErrClosed) {
		s.spawn(func(life context.Context) { s.deleteLater(life, leg, query) })
	}
	return s.rest.problem(err)
}

// deleteTwice tries again, on a connection of its own, if there is no answer in
// half of the time that ctx leaves: one that was kept alive dies without a word
// when the network changes, and whoever quits has no later.
func (s *Session) deleteTwice(parent context.Context, leg signaling.LegID, query string) error {
	ctx, cancel := parent, context.CancelFunc(func() {})
	if end, ok := parent.Deadline(); ok {
		ctx, cancel = context.WithTimeoutCause(parent, time.Until(end)/2, errSlow)
	}
	defer cancel()
	err := s.deleteOnce(ctx, leg, query)
	if statusOf(err) != 0 || err == nil || parent.Err() != nil || s.life.Err() != nil {
		return err
	}
	s.doubt(parent, err) // it also drops the connections that nobody uses
	return s.deleteOnce(parent, leg, query)
}

// deleteOnce takes the server's 404 for what it is: the leg has ended already.
func (s *Session) deleteOnce(ctx context.Context, leg signaling.LegID, query string) error {
	err := s.call(ctx, http.MethodDelete, s.sessionPath(leg)+query, nil, nil)
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusGone:
		err = nil
	}
	if err == nil {
		s.legs.remove(leg)
	}
	return err
}

// deleteLater tries for some ten minutes; after that the server's own audit
// has ended the leg.
func (s *Session) deleteLater(ctx context.Context, leg signaling.LegID, query string) {
	const attempts = 24
	for attempt := 1; attempt <= attempts && sleep(ctx, backoff(s.cfg.Timers, attempt)); attempt++ {
		err := s.deleteOnce(ctx, leg, query)
		if status := statusOf(err); err == nil || status != 0 && status < 500 {
			return
		}
	}
}

// Forward implements signaling.Session.
func (s *Session) Forward(ctx context.Context, leg signaling.LegID, address string) error {
	in := kandyapi.ForwardBody{Forward: &kandyapi.Target{ClientCorrelator: s.cfg.Correlator, Address: sipURI(address)}}
	return s.legCall(ctx, http.MethodPut, leg, "forward", in, nil)
}

// Transfer implements signaling.Session.
func (s *Session) Transfer(ctx context.Context, leg signaling.LegID, address string, other signaling.LegID) error {
	in := kandyapi.TransferBody{Transfer: &kandyapi.Target{ClientCorrelator: s.cfg.Correlator, Address: sipURI(address), SessionID: string(other)}}
	return s.legCall(ctx, http.MethodPut, leg, "transfer", in, nil)
}

// Audit implements signaling.Session.
func (s *Session) Audit(ctx context.Context, leg signaling.LegID) (alive bool, err error) {
	in := kandyapi.SessionStatusBody{Status: &kandyapi.SessionStatus{ClientCorrelator: s.cfg.Correlator, Status: kandyapi.StatusConnected}}
	var out kandyapi.SessionStatusBody
	err = s.call(ctx, http.MethodPut, s.sessionPath(leg)+"/status", in, &out)
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusGone:
		return false, nil
	}
	if err != nil {
		return true, s.rest.problem(err)
	}
	return out.Status == nil || out.Status.Status != kandyapi.StatusClosed, nil
}

// sipURI is an address as it goes on the wire.
func sipURI(address string) string { return "sip:" + strip(address) }
