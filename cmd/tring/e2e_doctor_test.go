package main

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// doctor runs tring doctor --json and gives its report and exit code.
func doctor(t *testing.T, args ...string) (rep report, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary(t, "tring"), append([]string{"doctor", "--json", "--camera", "test", "--microphone", "test", "--speaker", "none"}, args...)...)
	cmd.Env = append(cmd.Environ(), "TRING_PASSWORD=", "XDG_CONFIG_HOME="+t.TempDir())
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &rep); err != nil {
		t.Fatalf("exit %d, %v in %q", code, err, out)
	}
	return rep, code
}

// TestE2EDoctor checks in the demo, where all but relays can be tried, and at a
// switchboard whose certificate nobody trusts.
func TestE2EDoctor(t *testing.T) {
	rep, code := doctor(t, "--demo")
	if code != exitOK || len(rep.Steps) != 10 || len(rep.Libraries) == 0 {
		t.Errorf("in the demo: exit %d, %+v", code, rep)
	}
	for _, s := range rep.Steps {
		if (s.Step == "sound" || s.Step == "picture" || s.Step == "account") && s.State != "ok" && s.State != "warn" {
			t.Errorf("in the demo: %+v", s)
		}
	}

	dir := filepath.Join(t.TempDir(), "data")
	server := start(t, "switchboard", nil, binary(t, "switchboard"), "serve", "--data", dir, "--listen", "127.0.0.1:0", "--tls", "self-signed")
	t.Cleanup(func() {
		_ = server.cmd.Process.Signal(syscall.SIGTERM)
		if code := server.exit(); code != 0 {
			t.Errorf("switchboard: exit %d: %s", code, server.errs.String())
		}
	})
	url := ""
	for line := range server.lines {
		for _, word := range strings.Fields(line["text"].(string)) {
			if strings.HasPrefix(word, "https://") {
				url = strings.TrimRight(word, ".,")
			}
		}
		if url != "" {
			break
		}
	}
	for _, tt := range []struct {
		args  []string
		code  int
		state string
		words string
	}{
		{[]string{"--server", url}, exitFailure, "fail", "Nobody known vouches for the certificate of "},
		{[]string{"--server", url, "--ca-file", filepath.Join(dir, "cert.pem")}, exitOK, "ok", " answers"},
	} {
		rep, code := doctor(t, tt.args...)
		for _, s := range rep.Steps {
			if s.Step == "server" && (code != tt.code || s.State != tt.state && s.State != "warn" || !strings.Contains(s.Cause, tt.words)) {
				t.Errorf("%q: exit %d, %+v", tt.args, code, s)
			}
		}
	}
}
