package main

import (
	"context"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// displayPatience bounds the knock at an X server: a local one answers at once.
const displayPatience = 3 * time.Second

// hasDisplay reports whether a window can be opened. On Unix the window is one
// of X11; a DISPLAY that nobody serves would end the program deep inside OpenGL.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return answers(os.Getenv("DISPLAY"))
}

// answers knocks at the X server that display names: [host]:number[.screen],
// or the path of a socket as XQuartz has it.
func answers(display string) bool {
	host, number, ok := cutLast(display, ":")
	if !ok {
		return false
	}
	if strings.HasPrefix(host, "/") {
		return knock("unix", display)
	}
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 59535 {
		return false
	}
	if host != "" && host != "unix" {
		return knock("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)))
	}
	path := "/tmp/.X11-unix/X" + number
	return knock("unix", path) || knock("unix", "@"+path) // Linux has a second, abstract one
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+len(sep):], true
}

func knock(network, address string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), displayPatience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
