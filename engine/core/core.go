package core

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/i420"
	"tring/engine/internal/kandy"
	"tring/engine/internal/signaling"
	"tring/engine/internal/video"
)

// goodbye bounds how long a hang-up or a sign-out may take when closing.
const goodbye = 2 * time.Second

// Core implements engine.Engine.
type Core struct {
	cfg     Config
	log     *slog.Logger
	backend signaling.Backend
	sound   soundOpener
	camera  cameraOpener

	box    *mailbox
	board  *board
	ctx    context.Context // of all jobs
	cancel context.CancelFunc
	jobs   sync.WaitGroup
	ended  chan struct{} // run has returned

	closeOnce sync.Once
	closeErr  error

	desk *audio.Desk
	hub  *video.Hub
	pool *i420.Pool

	state // owned by run
}

// state is what run owns.
type state struct {
	account  account
	calls    map[engine.CallID]*entry
	order    []engine.CallID
	legs     map[signaling.LegID]*entry
	inviting int               // invitations under way
	early    []signaling.Event // about legs that an invitation may be about to name

	devices  []engine.Device
	chosen   engine.DeviceChoice
	notices  []engine.Problem
	previews map[*attachment]struct{}
	tone     playing
	dirty    bool
	closing  bool
}

// Option changes how New builds a Core.
type Option func(*Core)

// WithBackend replaces the Kandy client.
func WithBackend(b signaling.Backend) Option { return func(c *Core) { c.backend = b } }

// New starts an engine. Close it.
func New(cfg Config, options ...Option) *Core {
	cfg.fill()
	if cfg.Correlator == "" {
		cfg.Correlator = "tring-" + uuid.NewString()
	}
	c := &Core{
		cfg: cfg, log: cfg.Log,
		box: newMailbox(), board: newBoard(), ended: make(chan struct{}),
		pool: new(i420.Pool),
		state: state{
			calls: make(map[engine.CallID]*entry), legs: make(map[signaling.LegID]*entry),
			previews: make(map[*attachment]struct{}), chosen: cfg.Devices,
		},
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.sound, c.camera = openSound, openCamera
	c.backend = kandy.New(kandy.Config{Correlator: cfg.Correlator, Log: cfg.Log, ICEServers: extraICE(cfg.ICEServers)})
	for _, option := range options {
		option(c)
	}
	c.desk = audio.NewDesk(audio.DeskConfig{Log: cfg.Log})
	c.desk.OnProblem(func(err error) { c.post(func() { c.soundProblem(err) }) })
	c.hub = video.NewHub(cfg.Log)
	c.hub.OnProblem(func(err error) { c.post(func() { c.cameraProblem(err) }) })
	c.useCamera()
	c.useSound()
	c.publish()
	go c.run() // Close waits for ended
	_ = c.RefreshDevices()
	return c
}

func extraICE(servers []ICEServer) []signaling.ICEServer {
	out := make([]signaling.ICEServer, 0, len(servers))
	for _, s := range servers {
		out = append(out, signaling.ICEServer(s))
	}
	return out
}

// run is the owner of state. It returns when the mailbox is closed.
func (c *Core) run() {
	defer close(c.ended)
	for range c.box.signal {
		for _, f := range c.box.take() {
			f()
		}
		c.settle()
		if c.closing && len(c.calls) == 0 && c.account.session == nil {
			break
		}
	}
	for _, f := range c.box.close() {
		f()
	}
}

// settle brings what follows from the state up to date.
func (c *Core) settle() {
	c.updateTone()
	if c.dirty {
		c.dirty = false
		c.publish()
	}
}

// post lets the loop run f. It never blocks.
func (c *Core) post(f func()) { c.box.post(f) }

// ask lets the loop run f and waits for its result. The loop never blocks, so
// neither does ask.
func (c *Core) ask(f func() error) error {
	result := make(chan error, 1)
	if !c.box.post(func() {
		if c.closing {
			result <- engine.ErrClosed
			return
		}
		result <- f()
	}) {
		return engine.ErrClosed
	}
	return <-result
}

// job runs f in a goroutine that Close waits for. ctx ends with the engine.
func (c *Core) job(f func(ctx context.Context)) {
	c.jobs.Add(1)
	go func() {
		defer c.jobs.Done()
		f(c.ctx)
	}()
}

// farewell is a job that outlives the engine's context for as long as a
// good-bye may take.
func (c *Core) farewell(f func(ctx context.Context)) {
	c.job(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		f(ctx)
	})
}

// Snapshot implements engine.Engine.
func (c *Core) Snapshot() engine.Snapshot { return c.board.snapshot() }

// Watch implements engine.Engine.
func (c *Core) Watch(ctx context.Context) <-chan engine.Snapshot { return c.board.watch(ctx) }

// Events implements engine.Engine.
func (c *Core) Events(ctx context.Context) <-chan engine.Event { return c.board.events(ctx) }

func (c *Core) publish() {
	s := engine.Snapshot{
		Registration: c.account.registration(),
		Devices:      c.devices,
		Chosen:       c.chosen,
		DemoContact:  c.cfg.DemoContact,
		Notices:      append([]engine.Problem(nil), c.notices...),
	}
	for _, id := range c.order {
		s.Calls = append(s.Calls, c.calls[id].view())
	}
	c.board.publish(s)
}

// emit sends an event, stamped with the time.
func (c *Core) emit(e engine.Event) {
	e.Time = time.Now()
	c.board.emit(e)
}

// notice tells a problem of the machine, each sentence once.
func (c *Core) notice(p engine.Problem) {
	for _, old := range c.notices {
		if old.Cause == p.Cause {
			return
		}
	}
	c.notices = append(c.notices, p)
	c.dirty = true
	c.emit(engine.Event{Name: engine.EventNotice, Problem: &p})
}

// Close implements engine.Engine: calls are hung up, the account is signed out,
// every goroutine is joined.
func (c *Core) Close() error {
	c.closeOnce.Do(func() {
		c.post(func() {
			c.closing = true
			for _, e := range c.calls {
				c.drop(e)
			}
			c.leave()
		})
		<-c.ended
		c.cancel()
		c.jobs.Wait()
		c.closeErr = c.desk.Close()
		c.hub.Close()
		c.board.close()
	})
	return c.closeErr
}
