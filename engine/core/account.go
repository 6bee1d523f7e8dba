package core

import (
	"context"
	"errors"
	"slices"
	"time"

	"tring/engine"
	"tring/engine/internal/signaling"
)

// iceLifetime is how long TURN credentials are used before new ones are asked
// for; servers give them for a day as a rule.
const iceLifetime = time.Hour

// account is the signed-in user, or the one who is signing in.
type account struct {
	reg     engine.RegistrationState
	session signaling.Session // nil before it is there
	turn    int               // counts sign-ins: results of older ones are dropped
	cancel  context.CancelFunc

	ice   []signaling.ICEServer
	iceAt time.Time
}

func (a *account) registration() engine.RegistrationState {
	r := a.reg
	r.Subscribed = slices.Clone(r.Subscribed)
	return r
}

// SignIn implements engine.Engine.
func (c *Core) SignIn(acc engine.Account, secret engine.Secret) error {
	return c.ask(func() error {
		c.leave()
		a := &c.account
		a.reg = engine.RegistrationState{State: engine.Registering, Account: acc}
		c.dirty = true
		turn := a.turn
		ctx, cancel := context.WithCancel(c.ctx)
		a.cancel = cancel
		c.job(func(context.Context) {
			defer cancel()
			session, err := c.backend.SignIn(ctx, acc, secret)
			if !c.box.post(func() { c.signedIn(turn, session, err) }) && session != nil {
				closeSession(session)
			}
		})
		return nil
	})
}

// SignOut implements engine.Engine.
func (c *Core) SignOut() error {
	return c.ask(func() error {
		was := c.account.reg.State
		c.leave()
		c.account.reg = engine.RegistrationState{Account: c.account.reg.Account}
		c.dirty = true
		if was != engine.Offline {
			c.emit(engine.Event{Name: engine.EventSubscriptionChange, Reason: "signed out"})
		}
		return nil
	})
}

// leave ends the calls of the present account and signs it out in a job.
func (c *Core) leave() {
	a := &c.account
	a.turn++
	if a.cancel != nil {
		a.cancel()
		a.cancel = nil
	}
	for _, e := range c.calls {
		if !e.st.Phase.Final() {
			c.drop(e)
		}
	}
	session := a.session
	if session == nil {
		return
	}
	a.session, a.ice = nil, nil
	hangups := c.hangups()
	c.farewell(func(ctx context.Context) {
		for _, done := range hangups { // the good-byes need the session
			select {
			case <-done:
			case <-ctx.Done():
			}
		}
		closeSession(session)
	})
}

func closeSession(s signaling.Session) {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	_ = s.Close(ctx) // the server forgets us anyway once the channel ends
}

func (c *Core) signedIn(turn int, session signaling.Session, err error) {
	a := &c.account
	if turn != a.turn {
		if session != nil {
			c.farewell(func(context.Context) { closeSession(session) })
		}
		return
	}
	a.cancel = nil
	c.dirty = true
	if err != nil {
		p := problemOf(err, "Signing in failed.", "Try again.")
		a.reg.State, a.reg.Problem = engine.Offline, p
		if errors.Is(err, engine.ErrSignInExpired) || errors.Is(err, engine.ErrWrongPassword) {
			a.reg.State = engine.SignInRequired
		}
		c.emit(engine.Event{Name: engine.EventSubscriptionError, Problem: p})
		return
	}
	id := session.Identity()
	a.session = session
	a.reg.Address, a.reg.Name = id.Address, id.Name
	c.registered(session.Capabilities().Services)
	c.job(func(context.Context) {
		for ev := range session.Events() {
			c.post(func() { c.signal(turn, ev) })
		}
	})
	c.refreshICE()
}

func (c *Core) registered(services []string) {
	a := &c.account
	a.reg.State, a.reg.Problem, a.reg.RetryAt = engine.Registered, nil, time.Time{}
	a.reg.Subscribed = services
	c.emit(engine.Event{Name: engine.EventSubscriptionChange, Subscribed: slices.Clone(services)})
}

// refreshICE asks for STUN and TURN servers; calls are made meanwhile with what
// is there.
func (c *Core) refreshICE() {
	a := &c.account
	if a.session == nil || time.Since(a.iceAt) < iceLifetime && a.ice != nil {
		return
	}
	a.iceAt = time.Now()
	session, turn := a.session, a.turn
	c.job(func(ctx context.Context) {
		servers, err := session.ICEServers(ctx)
		c.post(func() {
			if err != nil {
				c.log.Warn("no relay servers", "error", err)
			} else if turn == c.account.turn {
				c.account.ice = servers
			}
		})
	})
}

// signal takes an event of the session.
func (c *Core) signal(turn int, ev signaling.Event) {
	if turn != c.account.turn {
		return
	}
	switch ev := ev.(type) {
	case signaling.RegistrationChanged:
		c.registrationChanged(ev)
	case signaling.CredentialChanged:
		c.emit(engine.Event{Name: engine.EventCredential, Account: ev.Account, Secret: ev.Secret})
	case signaling.Incoming:
		c.incoming(ev)
	default:
		c.legEvent(ev)
	}
}

func (c *Core) registrationChanged(ev signaling.RegistrationChanged) {
	a := &c.account
	c.dirty = true
	if ev.State == engine.Registered {
		if a.reg.State != engine.Registered {
			c.registered(ev.Subscribed)
		}
		return
	}
	was := a.reg.State
	a.reg.State, a.reg.Problem, a.reg.RetryAt, a.reg.Subscribed = ev.State, ev.Problem, ev.RetryAt, ev.Subscribed
	if was != ev.State {
		c.emit(engine.Event{Name: engine.EventSubscriptionChange, Subscribed: ev.Subscribed, Reason: ev.Reason})
		if ev.Problem != nil && ev.State == engine.SignInRequired {
			c.emit(engine.Event{Name: engine.EventSubscriptionError, Problem: ev.Problem})
		}
	}
}

// problemOf finds the Problem in err or words one.
func problemOf(err error, cause, next string) *engine.Problem {
	var p *engine.Problem
	if errors.As(err, &p) {
		return p
	}
	return &engine.Problem{Cause: cause, Next: next, Err: err}
}
