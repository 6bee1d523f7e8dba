package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tring/engine"
	"tring/ui/store"
)

const (
	sampleEvery    = 2 * time.Second  // how often a call is measured
	touchEvery     = 10 * time.Second // how often it is written down that a call goes on
	samplePatience = time.Second      // for one measurement
	// storePatience is how long stop waits for a disk that hangs.
	storePatience = 3 * time.Second
	// maxRecorded bounds for how many calls it is remembered which entry is theirs.
	maxRecorded = 64
)

// recorder writes the history. It is the only goroutine of the window that
// waits for the disk: what a person changes in the store goes through it too
// (do). It reads the engine by itself, so that a busy window loses no call.
type recorder struct {
	cfg     Config
	changed func() // told on its goroutine that the store is not what it was

	cancel  context.CancelFunc
	started bool
	ended   chan struct{}
	wake    chan struct{}
	dirty   atomic.Bool   // the store changed since the window looked
	seen    atomic.Uint64 // revision of the snapshot that was written down last

	mu      sync.Mutex
	jobs    []func()
	entries map[engine.CallID]int64 // entries of the history, by call
	order   []engine.CallID         // of entries, the oldest first
	now     map[engine.CallID]callQuality

	// What follows belongs to the goroutine.
	live    map[engine.CallID]*recording
	over    map[engine.CallID]bool // written to their end
	touched time.Time
}

// recording is a call that goes on.
type recording struct {
	entry store.Entry
	call  engine.Call
	meter meter
	judge qualityJudge
}

func newRecorder(cfg Config, changed func()) *recorder {
	return &recorder{
		cfg: cfg, changed: changed, ended: make(chan struct{}), wake: make(chan struct{}, 1),
		entries: map[engine.CallID]int64{}, now: map[engine.CallID]callQuality{}, live: map[engine.CallID]*recording{}, over: map[engine.CallID]bool{},
	}
}

// start begins to write; stop ends it. A nil samples makes a ticker.
func (r *recorder) start(samples <-chan time.Time) {
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.started = cancel, true
	snapshots, events := r.cfg.Engine.Watch(ctx), r.cfg.Engine.Events(ctx)
	go r.run(ctx, snapshots, events, samples)
}

// stop ends and joins the goroutine, once what waits is written. It can be
// called more than once, on the main goroutine.
func (r *recorder) stop() {
	if !r.started {
		return
	}
	r.started = false
	r.cancel()
	timer := time.NewTimer(storePatience)
	defer timer.Stop()
	select {
	case <-r.ended:
	case <-timer.C:
		r.cfg.Log.Warn("the disk does not answer; the history was left behind")
	}
}

// do runs job where waiting for the disk hurts nobody, after what was asked for
// before. Any goroutine may call it.
func (r *recorder) do(job func()) {
	r.mu.Lock()
	r.jobs = append(r.jobs, job)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// entry is what the history says of a call. Any goroutine may call it.
func (r *recorder) entry(id engine.CallID) (store.Entry, bool) {
	r.mu.Lock()
	number, known := r.entries[id]
	r.mu.Unlock()
	if !known {
		return store.Entry{}, false
	}
	return r.cfg.Store.Call(number)
}

// quality is how a call goes just now; changed tells when that is news. Any
// goroutine may call it.
func (r *recorder) quality(id engine.CallID) callQuality {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now[id]
}

// judge keeps how a call goes.
func (r *recorder) judge(id engine.CallID, q callQuality) {
	r.mu.Lock()
	news := r.now[id] != q
	if q == (callQuality{}) {
		delete(r.now, id)
	} else {
		r.now[id] = q
	}
	r.mu.Unlock()
	if news {
		r.changed()
	}
}

func (r *recorder) run(ctx context.Context, snapshots <-chan engine.Snapshot, events <-chan engine.Event, samples <-chan time.Time) {
	defer close(r.ended)
	if samples == nil {
		ticker := time.NewTicker(sampleEvery)
		defer ticker.Stop()
		samples = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			r.work()
			r.leave()
			return
		case <-r.wake:
			r.work()
		case s, open := <-snapshots:
			if !open {
				snapshots = nil
				continue
			}
			r.take(s)
		case e, open := <-events:
			if !open {
				events = nil
				continue
			}
			r.heed(e)
		case <-samples:
			r.sample(ctx)
		}
	}
}

// tellChanged lets the window look again.
func (r *recorder) tellChanged() {
	r.dirty.Store(true)
	r.changed()
}

// work does what others asked for.
func (r *recorder) work() {
	r.mu.Lock()
	jobs := r.jobs
	r.jobs = nil
	r.mu.Unlock()
	if len(jobs) == 0 {
		return
	}
	for _, job := range jobs {
		job()
	}
	r.tellChanged()
}

// take writes down what changed about the calls.
func (r *recorder) take(s engine.Snapshot) {
	_, domain, _ := strings.Cut(s.Registration.Address, "@")
	r.cfg.Store.SetDomain(domain)
	changed := false
	for _, c := range s.Calls {
		if !r.over[c.ID] && r.write(s.Registration.Address, c) {
			changed = true
		}
	}
	for id := range r.over {
		if _, there := s.Call(id); !there {
			delete(r.over, id)
		}
	}
	for id, rec := range r.live {
		if _, there := s.Call(id); !there { // the engine forgot it without a word
			r.finish(rec, r.cfg.Now())
			delete(r.live, id)
			r.judge(id, callQuality{})
			changed = true
		}
	}
	r.seen.Store(s.Revision)
	if changed {
		r.tellChanged()
	}
}

// heed counts what only events tell.
func (r *recorder) heed(e engine.Event) {
	switch e.Name {
	case engine.EventCallMedia:
		if r.live[e.CallID] == nil { // events can be faster than snapshots
			r.take(r.cfg.Engine.Snapshot())
		}
		if rec := r.live[e.CallID]; rec != nil {
			rec.meter.begin(e)
		}
	case engine.EventDeviceChange:
		for _, rec := range r.live {
			if e.DeviceName != "" && rec.call.State.Established() {
				rec.meter.deviceChanged(e)
			}
		}
	}
}

// sample measures the calls that go on, and notes from time to time that they do.
func (r *recorder) sample(ctx context.Context) {
	now := r.cfg.Now()
	touch := now.Sub(r.touched) >= touchEvery
	if touch {
		r.touched = now
	}
	for id, rec := range r.live {
		if touch {
			r.complain(r.cfg.Store.Touch(rec.entry.ID, now))
		}
		if !rec.call.State.Established() {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, samplePatience)
		stats, err := r.cfg.Engine.Stats(limited, id)
		cancel()
		if err == nil {
			rec.meter.sample(stats, held(rec.call))
			r.judge(id, rec.judge.take(stats, rec.call))
		}
	}
}

// leave writes down the calls that end with the program. One that rings here
// goes on without it: it is left as a crash would leave it.
func (r *recorder) leave() {
	now := r.cfg.Now()
	for _, rec := range r.live {
		if rec.call.State.Established() {
			r.finish(rec, now)
			continue
		}
		r.complain(r.cfg.Store.Touch(rec.entry.ID, now))
	}
}

// complain logs what went wrong; the window shows Store.Problem. A call that
// was deleted in the meantime is no fault.
func (r *recorder) complain(err error) {
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		r.cfg.Log.Warn("the history was not written", "error", err)
	}
}
