package core_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/internal/kandy"
	"tring/engine/switchboard"
)

// wire is one phone's way to the switchboard, which a test can cut.
type wire struct {
	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]struct{}
}

// dial is kandy.Config.Dial.
func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		_ = conn.Close()
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
	}
	if w.conns == nil {
		w.conns = map[net.Conn]struct{}{}
	}
	w.conns[conn] = struct{}{}
	return conn, nil
}

// lose breaks all connections; with cut no others can be made until heal.
func (w *wire) lose(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for conn := range w.conns {
		_ = conn.Close()
	}
	clear(w.conns)
}

func (w *wire) heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
}

// desk stands before the switchboard and can spoil requests.
type desk struct {
	next http.Handler
	mu   sync.Mutex
	hook func(w http.ResponseWriter, r *http.Request, next http.Handler)
}

// ServeHTTP implements http.Handler.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	hook := d.hook
	d.mu.Unlock()
	if hook == nil {
		d.next.ServeHTTP(w, r)
		return
	}
	hook(w, r, d.next)
}

// spoil puts a hook before the switchboard; nil ends that.
func (d *desk) spoil(hook func(w http.ResponseWriter, r *http.Request, next http.Handler)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hook = hook
}

// haste is how much faster than in life the clocks of the tests run that are
// about seconds and minutes without a way to the server.
const haste = 20

// hasty are the switchboard's standard timers, and hastyKandy those of the
// client, made faster by haste. Limits of single requests stay as they are.
var (
	hasty = switchboard.Timers{
		Audit: 90 * time.Second / haste, Away: 5 * time.Minute / haste,
		ChannelLinger: 2 * time.Minute / haste, Ping: 30 * time.Second / haste,
	}
	hastyKandy = kandy.Timers{
		Ping: 30 * time.Second / haste, RetryFirst: time.Second / haste, RetryMax: 30 * time.Second / haste,
		Stable: time.Minute / haste, Audit: 25 * time.Second / haste,
	}
)

// wired signs a user in over a wire of its own.
func (o *office) wired(name string, timers kandy.Timers) (*phone, *wire) {
	o.t.Helper()
	w := &wire{}
	p := newPhone(o.t, name, core.Config{Devices: engine.DeviceChoice{
		Camera: engine.DeviceTest, Microphone: engine.DeviceTest, Speaker: engine.DeviceNone,
	}}, core.WithBackend(kandy.New(kandy.Config{Correlator: name + "-desk", Dial: w.dial, Timers: timers})))
	o.signIn(p, "secret-"+name)
	return p, w
}

func (o *office) signIn(p *phone, password string) {
	o.t.Helper()
	p.must(p.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: p.name + "@example.com"}, engine.Secret{Password: password}))
	p.await("the sign-in", func(ev engine.Event) bool {
		return ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0
	})
}

// side is a phone and its call.
type side struct {
	*phone
	id engine.CallID
}

// call is the call as the Snapshot has it; one that is no longer in it is over.
func (s side) call() engine.Call {
	c, ok := s.Snapshot().Call(s.id)
	if !ok {
		c.State = engine.Ended
	}
	return c
}

func (s side) registration() engine.Registration { return s.Snapshot().Registration.State }

// hears waits until sound comes in; the tone sounds in every second.
func (s side) hears(t *testing.T) {
	t.Helper()
	waitFor(t, "a path for "+s.name, func() bool { return s.call().Media == engine.MediaFlowing })
	before, err := s.Stats(t.Context(), s.id)
	s.must(err)
	waitFor(t, "sound for "+s.name, func() bool {
		now, err := s.Stats(t.Context(), s.id)
		return err == nil && now.Audio.Inbound.Energy > before.Audio.Inbound.Energy+1e-4
	})
}

// agree waits until the calls of both are in the same state, and says what
// each has if they never are.
func agree(t *testing.T, a, b side, state engine.CallState) {
	t.Helper()
	waitFor(t, "both to be "+state.String(), func() bool {
		x, y := a.call(), b.call()
		if x.State.Final() && y.State.Final() {
			return state.Final()
		}
		return x.State == state && y.State == state && x.LocalHold == y.RemoteHold && x.RemoteHold == y.LocalHold
	})
}

// isSocket reports whether r opens a websocket of the user.
func isSocket(r *http.Request, user string) bool {
	return strings.HasSuffix(r.URL.Path, "/websocket") && strings.Contains(r.URL.Path, "/u-"+user+"/")
}
