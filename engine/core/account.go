package core

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/signaling"
)

// iceLifetime is how long TURN credentials are used before new ones are asked
// for; servers give them for a day as a rule.
const iceLifetime = time.Hour

// relayPatience is how long a sign-in waits for them.
const relayPatience = 2 * time.Second

// account is the signed-in user, or the one who is signing in.
type account struct {
	reg     engine.RegistrationState
	session signaling.Session // nil before it is there
	turn    int               // counts sign-ins: results of older ones are dropped
	cancel  context.CancelFunc

	ice   []signaling.ICEServer
	iceAt time.Time

	lapsed bool // the server refuses the sign-in: calls wait for a new one of the same account
}

func (a *account) registration() engine.RegistrationState {
	r := a.reg
	r.Subscribed = slices.Clone(r.Subscribed)
	return r
}

// SignIn implements engine.Engine.
func (c *Core) SignIn(acc engine.Account, secret engine.Secret) error {
	return c.ask(func() error {
		a := &c.account
		a.lapsed = a.lapsed && acc.Server == a.reg.Account.Server && acc.User == a.reg.Account.User
		c.leave()
		a.reg = engine.RegistrationState{State: engine.Registering, Account: acc}
		c.dirty = true
		turn := a.turn
		ctx, cancel := context.WithCancel(c.ctx)
		a.cancel = cancel
		c.job(func(context.Context) {
			defer cancel()
			session, servers, err := c.enter(ctx, acc, secret)
			if !c.box.post(func() { c.signedIn(turn, session, servers, err) }) && session != nil {
				c.closeSession(session)
			}
		})
		return nil
	})
}

// enter signs in as soon as the session before is gone. It also asks for relay
// servers, for a short while: the first call may come at once and may not be
// possible without.
func (c *Core) enter(ctx context.Context, acc engine.Account, secret engine.Secret) (signaling.Session, []signaling.ICEServer, error) {
	select {
	case c.seat <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	session, err := c.backend.SignIn(ctx, acc, secret)
	if err != nil {
		<-c.seat
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, relayPatience)
	defer cancel()
	servers, err := session.ICEServers(ctx)
	if err != nil {
		c.log.Warn("no relay servers yet", "error", err)
	}
	return session, servers, nil
}

// SignOut implements engine.Engine.
func (c *Core) SignOut() error {
	return c.ask(func() error {
		was := c.account.reg.State
		c.account.lapsed = false
		c.leave()
		c.account.reg = engine.RegistrationState{Account: c.account.reg.Account}
		c.dirty = true
		if was != engine.Offline {
			c.emit(engine.Event{Name: engine.EventSubscriptionChange, Reason: "signed out"})
		}
		return nil
	})
}

// leave ends the calls of the present account and signs it out in a job, after
// their good-byes, which need the session. Where the sign-in has lapsed, the
// calls that were answered go on: their media does not need the server.
func (c *Core) leave() {
	a := &c.account
	a.turn++
	if a.cancel != nil {
		a.cancel()
		a.cancel = nil
	}
	for _, e := range c.calls {
		if !a.lapsed || !e.st.Phase.Established() {
			c.step(e, call.Hangup{})
		}
	}
	session := a.session
	if session == nil {
		return
	}
	a.session, a.ice = nil, nil
	parting := slices.Collect(maps.Keys(c.parting))
	c.leaving++
	c.farewell(func(ctx context.Context) {
		for _, done := range parting {
			select {
			case <-done:
			case <-ctx.Done():
			}
		}
		c.closeSession(session)
		c.post(func() { c.leaving-- })
	})
}

// closeSession signs a session out and lets the next one in.
func (c *Core) closeSession(s signaling.Session) {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	_ = s.Close(ctx) // the server forgets us anyway once the channel ends
	<-c.seat
}

func (c *Core) signedIn(turn int, session signaling.Session, servers []signaling.ICEServer, err error) {
	a := &c.account
	if turn != a.turn {
		if session != nil {
			c.farewell(func(context.Context) { c.closeSession(session) })
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
	a.session, a.ice, a.iceAt, a.lapsed = session, servers, time.Now(), false
	a.reg.Address, a.reg.Name = id.Address, id.Name
	c.registered(session.Capabilities().Services)
	c.takeOver(session)
	c.job(func(context.Context) {
		for ev := range session.Events() {
			c.post(func() { c.signal(turn, ev) })
		}
	})
}

func (c *Core) registered(services []string) {
	a := &c.account
	a.reg.State, a.reg.Problem, a.reg.RetryAt = engine.Registered, nil, time.Time{}
	a.reg.Subscribed = services
	c.emit(engine.Event{Name: engine.EventSubscriptionChange, Subscribed: slices.Clone(services)})
}

// takeOver gives the calls that outlived their sign-in to the new session, and
// asks at once which of them the server still knows.
func (c *Core) takeOver(session signaling.Session) {
	adopter, can := session.(signaling.Adopter)
	for _, e := range c.calls {
		switch {
		case e.session == session || e.leg == "":
		case e.st.Phase.Final():
			if e.untold {
				e.session, e.untold = session, false
				c.sendHangup(e, false)
			}
		case can:
			e.session = session
			adopter.Adopt(e.leg, e.st.Direction == engine.Incoming)
			c.auditNow(e)
		default:
			e.session = session
			c.step(e, call.Hangup{})
		}
	}
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
	a.lapsed = ev.State == engine.SignInRequired
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
