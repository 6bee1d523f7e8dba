package desktop

import (
	"testing"

	"github.com/godbus/dbus/v5"
)

// watcher is the tray of a desktop.
type watcher struct{ shows bool }

func (w watcher) Get(_, _ string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(w.shows), nil }

func TestTray(t *testing.T) {
	address, _ := startBus(t)
	if hasTray(t.Context(), address) {
		t.Error("a tray on a desktop without one")
	}
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.RequestName(trayName, 0); err != nil {
		t.Fatal(err)
	}
	for _, shows := range []bool{true, false} {
		if err := conn.Export(watcher{shows}, trayPath, "org.freedesktop.DBus.Properties"); err != nil {
			t.Fatal(err)
		}
		if got := hasTray(t.Context(), address); got != shows {
			t.Errorf("tray %v, want %v", got, shows)
		}
	}
	if hasTray(t.Context(), "unix:path=/nonexistent/bus") {
		t.Error("a tray without a desktop")
	}
}
