package device

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/gen2brain/malgo"
)

// withoutPulse leaves PulseAudio out of what is tried where no server of it is
// to be found: miniaudio never frees a connection that failed, and one is tried
// every minute as long as the program runs.
func withoutPulse(backends []malgo.Backend) []malgo.Backend {
	if pulseAnswers() {
		return backends
	}
	return slices.DeleteFunc(slices.Clone(backends), func(b malgo.Backend) bool { return b == malgo.BackendPulseaudio })
}

// pulseAnswers looks where libpulse does for a server (pulse-client.conf(5),
// pulseaudio(1)). A configured one is taken to answer.
func pulseAnswers() bool {
	if os.Getenv("PULSE_SERVER") != "" {
		return true
	}
	home, _ := os.UserHomeDir()
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	for _, file := range []string{
		os.Getenv("PULSE_CLIENTCONFIG"), filepath.Join(config, "pulse", "client.conf"), filepath.Join(home, ".pulse", "client.conf"), "/etc/pulse/client.conf",
	} {
		if namesServer(file) {
			return true
		}
	}
	folders := []string{
		os.Getenv("PULSE_RUNTIME_PATH"), filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "pulse"),
		filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "pulse"), "/run/pulse", "/var/run/pulse",
	}
	for _, pattern := range []string{filepath.Join(config, "pulse", "*-runtime"), filepath.Join(home, ".pulse", "*-runtime")} {
		more, _ := filepath.Glob(pattern) // the patterns are well-formed
		folders = append(folders, more...)
	}
	return slices.ContainsFunc(folders, func(folder string) bool { return listens(filepath.Join(folder, "native")) })
}

// namesServer reports whether a client's configuration names a server.
func namesServer(file string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	for line := range bytes.Lines(text) {
		key, value, ok := bytes.Cut(line, []byte("="))
		if ok && string(bytes.TrimSpace(key)) == "default-server" && len(bytes.TrimSpace(value)) > 0 {
			return true
		}
	}
	return false
}

// listens reports whether somebody is behind a socket. A server may still be
// started by what listens for it.
func listens(socket string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
