package desktop

import (
	"context"
	"html"
	"image"
	"log/slog"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2/lang"
	"github.com/godbus/dbus/v5"
)

// The desktop notifications specification 1.2:
// https://specifications.freedesktop.org/notification-spec/1.2/
const (
	busName   = "org.freedesktop.Notifications"
	busPath   = dbus.ObjectPath("/org/freedesktop/Notifications")
	busPrefix = busName + "."
	desktopID = "app.tring.softphone"
)

// callPatience bounds one call to the desktop: it is a local program.
const callPatience = 3 * time.Second

// freedesktop is the Notifier of Linux desktops. One goroutine owns all state;
// the others put jobs into its queue.
type freedesktop struct {
	conn    *dbus.Conn     // nil where there is no session bus
	object  dbus.BusObject // nil where there is no such service
	icon    dbus.Variant   // of the program
	instead Notifier
	chosen  Chosen
	log     *slog.Logger

	markup, buttons bool              // what the desktop can do
	shown           map[string]uint32 // the desktop's number of each alert
	kinds           map[string]Kind

	ctx     context.Context // of calls under way; ended by Close
	cancel  context.CancelFunc
	jobs    chan func()
	signals chan *dbus.Signal
	ended   chan struct{}
	once    sync.Once
}

// newFreedesktop begins to speak to the notification service of the session
// bus at address, "" for the user's own. It does not wait for it: what is to be
// shown meanwhile waits in the queue. Where there is no such service, instead
// shows everything.
func newFreedesktop(address string, icon image.Image, instead Notifier, chosen Chosen, log *slog.Logger) *freedesktop {
	ctx, cancel := context.WithCancel(context.Background())
	f := &freedesktop{
		icon: dbus.MakeVariant(imageData(icon)), instead: instead, chosen: chosen, log: log,
		shown: map[string]uint32{}, kinds: map[string]Kind{},
		ctx: ctx, cancel: cancel, jobs: make(chan func(), 64), signals: make(chan *dbus.Signal, 64), ended: make(chan struct{}),
	}
	go f.run(address)
	return f
}

// open finds the service and what it can do.
func (f *freedesktop) open(conn *dbus.Conn) error {
	f.object = conn.Object(busName, busPath)
	var can []string
	if err := f.call("GetCapabilities").Store(&can); err != nil {
		f.object = nil
		return err
	}
	f.markup, f.buttons = slices.Contains(can, "body-markup"), slices.Contains(can, "actions")
	// Buttons that nobody would hear are not shown.
	f.buttons = f.buttons && conn.AddMatchSignal(dbus.WithMatchObjectPath(busPath), dbus.WithMatchInterface(busName)) == nil
	if f.buttons {
		conn.Signal(f.signals)
	}
	return nil
}

func connect(ctx context.Context, address string) (*dbus.Conn, error) {
	if address == "" {
		return dbus.ConnectSessionBus(dbus.WithContext(ctx))
	}
	return dbus.Connect(address, dbus.WithContext(ctx))
}

func (f *freedesktop) call(method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(f.ctx, callPatience)
	defer cancel()
	return f.object.CallWithContext(ctx, busPrefix+method, 0, args...)
}

func (f *freedesktop) run(address string) {
	defer close(f.ended)
	conn, err := connect(f.ctx, address)
	if err != nil {
		f.log.Debug("there is no session bus", "error", err)
	} else {
		defer conn.Close()
		f.conn = conn
		f.ready()
	}
	for {
		select {
		case job := <-f.jobs:
			job()
		case s, open := <-f.signals:
			if !open { // the bus is gone
				f.conn, f.object, f.signals = nil, nil, nil
				continue
			}
			f.heed(s)
		case <-f.ctx.Done():
			return
		}
	}
}

// put queues a job. A desktop so slow that the queue fills loses alerts.
func (f *freedesktop) put(job func()) {
	select {
	case f.jobs <- job:
	default:
		f.log.Warn("the desktop is slow; a notification was left out")
	}
}

