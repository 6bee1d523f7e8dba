package kandy

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// invited is the outcome of a request for a call.
type invited struct {
	leg signaling.LegID
	err error
}

// Invite implements signaling.Session. The request goes on when ctx ends
// first: only its answer names the call, which is then taken back, instead of
// ringing on at a callee whom nobody waits for.
func (s *Session) Invite(ctx context.Context, address, displayName, offer string) (signaling.LegID, error) {
	result := make(chan invited)
	started := s.spawn(func(life context.Context) {
		got := s.invite(life, address, displayName, offer)
		select {
		case result <- got:
			if got.err == nil && sleep(life, s.cfg.Timers.InviteGrace) {
				s.legs.release(got.leg)
			}
		case <-ctx.Done():
			if got.err == nil {
				s.log.Info("an abandoned call is taken back", "leg", got.leg)
				_ = s.Hangup(life, got.leg)
			}
		case <-life.Done():
		}
	})
	if !started {
		return "", s.rest.problem(engine.ErrClosed)
	}
	select {
	case got := <-result:
		return got.leg, got.err
	case <-ctx.Done():
		return "", s.rest.problem(context.Cause(ctx))
	case <-s.life.Done():
		return "", s.rest.problem(engine.ErrClosed)
	}
}

func (s *Session) invite(ctx context.Context, address, displayName, offer string) invited {
	s.legs.inviteBegins()
	defer s.legs.inviteEnds()
	in := kandyapi.SessionBody{Session: &kandyapi.Session{
		ClientCorrelator:    s.cfg.Correlator,
		TParticipantAddress: sipURI(address),
		TParticipantName:    clip(displayName, 128),
		Offer:               &kandyapi.SDP{SDP: offer},
	}}
	var out kandyapi.SessionBody
	err := s.call(ctx, http.MethodPost, kandyapi.SessionsPath(s.id.user), in, &out)
	if err != nil {
		return invited{err: s.inviteError(err, address)}
	}
	leg, err := legOfAnswer(out)
	if err != nil {
		return invited{err: s.rest.problem(err)}
	}
	if !s.legs.adopt(leg) {
		return invited{err: s.rest.problem(&answerError{err: errors.New("a new call with the id of an old one")})}
	}
	return invited{leg: leg}
}

// legOfAnswer reads the answer to a request for a call.
func legOfAnswer(out kandyapi.SessionBody) (signaling.LegID, error) {
	if out.Session == nil {
		return "", &answerError{err: errors.New("no session in the answer")}
	}
	leg, err := legOf(out.Session.ResourceURL)
	if err != nil {
		return "", &answerError{err: err}
	}
	return leg, nil
}

// inviteError says why a call could not begin: as a RefusedError where the
// status tells how it ended.
func (s *Session) inviteError(err error, address string) error {
	var se *statusError
	if !errors.As(err, &se) || se.html {
		return s.rest.problem(err)
	}
	refused := func(reason engine.EndReason, cause, next string) error {
		return &signaling.RefusedError{
			End:     engine.EndInfo{Reason: reason, StatusCode: se.status, Text: se.text},
			Problem: say(err, nil, cause, next),
		}
	}
	who := clip(strip(address), 80)
	switch se.status {
	case http.StatusNotFound, http.StatusGone, 604:
		return refused(engine.ReasonUnknownUser, fmt.Sprintf("There is nobody called %s on this server.", who), "Check the address.")
	case kandyapi.StatusCodeTimeout:
		return refused(engine.ReasonNoAnswer, fmt.Sprintf("%s does not answer.", who), "Try again later.")
	case kandyapi.StatusCodeUnavailable:
		return refused(engine.ReasonUnreachable, fmt.Sprintf("%s is not signed in anywhere.", who), "Try again later.")
	case kandyapi.StatusCodeBusy:
		return refused(engine.ReasonBusy, fmt.Sprintf("%s is in another call.", who), "Try again later.")
	case kandyapi.StatusCodeDeclined:
		return refused(engine.ReasonDeclined, fmt.Sprintf("%s declined the call.", who), "")
	case http.StatusBadRequest:
		words := ""
		if se.text != "" {
			words = fmt.Sprintf(" (“%s”)", se.text)
		}
		return refused(engine.ReasonRefused, fmt.Sprintf("The server does not accept a call to %s%s.", who, words), "Check the address.")
	}
	return s.rest.problem(err)
}
