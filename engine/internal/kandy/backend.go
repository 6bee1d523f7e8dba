package kandy

import (
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"

	"tring/engine"
	"tring/engine/internal/signaling"
)

// Backend signs accounts in to Kandy servers.
type Backend struct{ cfg Config }

var _ signaling.Backend = (*Backend)(nil)

// New makes a Backend. It starts nothing.
func New(cfg Config) *Backend {
	cfg.Timers = cfg.Timers.withDefaults()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Correlator == "" {
		cfg.Correlator = "tring-" + uuid.NewString()
	}
	return &Backend{cfg: cfg}
}

// SignIn implements signaling.Backend: token, channel, websocket with its
// first connCheck, subscription. TURN credentials are fetched behind it.
func (b *Backend) SignIn(ctx context.Context, account engine.Account, secret engine.Secret) (signaling.Session, error) {
	end, problem := parseEndpoint(account.Server)
	if problem != nil {
		return nil, problem
	}
	transport, problem := newTransport(b.cfg, account.CAFile)
	if problem != nil {
		return nil, problem
	}
	r := &rest{end: end, http: newHTTPClient(transport), timeout: b.cfg.Timers.Request, log: b.cfg.Log}
	s := newSession(b.cfg, account, secret, r, transport)
	if err := s.signIn(ctx); err != nil {
		_ = s.Close(ctx)
		var p *engine.Problem
		if !errors.As(err, &p) {
			p = r.problem(err)
		}
		if errors.Is(p, context.Canceled) {
			p = &engine.Problem{Cause: "Signing in was given up.", Err: p.Err}
		}
		return nil, p
	}
	return s, nil
}
