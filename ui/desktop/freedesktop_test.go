package desktop

import (
	"bufio"
	"context"
	"image"
	"log/slog"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// startBus runs a session bus of the test's own; stop ends it early.
func startBus(t *testing.T) (address string, stop func()) {
	t.Helper()
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("no dbus-daemon here")
	}
	ctx, cancel := context.WithCancel(context.Background())
	daemon := exec.CommandContext(ctx, path, "--session", "--nofork", "--print-address", "--address=unix:tmpdir="+t.TempDir())
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() { cancel(); _ = daemon.Wait() })
	t.Cleanup(stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address of the bus: %v", err)
	}
	return strings.TrimSpace(line), stop
}

// screen is a desktop that shows notifications.
type screen struct {
	t         *testing.T
	conn      *dbus.Conn
	can       []string
	inhibited atomic.Bool

	mu     sync.Mutex
	next   uint32
	events chan notified
}

type notified struct {
	closed  bool
	number  uint32
	title   string
	body    string
	actions []string
	urgency byte
	timeout int32
}

func newScreen(t *testing.T, address string, can ...string) *screen {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &screen{t: t, conn: conn, can: can, events: make(chan notified, 20)}
	if err := conn.Export(s, busPath, busName); err != nil {
		t.Fatal(err)
	}
	if err := conn.Export((*properties)(s), busPath, "org.freedesktop.DBus.Properties"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(busName, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

type properties screen

func (p *properties) Get(_, _ string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant(p.inhibited.Load()), nil
}

func (s *screen) GetCapabilities() ([]string, *dbus.Error) { return s.can, nil }

func (s *screen) Notify(_ string, replaces uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, timeout int32) (uint32, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	number := replaces
	if number == 0 {
		s.next++
		number = s.next
	}
	urgency, _ := hints["urgency"].Value().(byte)
	var icon picture
	if fields, ok := hints["image-data"].Value().([]any); !ok {
		s.t.Error("no picture")
	} else if err := dbus.Store(fields, &icon.Width, &icon.Height, &icon.Stride, &icon.Alpha, &icon.BitsPerSample, &icon.Channels, &icon.Data); err != nil {
		s.t.Errorf("the picture: %v", err)
	} else if len(icon.Data) != int(icon.Stride*icon.Height) || icon.Width != iconSize {
		s.t.Errorf("the picture is %dx%d with %d bytes", icon.Width, icon.Height, len(icon.Data))
	}
	s.events <- notified{number: number, title: title, body: body, actions: actions, urgency: urgency, timeout: timeout}
	return number, nil
}

func (s *screen) CloseNotification(number uint32) *dbus.Error {
	s.events <- notified{closed: true, number: number}
	return nil
}

func (s *screen) press(number uint32, action string) {
	if err := s.conn.Emit(busPath, busPrefix+"ActionInvoked", number, action); err != nil {
		s.t.Error(err)
	}
}

func wait[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing happened")
		panic("unreachable")
	}
}

type pressed struct{ id, action string }

func newNotifier(t *testing.T, address string) (Notifier, <-chan pressed) {
	t.Helper()
	presses := make(chan pressed, 10)
	n := newFreedesktop(address, image.NewGray(image.Rect(0, 0, 4, 4)), make(simple, 10), func(id, action string) { presses <- pressed{id, action} }, slog.New(slog.DiscardHandler))
	t.Cleanup(n.Close)
	return n, presses
}

func TestRingIsShownAnsweredAndWithdrawn(t *testing.T) {
	address, _ := startBus(t)
	desk := newScreen(t, address, "actions", "body-markup")
	n, presses := newNotifier(t, address)

	n.Show(Alert{ID: "1", Title: "Bob & Co", Body: "<b>Video</b> call", Actions: []Action{{"answer", "Answer"}, {"decline", "Decline"}}})
	got := wait(t, desk.events)
	if got.title != "Bob & Co" || got.body != "&lt;b&gt;Video&lt;/b&gt; call" || got.urgency != 2 || got.timeout != 0 {
		t.Errorf("shown as %+v", got)
	}
	if want := []string{"default", "Open", "answer", "Answer", "decline", "Decline"}; !slices.Equal(got.actions, want) {
		t.Errorf("buttons %q, want %q", got.actions, want)
	}
	desk.press(got.number+7, "answer") // of another program
	desk.press(got.number, "decline")
	if p := wait(t, presses); p != (pressed{"1", "decline"}) {
		t.Errorf("told %+v", p)
	}
	n.Show(Alert{ID: "1", Title: "Bob & Co", Body: "Voice call"})
	if again := wait(t, desk.events); again.number != got.number {
		t.Error("a second notification in place of a changed one")
	}
	n.Withdraw("1")
	if gone := wait(t, desk.events); !gone.closed || gone.number != got.number {
		t.Errorf("withdrawn: %+v", gone)
	}
	n.Withdraw("1") // nothing to do
	n.Show(Alert{ID: "2", Title: "Missed call", Kind: Missed})
	if missed := wait(t, desk.events); missed.closed || missed.urgency != 1 || missed.timeout != -1 {
		t.Errorf("missed call shown as %+v", missed)
	}
}

func TestCloseWithdrawsWhatRings(t *testing.T) {
	address, _ := startBus(t)
	desk := newScreen(t, address)
	n, _ := newNotifier(t, address)
	n.Show(Alert{ID: "missed", Kind: Missed})
	n.Show(Alert{ID: "ringing", Body: "<plain>", Actions: []Action{{"answer", "Answer"}}})
	wait(t, desk.events)
	ringing := wait(t, desk.events)
	if ringing.body != "<plain>" || len(ringing.actions) != 0 {
		t.Errorf("a desktop without markup and buttons got %+v", ringing)
	}
	n.Close()
	n.Close()
	if gone := wait(t, desk.events); !gone.closed || gone.number != ringing.number {
		t.Errorf("withdrawn: %+v", gone)
	}
	select {
	case more := <-desk.events:
		t.Errorf("and also %+v", more)
	default:
	}
}

func TestDoNotDisturbWins(t *testing.T) {
	address, _ := startBus(t)
	desk := newScreen(t, address, "actions")
	desk.inhibited.Store(true)
	n, _ := newNotifier(t, address)
	n.Show(Alert{ID: "1", Title: "Bob"})
	if got := wait(t, desk.events); got.urgency == 2 {
		t.Error("rings through a desktop that is not to be disturbed")
	}
}

// simple is a Notifier that tells the test what it shows.
type simple chan Alert

func (s simple) Show(a Alert)  { s <- a }
func (simple) Withdraw(string) {}
func (simple) Close()          {}

func TestDesktopWithoutNotifications(t *testing.T) {
	empty, _ := startBus(t)
	for _, address := range []string{empty, "unix:path=/nonexistent/bus"} {
		shown := make(simple, 1)
		n := newFreedesktop(address, image.NewGray(image.Rect(0, 0, 4, 4)), shown, nil, slog.New(slog.DiscardHandler))
		n.Show(Alert{ID: "1", Title: "Bob"})
		if got := wait(t, shown); got.Title != "Bob" {
			t.Errorf("shown instead: %+v", got)
		}
		n.Withdraw("1")
		if address == empty { // it begins to show them after all
			desk := newScreen(t, address)
			n.Show(Alert{ID: "2", Title: "Carol"})
			if got := wait(t, desk.events); got.title != "Carol" {
				t.Errorf("shown as %+v", got)
			}
		}
		n.Close()
	}
}

func TestBusGoesAway(t *testing.T) {
	address, stop := startBus(t)
	desk := newScreen(t, address)
	shown := make(simple, 2)
	n := newFreedesktop(address, image.NewGray(image.Rect(0, 0, 4, 4)), shown, nil, slog.New(slog.DiscardHandler))
	n.Show(Alert{ID: "1"})
	wait(t, desk.events)
	stop()
	n.Withdraw("1")
	n.Show(Alert{ID: "2", Title: "Bob"})
	got := wait(t, shown)
	if got.ID == "1" { // the bus went before it could say that it was shown
		got = wait(t, shown)
	}
	if got.ID != "2" {
		t.Errorf("shown instead: %+v", got)
	}
	n.Close()
}
