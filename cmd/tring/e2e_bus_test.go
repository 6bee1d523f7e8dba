package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// bus is a session bus with what a desktop has on it: a tray that shows icons,
// and a keyring in memory.
type bus struct {
	env  []string      // of programs on it
	icon chan struct{} // an icon was put into the tray
	conn *dbus.Conn

	mu    sync.Mutex
	items []*keyringItem
}

// newBus starts one that ends with the test.
func newBus(t testing.TB) *bus {
	t.Helper()
	daemon := exec.CommandContext(t.Context(), "dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:tmpdir="+t.TempDir())
	out, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	daemon.Stdout = w
	background(t, daemon)
	w.Close()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no session bus: %v", err)
	}
	address = strings.TrimSpace(address)
	b := &bus{env: []string{"DBUS_SESSION_BUS_ADDRESS=" + address}, icon: make(chan struct{}, 64)}
	if b.conn, err = dbus.Connect(address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.conn.Close() })
	b.serveTray(t)
	b.serveKeyring(t)
	return b
}

func (b *bus) export(t testing.TB, path dbus.ObjectPath, face string, methods map[string]any) {
	t.Helper()
	if err := b.conn.ExportMethodTable(methods, path, face); err != nil {
		t.Fatal(err)
	}
}

func (b *bus) own(t testing.TB, name string) {
	t.Helper()
	if _, err := b.conn.RequestName(name, 0); err != nil {
		t.Fatal(err)
	}
}

// serveTray is the tray:
// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/
func (b *bus) serveTray(t testing.TB) {
	const name = "org.kde.StatusNotifierWatcher"
	b.export(t, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties", map[string]any{
		"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(true), nil },
	})
	b.export(t, "/StatusNotifierWatcher", name, map[string]any{
		"RegisterStatusNotifierItem": func(string) *dbus.Error {
			b.icon <- struct{}{}
			return nil
		},
	})
	b.own(t, name)
}

// keyringItem is a secret of the keyring.
type keyringItem struct {
	attributes map[string]string
	secret     keyringSecret
}

// keyringSecret is how it goes over the bus.
type keyringSecret struct {
	Session           dbus.ObjectPath
	Parameters, Value []byte
	ContentType       string
}

// serveKeyring is the part of the Secret Service that keeping a sign-in needs:
// https://specifications.freedesktop.org/secret-service-spec/latest/
func (b *bus) serveKeyring(t testing.TB) {
	const root, face, none = "/org/freedesktop/secrets", "org.freedesktop.Secret.", dbus.ObjectPath("/")
	b.export(t, root, "org.freedesktop.DBus.Properties", map[string]any{
		"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant([]dbus.ObjectPath{}), nil },
	})
	b.export(t, root, face+"Service", map[string]any{
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
			return dbus.MakeVariant(""), root + "/session", nil
		},
		"Unlock": func(what []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) { return what, none, nil },
	})
	b.export(t, root+"/session", face+"Session", map[string]any{"Close": func() *dbus.Error { return nil }})
	path := func(i int) dbus.ObjectPath { return dbus.ObjectPath(fmt.Sprintf("%s/item/%d", root, i)) }
	find := func(wanted map[string]string) (found []dbus.ObjectPath) {
		for i, item := range b.items {
			fits := true
			for k, v := range wanted {
				fits = fits && item.attributes[k] == v
			}
			if fits {
				found = append(found, path(i))
			}
		}
		return found
	}
	b.export(t, root+"/aliases/default", face+"Collection", map[string]any{
		"SearchItems": func(wanted map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			return find(wanted), nil
		},
		"CreateItem": func(properties map[string]dbus.Variant, secret keyringSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			attributes, _ := properties[face+"Item.Attributes"].Value().(map[string]string)
			item := &keyringItem{attributes, secret}
			for i := range b.items {
				if found := find(attributes); len(found) > 0 && found[0] == path(i) {
					b.items[i].secret = secret
					return path(i), none, nil
				}
			}
			i := len(b.items)
			b.items = append(b.items, item)
			err := b.conn.ExportMethodTable(map[string]any{
				"GetSecret": func(dbus.ObjectPath) (keyringSecret, *dbus.Error) {
					b.mu.Lock()
					defer b.mu.Unlock()
					return item.secret, nil
				},
			}, path(i), face+"Item")
			if err != nil {
				return none, none, dbus.MakeFailedError(err)
			}
			return path(i), none, nil
		},
	})
	b.own(t, "org.freedesktop.secrets")
}
