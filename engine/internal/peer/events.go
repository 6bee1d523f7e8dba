package peer

import "sync"

// events calls the handlers, in order, from one goroutine. It never blocks
// those who post.
type events struct {
	mu      sync.Mutex
	queue   []func()
	merged  map[string]bool // names of merged events that wait
	wake    chan struct{}
	closed  bool
	stopped chan struct{}
}

// maxEvents bounds what a handler that hangs can pile up.
const maxEvents = 1024

func newEvents() *events {
	e := &events{merged: make(map[string]bool), wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	go e.run() // waited for by close
	return e
}

// post queues f.
func (e *events) post(f func()) { e.add("", f) }

// merge queues f unless one of that name waits already.
func (e *events) merge(name string, f func()) { e.add(name, f) }

func (e *events) add(name string, f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || len(e.queue) >= maxEvents || name != "" && e.merged[name] {
		return
	}
	if name != "" {
		e.merged[name] = true
		call := f
		f = func() {
			e.mu.Lock()
			delete(e.merged, name)
			e.mu.Unlock()
			call()
		}
	}
	e.queue = append(e.queue, f)
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *events) run() {
	defer close(e.stopped)
	for range e.wake {
		for {
			f, open := e.next()
			if !open {
				return
			}
			if f == nil {
				break
			}
			f()
		}
	}
}

func (e *events) next() (f func(), open bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, false
	}
	if len(e.queue) > 0 {
		f = e.queue[0]
		e.queue = e.queue[1:]
	}
	return f, true
}

// close drops what waits and returns when no handler runs any more.
func (e *events) close() {
	e.mu.Lock()
	if !e.closed {
		e.closed = true
		e.queue = nil
		close(e.wake)
	}
	e.mu.Unlock()
	<-e.stopped
}
