//go:build linux || freebsd || openbsd || netbsd

package desktop

import (
	"log/slog"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// saver is a desktop that can be asked to keep its display on.
type saver struct{ events chan string }

func newSaver(t *testing.T, address string) *saver {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &saver{events: make(chan string, 20)}
	if err := conn.Export(s, saverPath, saverName); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(saverName, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *saver) Inhibit(program, _ string) (uint32, *dbus.Error) {
	s.events <- "inhibit by " + program
	return 7, nil
}

func (s *saver) UnInhibit(cookie uint32) *dbus.Error {
	if cookie != 7 {
		s.events <- "a wrong cookie"
		return nil
	}
	s.events <- "uninhibit"
	return nil
}

func (s *saver) want(t *testing.T, event string) {
	t.Helper()
	select {
	case got := <-s.events:
		if got != event {
			t.Errorf("the desktop was told %q, want %q", got, event)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("the desktop was not told %q", event)
	}
}

func TestDisplayIsKeptAwake(t *testing.T) {
	address, _ := startBus(t)
	s := newSaver(t, address)
	a := newSaverAwake(address, slog.New(slog.DiscardHandler))
	a.Keep(false) // nothing to take back
	a.Keep(true)
	s.want(t, "inhibit by Tring")
	a.Keep(true) // is so already
	a.Keep(false)
	s.want(t, "uninhibit")
	a.Keep(true)
	s.want(t, "inhibit by Tring")
	a.Close()
	a.Close()
	a.Keep(true)
	if n := len(s.events); n != 0 {
		t.Errorf("%d more, after its end", n)
	}
}

func TestNoDesktopToKeepAwake(t *testing.T) {
	address, stop := startBus(t)
	a := newSaverAwake(address, slog.New(slog.DiscardHandler))
	a.Keep(true) // no screen saver on this bus
	a.Keep(false)
	stop()
	a.Keep(true)
	a.Close()
}
