//go:build linux || freebsd || openbsd || netbsd

package desktop

import (
	"context"
	"log/slog"
	"sync"

	"github.com/godbus/dbus/v5"
)

// The desktop's idle inhibition, which GNOME, KDE, Xfce, MATE and Cinnamon serve
// alike:
// https://specifications.freedesktop.org/idle-inhibit-spec/latest/
const (
	saverName = "org.freedesktop.ScreenSaver"
	saverPath = dbus.ObjectPath("/org/freedesktop/ScreenSaver")
)

// saverAwake asks the desktop's screen saver. One goroutine speaks to it, from
// the first wish until Close; the desktop itself takes a wish back when the one
// who had it leaves the bus, so that a crash does not keep the display on.
type saverAwake struct {
	address string // of the session bus; "" for the user's own
	log     *slog.Logger
	wishes  chan bool // holds one, the newest
	ctx     context.Context
	cancel  context.CancelFunc
	asker   sync.WaitGroup

	mu      sync.Mutex
	started bool
}

// NewAwake is the Awake of the system.
func NewAwake(log *slog.Logger) Awake { return newSaverAwake("", log) }

func newSaverAwake(address string, log *slog.Logger) *saverAwake {
	a := &saverAwake{address: address, log: log, wishes: make(chan bool, 1)}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	return a
}

// Keep implements Awake.
func (a *saverAwake) Keep(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ctx.Err() != nil || !a.started && !on {
		return
	}
	select {
	case <-a.wishes: // an older one
	default:
	}
	a.wishes <- on
	if !a.started {
		a.started = true
		a.asker.Go(a.run) // joined by Close
	}
}

func (a *saverAwake) run() {
	conn, err := connect(a.ctx, a.address)
	if err != nil {
		a.log.Debug("the display is not kept awake: there is no session bus", "error", err)
		return
	}
	defer conn.Close()
	saver := conn.Object(saverName, saverPath)
	var cookie uint32
	held := false
	for {
		select {
		case on := <-a.wishes:
			if on == held {
				continue
			}
			if on {
				held = a.ask(saver, "Inhibit", "Tring", "A video call").Store(&cookie) == nil
				continue
			}
			held = false
			_ = a.ask(saver, "UnInhibit", cookie).Err
		case <-a.ctx.Done():
			return // leaving the bus takes it back
		}
	}
}

func (a *saverAwake) ask(saver dbus.BusObject, method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(a.ctx, callPatience)
	defer cancel()
	call := saver.CallWithContext(ctx, saverName+"."+method, 0, args...)
	if call.Err != nil {
		a.log.Debug("the desktop does not say when the display may sleep", "error", call.Err)
	}
	return call
}

// Close implements Awake.
func (a *saverAwake) Close() {
	a.mu.Lock()
	a.cancel()
	a.mu.Unlock()
	a.asker.Wait()
}
