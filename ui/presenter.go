package ui

import (
	"context"
	"sync"
	"time"

	"tring/engine"
)

// maxWaitingEvents bounds what waits for the main goroutine; it is what the
// log keeps.
const maxWaitingEvents = 2000

// keyringPatience is how long stop waits for a keyring that hangs, e.g. on a
// password prompt that nobody answers.
const keyringPatience = 2 * time.Second

// presenter carries what the engine says to the main goroutine. It owns every
// goroutine of the window but the recorder's:
//
//	watch   one reader of Engine.Watch      ends with its context
//	events  one reader of Engine.Events     ends with its context
//	tick    one ticker                      ends with its context
//	keyring one worker for the SecretStore  ends when its queue is closed
//	lookups one for each slow question      ends by itself or with its context
//
// The first three put into one mailbox; at most one delivery is posted to the
// main goroutine at any time. stop joins them all.
type presenter struct {
	cfg     Config
	deliver func(*engine.Snapshot, []engine.Event)
	ctx     context.Context // of lookups: they begin by clicks and end with the window
	cancel  context.CancelFunc
	readers sync.WaitGroup
	lookups sync.WaitGroup

	mu       sync.Mutex
	snapshot *engine.Snapshot
	events   []engine.Event
	posted   bool
	stopped  bool

	jobs     chan func()
	finished chan struct{} // closed when the keyring worker and all lookups are done
}

// newPresenter is a presenter at rest. deliver is called on the main
// goroutine; a nil snapshot means that only time went by or events came.
func newPresenter(cfg Config, deliver func(*engine.Snapshot, []engine.Event)) *presenter {
	return &presenter{cfg: cfg, deliver: deliver, jobs: make(chan func(), 64), finished: make(chan struct{})}
}

// start starts the goroutines; stop ends them. A nil ticks makes a ticker of
// one second.
func (p *presenter) start(ticks <-chan time.Time) {
	ctx, cancel := context.WithCancel(context.Background())
	p.ctx, p.cancel = ctx, cancel
	snapshots, events := p.cfg.Engine.Watch(ctx), p.cfg.Engine.Events(ctx)
	p.readers.Go(func() {
		for s := range snapshots {
			p.put(func() { p.snapshot = &s })
		}
	})
	p.readers.Go(func() {
		for e := range events {
			p.put(func() { p.addLocked(e) })
		}
	})
	p.readers.Go(func() { p.tick(ctx, ticks) })
	go p.work()
}

func (p *presenter) tick(ctx context.Context, ticks <-chan time.Time) {
	if ticks == nil {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			p.put(func() {})
		}
	}
}

func (p *presenter) addLocked(e engine.Event) {
	if len(p.events) >= maxWaitingEvents {
		p.events = append(p.events[:0], p.events[len(p.events)/2:]...)
	}
	p.events = append(p.events, e)
}

// put changes the mailbox and posts a delivery unless one is on its way.
func (p *presenter) put(change func()) {
	p.mu.Lock()
	change()
	post := !p.posted && !p.stopped
	p.posted = p.posted || post
	p.mu.Unlock()
	if post {
		p.cfg.Do(p.flush)
	}
}

func (p *presenter) flush() {
	p.mu.Lock()
	snapshot, events, stopped := p.snapshot, p.events, p.stopped
	p.snapshot, p.events, p.posted = nil, nil, false
	p.mu.Unlock()
	if !stopped {
		p.deliver(snapshot, events)
	}
}

// post runs f on the main goroutine, unless the window is gone by then. Jobs
// in the background report through it.
func (p *presenter) post(f func()) {
	p.cfg.Do(func() {
		p.mu.Lock()
		stopped := p.stopped
		p.mu.Unlock()
		if !stopped {
			f()
		}
	})
}

// work runs keyring jobs one after another.
func (p *presenter) work() {
	defer close(p.finished)
	for job := range p.jobs {
		job()
	}
	p.lookups.Wait()
}

// inBackground queues a job for the keyring worker, from the main goroutine.
// A job that finds the queue full is dropped: the keyring hangs.
func (p *presenter) inBackground(job func()) {
	select {
	case p.jobs <- job:
	default:
		p.cfg.Log.Warn("the keyring does not answer; its job was dropped")
	}
}

// lookUp runs a job off the main goroutine, from the main goroutine. Its
// context ends after patience, or with the window.
func (p *presenter) lookUp(patience time.Duration, job func(context.Context)) {
	if p.ctx.Err() != nil {
		return
	}
	p.lookups.Go(func() {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		job(ctx)
	})
}

// stop ends and joins the goroutines. It can be called more than once, on the
// main goroutine; nothing is delivered after it.
func (p *presenter) stop() {
	p.mu.Lock()
	stopped := p.stopped
	p.stopped = true
	p.mu.Unlock()
	if stopped {
		return
	}
	p.cancel()
	p.readers.Wait()
	close(p.jobs)
	timer := time.NewTimer(keyringPatience)
	defer timer.Stop()
	select {
	case <-p.finished:
	case <-timer.C:
		p.cfg.Log.Warn("the keyring does not answer; it was left behind")
	}
}
