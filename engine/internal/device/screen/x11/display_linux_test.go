package x11_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tring/engine/internal/device/screen/x11"
	"tring/engine/internal/device/screen/x11/x11test"
)

// TestCookie needs the right cookie where the server asks for one.
func TestCookie(t *testing.T) {
	cookie := bytes.Repeat([]byte{7, 0, 0xfe, 13}, 4)
	var file []byte
	for _, f := range []string{"", "", "MIT-MAGIC-COOKIE-1", string(cookie)} {
		file = binary.BigEndian.AppendUint16(file, uint16(len(f)))
		file = append(file, f...)
	}
	path := filepath.Join(t.TempDir(), "authority")
	if err := os.WriteFile(path, append([]byte{0xff, 0xff}, file...), 0o600); err != nil {
		t.Fatal(err)
	}
	server := x11test.Start(t, "-auth", path)
	if _, err := x11.Dial(t.Context(), server.Display); err == nil || !strings.Contains(err.Error(), "refuses") {
		t.Errorf("without a cookie: %v", err)
	}
	t.Setenv("XAUTHORITY", path)
	c, err := x11.Dial(t.Context(), server.Display)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestDialGivesUp(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	port := silent.Addr().(*net.TCPAddr).Port
	if port < 6000 {
		t.Skip("the system gave a port that no display has")
	}
	ctx, cancel := context.WithCancel(t.Context())
	accepted := make(chan net.Conn, 1)
	go func() { // ends with the listener
		defer close(accepted)
		if conn, err := silent.Accept(); err == nil {
			accepted <- conn
			cancel()
		}
	}()
	if _, err := x11.Dial(ctx, "127.0.0.1:"+strconv.Itoa(port-6000)); err == nil {
		t.Error("a silent server was believed")
	}
	_ = silent.Close()
	for conn := range accepted {
		_ = conn.Close()
	}
	cancel()
}
