package x11

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// display is what a DISPLAY such as "host:0.1" says.
type display struct {
	host   string // "" for this machine
	number int
	screen int
}

func parseDisplay(s string) (display, error) {
	bad := fmt.Errorf("x11: %q is no display", s)
	host, rest, ok := cutLast(s, ':')
	if !ok {
		return display{}, bad
	}
	number, screen, _ := strings.Cut(rest, ".")
	d := display{host: strings.TrimPrefix(host, "tcp/")}
	var err error
	if d.number, err = strconv.Atoi(number); err != nil || d.number < 0 || d.number > 0xffff-basePort {
		return display{}, bad
	}
	if screen != "" {
		if d.screen, err = strconv.Atoi(screen); err != nil || d.screen < 0 {
			return display{}, bad
		}
	}
	if d.host == "unix" {
		d.host = ""
	}
	return d, nil
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// basePort is the TCP port of display 0.
const basePort = 6000

func (d display) dial(ctx context.Context) (net.Conn, error) {
	var dialer net.Dialer
	if d.host != "" {
		host := strings.Trim(d.host, "[]")
		return dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(basePort+d.number)))
	}
	path := "/tmp/.X11-unix/X" + strconv.Itoa(d.number)
	conn, err := dialer.DialContext(ctx, "unix", path)
	if err != nil { // some servers listen on Linux's abstract name alone
		if other, otherErr := dialer.DialContext(ctx, "unix", "@"+path); otherErr == nil {
			return other, nil
		}
	}
	return conn, err
}

// cookieName is the only way of authorisation that is in use.
const cookieName = "MIT-MAGIC-COOKIE-1"

// cookie finds the secret for the display in the user's authority file; nil if
// there is none, which is right where the server asks for none.
func (d display) cookie() []byte {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	name := d.host
	if name == "" || name == "localhost" {
		if name, err = os.Hostname(); err != nil {
			name = ""
		}
	}
	return findCookie(data, name, strconv.Itoa(d.number))
}

// Families of addresses in an authority file: those of Xauth.h that matter.
const (
	familyLocal = 256
	familyWild  = 65535
)

// findCookie takes the entry for host and display, or else the first one for the
// display: a machine's name changes, its cookie does not. Entries are a family
// and four counted fields, all big-endian.
func findCookie(file []byte, host, number string) []byte {
	var second []byte
	for len(file) >= 2 {
		family := binary.BigEndian.Uint16(file)
		file = file[2:]
		var fields [4][]byte // address, display, name, data
		for i := range fields {
			if len(file) < 2 {
				return second
			}
			n := int(binary.BigEndian.Uint16(file))
			if len(file) < 2+n {
				return second
			}
			fields[i], file = file[2:2+n], file[2+n:]
		}
		if string(fields[2]) != cookieName || len(fields[1]) > 0 && string(fields[1]) != number {
			continue
		}
		if family == familyWild || family == familyLocal && string(fields[0]) == host {
			return fields[3]
		}
		if second == nil {
			second = fields[3]
		}
	}
	return second
}
