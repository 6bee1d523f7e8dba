package kandy

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// Session is a signed-in account on a Kandy server.
type Session struct {
	cfg       Config
	account   engine.Account
	log       *slog.Logger
	rest      *rest
	transport *http.Transport
	keeper    *keeper
	link      *link
	legs      *legs
	queue     *queue
	ice       iceCache
	id        identity // set by signIn, constant afterwards

	// life ends when Close begins. It is kept because the requests of callers
	// end with it too, besides with their own contexts.
	life context.Context
	end  context.CancelCauseFunc

	mu      sync.Mutex
	closing bool
	refused bool // SignInRequired was told; nothing follows it
	wg      sync.WaitGroup
	closed  chan struct{} // closed at the end of Close
}

var (
	_ signaling.Session      = (*Session)(nil)
	_ signaling.BusyRejecter = (*Session)(nil)
	_ signaling.Adopter      = (*Session)(nil)
)

func newSession(cfg Config, account engine.Account, secret engine.Secret, r *rest, transport *http.Transport) *Session {
	s := &Session{
		cfg: cfg, account: account, log: cfg.Log, rest: r, transport: transport,
		keeper: newKeeper(r, account, secret, cfg.Timers),
		queue:  newQueue(),
		closed: make(chan struct{}),
	}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.legs = newLegs(cfg.Timers.EarlyHold, cfg.Log, s.queue.put)
	s.link = &link{
		session: s, timers: cfg.Timers, log: cfg.Log, lifetimes: make(chan lifetime, 1),
		doubts:  make(chan struct{}, 1),
		hurries: make(chan struct{}, 1),
		upgrade: newHTTPClient(queryToken{transport}),
	}
	s.keeper.onRefresh = func(secret engine.Secret) {
		s.queue.put(signaling.CredentialChanged{Account: account, Secret: secret})
	}
	return s
}

// signIn does the steps of Backend.SignIn and starts the goroutines. After an
// error the session must be closed all the same.
func (s *Session) signIn(ctx context.Context) error {
	token, err := s.keeper.fetch(ctx)
	if err != nil {
		return err
	}
	if s.id, err = parseIDToken(token.IDToken, s.account); err != nil {
		return say(err, engine.ErrServerNotKandy, s.rest.end.name()+" does not say who signed in.", nextAddress)
	}
	s.keeper.onRefused = s.signInRequired
	s.spawn(s.keeper.run)
	socket, err := s.link.open(ctx)
	if err != nil {
		return err
	}
	s.spawn(func(ctx context.Context) { s.link.run(ctx, socket) })
	s.spawn(s.link.prolong)
	s.spawn(s.queue.run)
	s.spawn(func(ctx context.Context) { _, _ = s.turn(ctx) })
	return nil
}

// spawn runs f until life ends; Close waits for it. It reports whether it did.
func (s *Session) spawn(f func(ctx context.Context)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.wg.Go(func() { f(s.life) })
	return true
}

// Identity implements signaling.Session.
func (s *Session) Identity() signaling.Identity { return s.id.public }

// Capabilities implements signaling.Session. A Kandy server tells nothing
// about itself; transfer and forward are tried and may be refused.
func (s *Session) Capabilities() signaling.Capabilities {
	return signaling.Capabilities{
		Transfer: true, Forward: true,
		Services: []string{kandyapi.ServiceCall}, AuditEvery: s.cfg.Timers.Audit,
	}
}

// Events implements signaling.Session.
func (s *Session) Events() <-chan signaling.Event { return s.queue.out }

// Address implements signaling.Session, by the SDK's dialling rule.
func (s *Session) Address(typed string) (string, error) { return complete(typed, s.id.domain) }

// Close implements signaling.Session. Requests under way end with
// engine.ErrClosed.
func (s *Session) Close(ctx context.Context) error {
	s.mu.Lock()
	first := !s.closing
	s.closing = true
	s.mu.Unlock()
	if !first {
		<-s.closed
		return nil
	}
	defer close(s.closed)
	s.end(engine.ErrClosed)
	s.wg.Wait()
	s.link.unsubscribe(ctx)
	s.transport.CloseIdleConnections()
	return nil
}

// bound ends ctx also when the session closes.
func (s *Session) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	if s.life.Err() != nil {
		cancel(engine.ErrClosed) // at once: AfterFunc runs some time later
	}
	stop := context.AfterFunc(s.life, func() { cancel(engine.ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// call makes a request with the current token, and once more with a new one
// if that was refused.
func (s *Session) call(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	token := s.keeper.token()
	q := request{method: method, path: path, token: token, body: in}
	err := s.rest.do(ctx, q, out)
	if statusOf(err) != http.StatusUnauthorized {
		s.doubt(ctx, err)
		return err
	}
	if err := s.keeper.renew(ctx, token); err != nil {
		return err
	}
	q.token = s.keeper.token()
	return s.rest.do(ctx, q, out)
}

// doubt looks at the websocket when a request got no answer: after a change of
// networks both are dead, and the socket would show it much later.
func (s *Session) doubt(ctx context.Context, err error) {
	var answer *answerError
	if err == nil || statusOf(err) != 0 || errors.As(err, &answer) || ctx.Err() != nil {
		return
	}
	s.transport.CloseIdleConnections()
	select {
	case s.link.doubts <- struct{}{}:
	default:
	}
}

// Hurry implements signaling.Hurrier.
func (s *Session) Hurry() {
	select {
	case s.link.hurries <- struct{}{}:
	default:
	}
}

// tell hands over a change of the registration.
func (s *Session) tell(e signaling.RegistrationChanged) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.refused {
		s.refused = e.State == engine.SignInRequired
		s.queue.put(e)
	}
}

// signInRequired: neither the refresh token nor the password is accepted.
func (s *Session) signInRequired(p *engine.Problem) {
	s.tell(signaling.RegistrationChanged{State: engine.SignInRequired, Reason: "sign-in refused", Problem: p})
}

// isRefused reports whether only a new sign-in helps.
func (s *Session) isRefused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}
