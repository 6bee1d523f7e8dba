package screen

import (
	"os"
	"slices"
	"strings"

	"tring/engine/internal/device/screen/x11"
)

// names reads what windows say of themselves (Extended Window Manager Hints,
// https://specifications.freedesktop.org/wm-spec/latest/). An atom that nobody
// has named yet is 0, and no window has that property.
type names struct {
	conn                   *x11.Conn
	clientList             uint32
	name, pid, kind, state uint32
	hidden                 uint32
	furniture              []uint32 // kinds of windows that are not for people to choose
	host                   string   // this machine; "" if unknown
}

// furniture are the endings of the kinds that are left out.
var furniture = []string{"DESKTOP", "DOCK", "SPLASH", "MENU", "DROPDOWN_MENU", "POPUP_MENU", "TOOLTIP", "NOTIFICATION", "DND"}

func newNames(c *x11.Conn) (*names, error) {
	n := &names{conn: c}
	for name, to := range map[string]*uint32{
		"_NET_CLIENT_LIST": &n.clientList, "_NET_WM_NAME": &n.name, "_NET_WM_PID": &n.pid,
		"_NET_WM_WINDOW_TYPE": &n.kind, "_NET_WM_STATE": &n.state, "_NET_WM_STATE_HIDDEN": &n.hidden,
	} {
		var err error
		if *to, err = c.Atom(name); err != nil {
			return nil, err
		}
	}
	for _, ending := range furniture {
		atom, err := c.Atom("_NET_WM_WINDOW_TYPE_" + ending)
		if err != nil {
			return nil, err
		}
		if atom != 0 {
			n.furniture = append(n.furniture, atom)
		}
	}
	n.host, _ = os.Hostname() // "" is nobody's
	return n, nil
}

// of is a window's title, or the next best.
func (n *names) of(window uint32) (string, error) {
	for _, atom := range []uint32{n.name, x11.AtomWMName, x11.AtomWMClass} {
		p, err := n.conn.Property(window, atom)
		if err != nil {
			return "", err
		}
		if p.Format != 8 {
			continue
		}
		data := p.Data
		if atom == x11.AtomWMClass { // two names, each ended by a zero: the program's is the second
			data = []byte(className(data))
		}
		if text := title(data); text != "" {
			return text, nil
		}
	}
	return "Window without a title", nil
}

func className(data []byte) string {
	instance, class, _ := strings.Cut(string(data), "\x00")
	if class = strings.TrimRight(class, "\x00"); class != "" {
		return class
	}
	return instance
}

// notForPeople reports whether a window is minimised, furniture, or our own.
func (n *names) notForPeople(window uint32) (bool, error) {
	state, err := n.conn.Property(window, n.state)
	if err != nil || n.hidden != 0 && slices.Contains(state.Words(), n.hidden) {
		return true, err
	}
	kinds, err := n.conn.Property(window, n.kind)
	if err != nil {
		return true, err
	}
	for _, k := range kinds.Words() {
		if slices.Contains(n.furniture, k) {
			return true, nil
		}
	}
	return n.own(window)
}

// own reports whether a window is this program's: its process number, here.
func (n *names) own(window uint32) (bool, error) {
	pid, err := n.conn.Property(window, n.pid)
	if err != nil {
		return false, err
	}
	if p := pid.Words(); len(p) == 0 || p[0] != uint32(os.Getpid()) {
		return false, nil
	}
	host, err := n.conn.Property(window, x11.AtomWMClientHost)
	return err == nil && (len(host.Data) == 0 || string(host.Data) == n.host), err
}
