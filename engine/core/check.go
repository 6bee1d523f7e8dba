package core

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/checkup"
)

// checkPatience bounds a check as a whole; each part has its own, shorter limit.
const checkPatience = 20 * time.Second

// checkSlack is how many times as long everything is waited for. Tests, of which
// many run at once on slow machines, wait longer than people do.
var checkSlack time.Duration = 1

// check is a check before a call that is under way.
//
//	sound ────────────────┐
//	camera ───────────────┤
//	server                ├→ echo → end
//	account → relays ─────┘
//
// Its parts measure, package checkup judges. They run in jobs and ask the loop for
// what it owns.
type check struct {
	core    *Core
	options engine.CheckOptions
	ctx     context.Context
	cancel  context.CancelCauseFunc
	out     chan engine.CheckResult // has room for all that is ever told

	mu    sync.Mutex
	begun [engine.CheckSteps]time.Time
	over  [engine.CheckSteps]bool
}

// errStop ends a check; its text is told of the steps that were not done.
type errStop string

func (e errStop) Error() string { return string(e) }

// Check implements engine.Engine.
func (c *Core) Check(ctx context.Context, options engine.CheckOptions) (<-chan engine.CheckResult, error) {
	k := &check{core: c, options: options, out: make(chan engine.CheckResult, 2*engine.CheckSteps)}
	err := c.ask(func() error {
		for _, e := range c.calls {
			if e.check == nil && !e.st.Phase.Final() {
				return &engine.Problem{Cause: "A check would disturb the call.", Next: "Check when it is over.", Err: engine.ErrWrongState}
			}
		}
		if c.checking != nil {
			return &engine.Problem{Cause: "A check is running already.", Next: "Wait until it is over.", Err: engine.ErrWrongState}
		}
		k.ctx, k.cancel = context.WithCancelCause(ctx)
		c.checking = k
		c.useSound() // what failed before is tried anew, and told anew
		c.useCamera()
		c.job(k.run)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return k.out, nil
}

// stopCheck ends the check that runs, and its call at once.
func (c *Core) stopCheck(why string) {
	if c.checking == nil {
		return
	}
	c.checking.cancel(errStop(why))
	for _, e := range slices.Collect(maps.Values(c.calls)) {
		if e.check != nil && !e.st.Phase.Final() {
			c.step(e, call.Hangup{})
		}
	}
}

// run does all steps. Its end is told after the engine has forgotten the check.
func (k *check) run(context.Context) {
	ctx, cancel := context.WithTimeout(k.ctx, checkSlack*checkPatience)
	var parts sync.WaitGroup
	var camera checkup.Camera
	parts.Go(func() { k.sound(ctx) })
	parts.Go(func() { camera = k.camera(ctx) })
	parts.Go(func() { k.server(ctx) })
	parts.Go(func() {
		if k.account(ctx) {
			k.relays(ctx)
		}
	})
	parts.Wait()
	if ctx.Err() == nil {
		k.echo(ctx, camera.Works())
	}
	why := k.stopped(ctx)
	cancel()
	k.cancel(nil)
	_ = k.core.ask(func() error { k.core.checking = nil; return nil }) // where it is closing nobody asks
	for step := range engine.CheckSteps {
		k.end(step, checkup.Stopped(why))
	}
	close(k.out)
}

// stopped says why what is left was not done.
func (k *check) stopped(ctx context.Context) string {
	var stop errStop
	switch cause := context.Cause(ctx); {
	case errors.As(cause, &stop):
		return string(stop)
	case errors.Is(cause, context.DeadlineExceeded) || cause == nil:
		return checkup.StoppedByTime
	}
	return checkup.StoppedByPerson
}

// begin tells that steps run now.
func (k *check) begin(steps ...engine.CheckStep) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, step := range steps {
		k.begun[step] = time.Now()
		k.out <- engine.CheckResult{Step: step, State: engine.CheckRunning}
	}
}

// end tells how a step went, once.
func (k *check) end(step engine.CheckStep, r engine.CheckResult) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.over[step] {
		return
	}
	k.over[step] = true
	r.Step = step
	if !k.begun[step].IsZero() {
		r.Took = time.Since(k.begun[step])
	}
	k.out <- r
}

// rest waits for d, and reports whether ctx still goes on then.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// comes looks often whether what is awaited has come, for so long at most. It
// reports false if ctx ended before.
func comes(ctx context.Context, most time.Duration, come func() bool) bool {
	const often = 50 * time.Millisecond
	for end := time.Now().Add(most); !come() && time.Now().Before(end); {
		if !rest(ctx, often) {
			return false
		}
	}
	return ctx.Err() == nil
}