// ready reports whether there is a service, which may have begun after us.
func (f *freedesktop) ready() bool {
	if f.object == nil && f.conn != nil {
		if err := f.open(f.conn); err != nil {
			f.log.Debug("the desktop has no notifications with buttons", "error", err)
		}
	}
	return f.object != nil
}

// Show implements Notifier.
func (f *freedesktop) Show(a Alert) { f.put(func() { f.show(a) }) }

func (f *freedesktop) show(a Alert) {
	if !f.ready() {
		f.instead.Show(a)
		return
	}
	hints := map[string]dbus.Variant{
		"desktop-entry": dbus.MakeVariant(desktopID),
		"category":      dbus.MakeVariant("call.incoming"),
		"urgency":       dbus.MakeVariant(byte(2)), // critical: does not go by itself
		"image-data":    f.icon,
	}
	timeout := int32(0) // never
	if a.Kind == Missed {
		hints["category"], hints["urgency"] = dbus.MakeVariant("call.unanswered"), dbus.MakeVariant(byte(1))
		timeout = -1 // as the desktop likes
	}
	if a.Kind == Ringing && f.inhibited() {
		hints["urgency"] = dbus.MakeVariant(byte(1)) // "do not disturb" wins
	}
	body := a.Body
	if f.markup {
		body = html.EscapeString(body)
	}
	var number uint32
	err := f.call("Notify", "Tring", f.shown[a.ID], "", a.Title, body, f.actions(a), hints, timeout).Store(&number)
	if err != nil {
		f.log.Warn("the desktop did not show a notification", "error", err)
		f.instead.Show(a)
		return
	}
	f.shown[a.ID], f.kinds[a.ID] = number, a.Kind
}

func (f *freedesktop) actions(a Alert) []string {
	if !f.buttons {
		return []string{}
	}
	list := []string{Open, lang.L("Open")}
	for _, b := range a.Actions {
		list = append(list, b.Name, b.Label)
	}
	return list
}

// inhibited is the desktop's "do not disturb", where it has one.
func (f *freedesktop) inhibited() bool {
	ctx, cancel := context.WithTimeout(f.ctx, callPatience)
	defer cancel()
	var value dbus.Variant
	err := f.object.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, busName, "Inhibited").Store(&value)
	on, is := value.Value().(bool)
	return err == nil && is && on
}

// heed takes what was pressed, from anybody's notification: the number tells
// whether it is ours.
func (f *freedesktop) heed(s *dbus.Signal) {
	if len(s.Body) != 2 {
		return
	}
	number, ok := s.Body[0].(uint32)
	if !ok {
		return
	}
	id, ours := f.find(number)
	if !ours {
		return
	}
	switch s.Name {
	case busPrefix + "ActionInvoked":
		if action, ok := s.Body[1].(string); ok {
			f.chosen(id, action)
		}
	case busPrefix + "NotificationClosed":
		delete(f.shown, id)
		delete(f.kinds, id)
	}
}

func (f *freedesktop) find(number uint32) (string, bool) {
	for id, n := range f.shown {
		if n == number {
			return id, true
		}
	}
	return "", false
}

// Withdraw implements Notifier.
func (f *freedesktop) Withdraw(id string) { f.put(func() { f.withdraw(id) }) }

func (f *freedesktop) withdraw(id string) {
	number, there := f.shown[id]
	if !there || f.object == nil {
		return
	}
	delete(f.shown, id)
	delete(f.kinds, id)
	if err := f.call("CloseNotification", number).Err; err != nil {
		f.log.Debug("the desktop did not withdraw a notification", "error", err)
	}
}

// Close implements Notifier.
func (f *freedesktop) Close() {
	f.once.Do(func() {
		timer := time.NewTimer(closePatience)
		defer timer.Stop()
		done := make(chan struct{})
		f.put(func() {
			for id, kind := range f.kinds {
				if kind == Ringing {
					f.withdraw(id)
				}
			}
			close(done)
		})
		select {
		case <-done:
		case <-timer.C:
		}
		f.cancel()
		<-f.ended
	})
}
