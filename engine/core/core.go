package core

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/checkup"
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

	// seat is held by the session that uses the Correlator, from its sign-in to
	// the end of its sign-out: servers let a device have one channel, and what
	// ends an old one must not meet a new one.
	seat chan struct{}

	closeOnce sync.Once
	closeErr  error

	desk   *audio.Desk // of calls
	ringer *audio.Desk // of incoming ones
	hub    *video.Hub
	pool   *i420.Pool

	state // owned by run
}

// state is what run owns.
type state struct {
	account  account
	calls    map[engine.CallID]*entry
	order    []engine.CallID
	legs     map[signaling.LegID]*entry
	inviting int                        // invitations under way
	parting  map[chan struct{}]struct{} // good-byes of calls under way; each is closed at its end
	leaving  int                        // sessions that are being signed out
	early    []signaling.Event          // about legs that an invitation may be about to name

	away         [len(roles)]bool // the chosen device is unplugged, another one stands in
	devices      []engine.Device
	listed       bool // devices were looked for
	chosen       engine.DeviceChoice
	preferred    [len(roles)][]string // what DeviceAuto takes first
	limits       engine.VideoLimits   // as set
	ringVolume   float64
	ringerFailed bool // calls ring at the speaker
	notices      []notice
	trouble      [parts]bool // the device of this part was not there, or failed, when last opened
	previews     map[*attachment]struct{}
	tone         playing
	checking     *check // the check that runs; nil for none
	dirty        bool
	news         []engine.Event // to be told after the Snapshot that shows them
	replies      []func()       // to those who asked, after that
	closing      bool

	undisturbed bool // nothing rings
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
		box: newMailbox(), board: newBoard(), ended: make(chan struct{}), seat: make(chan struct{}, 1),
		pool: new(i420.Pool),
		state: state{
			calls: make(map[engine.CallID]*entry), legs: make(map[signaling.LegID]*entry),
			previews: make(map[*attachment]struct{}), parting: make(map[chan struct{}]struct{}), chosen: cfg.Devices, ringVolume: 1,
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
	c.desk.OnMicrophone(func(e audio.MicrophoneEvent) { c.post(func() { c.microphoneEvent(e) }) })
	c.ringer = audio.NewDesk(audio.DeskConfig{Log: cfg.Log.With("desk", "ringer"), Linger: ringerLinger})
	c.ringer.OnProblem(func(err error) { c.post(func() { c.ringerProblem(err) }) })
	c.hub = video.NewHub(cfg.Log)
	c.hub.OnProblem(func(err error) { c.post(func() { c.cameraProblem(err) }) })
	c.useCamera()
	c.useSound()
	c.useRinger()
	c.publish()
	go c.run() // Close waits for ended
	if cfg.WatchDevices {
		c.job(c.watchDevices)
	} else {
		_ = c.RefreshDevices()
	}
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
		if c.closing && c.leaving == 0 {
			break
		}
	}
	for _, f := range c.box.close() {
		f()
	}
	c.settle()
}

// settle brings what follows from the state up to date: first the Snapshot,
// then the events, then the answers to those who asked, so that nobody hears
// of what the Snapshot does not show.
func (c *Core) settle() {
	c.updateTone()
	if c.dirty {
		c.dirty = false
		c.publish()
	}
	for _, e := range c.news {
		c.board.emit(e)
	}
	for _, reply := range c.replies {
		reply()
	}
	c.news, c.replies = nil, nil
}

// post lets the loop run f. It never blocks.
func (c *Core) post(f func()) { c.box.post(f) }

// errClosed is engine.ErrClosed for people.
var errClosed = &engine.Problem{Cause: "Tring is being closed.", Next: "Start it again.", Err: engine.ErrClosed}

// ask lets the loop run f and waits for its result and the Snapshot that shows
// it. The loop never blocks, so neither does ask.
func (c *Core) ask(f func() error) error {
	result := make(chan error, 1)
	if !c.box.post(func() {
		if c.closing {
			result <- errClosed
			return
		}
		err := f()
		c.replies = append(c.replies, func() { result <- err })
	}) {
		return errClosed
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
		InUse:        c.allInUse().choice(),
		Video:        c.videoLimits(),
		Sound:        c.soundState(),
		DemoContact:  c.cfg.DemoContact,
	}
	for _, n := range c.notices {
		s.Notices = append(s.Notices, n.Problem)
	}
	for _, id := range c.order {
		if e := c.calls[id]; e.check == nil {
			s.Calls = append(s.Calls, e.view())
		}
	}
	c.board.publish(s)
}

// emit sends an event, stamped with the time, when the Snapshot shows it.
func (c *Core) emit(e engine.Event) {
	if about := c.calls[e.CallID]; about != nil && about.check != nil {
		return // no face knows of it
	}
	e.Time = time.Now()
	c.news = append(c.news, e)
}

// Close implements engine.Engine: calls are hung up, the account is signed out,
// every goroutine is joined.
func (c *Core) Close() error {
	c.closeOnce.Do(func() {
		c.post(func() {
			c.closing, c.account.lapsed = true, false
			c.stopCheck(checkup.StoppedByPerson)
			c.leave()
			for _, e := range c.calls {
				c.forget(e)
			}
			c.account.reg = engine.RegistrationState{Account: c.account.reg.Account}
		})
		<-c.ended
		c.cancel()
		c.jobs.Wait()
		c.closeErr = c.closeDesks()
		c.hub.Close()
		c.board.close()
	})
	return c.closeErr
}

// closeDesks closes both at once, since a driver may take its time.
func (c *Core) closeDesks() error {
	var ringer error
	var joined sync.WaitGroup
	joined.Go(func() { ringer = c.ringer.Close() })
	err := c.desk.Close()
	joined.Wait()
	return errors.Join(err, ringer)
}
