// Package x11test gives tests an X server of their own and a program that shows
// windows on it.
package x11test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Server is an Xvfb.
type Server struct {
	Display string
	kill    func()
}

// Start runs an Xvfb of 800 by 600 until the test ends, and makes it the test's
// session. Further arguments go to Xvfb. Without Xvfb the test is skipped.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("Xvfb is not installed: .ci/deps test does so")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.CommandContext(t.Context(), path, append([]string{
		"-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset",
	}, args...)...)
	cmd.ExtraFiles = []*os.File{write}
	err = cmd.Start()
	_ = write.Close()
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	s := &Server{kill: func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}}
	t.Cleanup(s.Kill)
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb named no display: %v", err)
	}
	s.Display = ":" + strings.TrimSpace(line)
	t.Setenv("DISPLAY", s.Display)
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "x11")
	t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
	return s
}

// Kill ends the server.
func (s *Server) Kill() { s.kill() }
