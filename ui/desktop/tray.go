package desktop

import (
	"context"
	"runtime"

	"github.com/godbus/dbus/v5"
)

// The tray of Linux desktops:
// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/
const (
	trayName = "org.kde.StatusNotifierWatcher"
	trayPath = dbus.ObjectPath("/StatusNotifierWatcher")
)

// HasTray reports whether this desktop shows the icons of programs that go on
// without a window. Where it does not, such a program could not be reached any
// more. It asks until ctx ends.
func HasTray(ctx context.Context) bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return hasTray(ctx, "")
}

func hasTray(ctx context.Context, address string) bool {
	conn, err := connect(ctx, address)
	if err != nil {
		return false
	}
	defer conn.Close()
	var shows dbus.Variant
	err = conn.Object(trayName, trayPath).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		trayName, "IsStatusNotifierHostRegistered").Store(&shows)
	on, is := shows.Value().(bool)
	return err == nil && is && on
}
