// Package enginetest scripts an engine.Engine for tests of the faces.
//
// A Fake does nothing by itself: a test sets the Snapshot, emits Events and
// reads back what the face asked for. Pictures are pushed straight into the
// sinks that the face attached, and every frame's Release is counted.
package enginetest

import (
	"context"
	"fmt"
	"sync"

	"tring/engine"
)

// eventBuffer is the engine's promise to readers of Events.
const eventBuffer = 1024

// Fake is a scripted Engine. The zero value is not usable; see New.
type Fake struct {
	mu       sync.Mutex
	screens  []engine.Screen
	snapshot engine.Snapshot
	watchers map[chan engine.Snapshot]struct{}
	readers  map[chan engine.Event]struct{}
	actions  []Action
	failures map[string]error
	attached map[*attachment]struct{}
	stats    engine.Stats
	levels   engine.SoundLevels
	nextCall int
	closed   bool
	frames   frameCount
	check    []engine.CheckResult
	checking chan engine.CheckResult // nil while no check runs
}

// Action is one thing that the face asked for.
type Action struct {
	Method  string // "Call", "Accept", …
	Call    engine.CallID
	Text    string // address, digits, device choice or account, where there is one
	On      bool   // video or muted, where there is one
	Name    string // display name, of "Call"
	Result  string // id of the new call, of "Call"
	Account engine.Account
	Secret  engine.Secret
}

// String is the action on one line, as tests compare it.
func (a Action) String() string {
	text := a.Method
	if a.Call != "" {
		text += " " + string(a.Call)
	}
	if a.Text != "" {
		text += " " + a.Text
	}
	switch a.Method {
	case "Call", "Accept", "SetVideo", "SetMuted", "SetDoNotDisturb":
		text += fmt.Sprintf(" %t", a.On)
	}
	if a.Name != "" {
		text += " as " + a.Name
	}
	return text
}

var _ engine.Engine = (*Fake)(nil)

// New is an offline engine.
func New() *Fake {
	return &Fake{
		watchers: map[chan engine.Snapshot]struct{}{},
		readers:  map[chan engine.Event]struct{}{},
		failures: map[string]error{},
		attached: map[*attachment]struct{}{},
	}
}

// SetSnapshot publishes s with the next revision.
func (f *Fake) SetSnapshot(s engine.Snapshot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.publishLocked(s)
}

// Update changes the current snapshot and publishes it. Slices are copied
// before change sees them.
func (f *Fake) Update(change func(*engine.Snapshot)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.snapshot
	s.Calls = append([]engine.Call(nil), s.Calls...)
	s.Devices = append([]engine.Device(nil), s.Devices...)
	s.Notices = append([]engine.Problem(nil), s.Notices...)
	change(&s)
	f.publishLocked(s)
}

func (f *Fake) publishLocked(s engine.Snapshot) {
	s.Revision = f.snapshot.Revision + 1
	f.snapshot = s
	for w := range f.watchers {
		select { // the channel holds one, the newest
		case <-w:
		default:
		}
		w <- s
	}
}

// Emit sends e to every reader; one that is too slow loses its oldest event.
func (f *Fake) Emit(e engine.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for r := range f.readers {
		if len(r) == cap(r) {
			select {
			case <-r:
			default:
			}
		}
		r <- e
	}
}

// SetStats is what Stats answers.
func (f *Fake) SetStats(s engine.Stats) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stats = s
}

// Fail makes every further call of method return err; nil ends that.
func (f *Fake) Fail(method string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures[method] = err
}

// Actions is everything asked for so far, and forgets it.
func (f *Fake) Actions() []Action {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken := f.actions
	f.actions = nil
	return taken
}

func (f *Fake) record(a Action) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actions = append(f.actions, a)
	return f.failures[a.Method]
}

// Snapshot implements Engine.
func (f *Fake) Snapshot() engine.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snapshot
}

// Watch implements Engine.
func (f *Fake) Watch(ctx context.Context) <-chan engine.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := make(chan engine.Snapshot, 1)
	if f.closed {
		close(w)
		return w
	}
	w <- f.snapshot
	f.watchers[w] = struct{}{}
	context.AfterFunc(ctx, func() { drop(f, f.watchers, w) })
	return w
}

// Events implements Engine.
func (f *Fake) Events(ctx context.Context) <-chan engine.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := make(chan engine.Event, eventBuffer)
	if f.closed {
		close(r)
		return r
	}
	f.readers[r] = struct{}{}
	context.AfterFunc(ctx, func() { drop(f, f.readers, r) })
	return r
}

func drop[T any](f *Fake, from map[chan T]struct{}, c chan T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := from[c]; there {
		delete(from, c)
		close(c)
	}
}

// Close implements Engine.
func (f *Fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for w := range f.watchers {
		delete(f.watchers, w)
		close(w)
	}
	for r := range f.readers {
		delete(f.readers, r)
		close(r)
	}
	return nil
}
