package main

import (
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestDisplayThatNobodyServes(t *testing.T) {
	for _, display := range []string{"", "nonsense", ":987654", ":-1", ":x", "127.0.0.1:59000", filepath.Join(t.TempDir(), "x:0")} {
		if answers(display) {
			t.Errorf("%q is taken for a display", display)
		}
	}
}

func TestDisplayOverTheNetwork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	if !answers("127.0.0.1:" + strconv.Itoa(port-6000) + ".0") {
		t.Error("a display that is served is not found")
	}
}

func TestNoDisplayIsSaid(t *testing.T) {
	t.Setenv("DISPLAY", ":987")
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	var out, errs strings.Builder
	if code := run(nil, strings.NewReader(""), &out, &errs); code != exitFailure || !strings.Contains(errs.String(), "no display") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}
