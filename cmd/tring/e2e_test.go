package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests here drive the programs that make build made, as a user would.
// TRING_E2E_BIN names their folder; without it they have nothing to drive.

// binary is one of the built programs.
func binary(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("TRING_E2E_BIN")
	if dir == "" {
		t.Skip("TRING_E2E_BIN is not set: make e2e builds the programs and sets it")
	}
	return filepath.Join(dir, name)
}

// program is a running program whose output lines arrive on a channel.
type program struct {
	t     testing.TB
	name  string
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan map[string]any
	seen  []string
	errs  bytes.Buffer
	notes *transcript // nil for none
}

func start(t testing.TB, name string, env []string, args ...string) *program {
	t.Helper()
	return startNoted(t, nil, name, env, args...)
}

func startNoted(t testing.TB, notes *transcript, name string, env []string, args ...string) *program {
	t.Helper()
	p := &program{t: t, name: name, notes: notes, cmd: exec.CommandContext(t.Context(), args[0], args[1:]...), lines: make(chan map[string]any, 1024)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = &p.errs
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 5 * time.Second
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { // ends with the program's output
		defer close(p.lines)
		scanner := bufio.NewScanner(out)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			line := map[string]any{"text": scanner.Text()}
			_ = json.Unmarshal(scanner.Bytes(), &line)
			p.notes.heard(p.name, scanner.Bytes())
			p.lines <- line
		}
	}()
	return p
}

func (p *program) say(format string, args ...any) {
	p.t.Helper()
	p.notes.said(p.name, fmt.Sprintf(format, args...))
	if _, err := fmt.Fprintf(p.stdin, format+"\n", args...); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// await reads lines until one has the event and the values: "state", "Ended".
func (p *program) await(event string, values ...any) map[string]any {
	p.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.t.Fatalf("%s ended while waiting for %s %v:\n%s\n%s", p.name, event, values, strings.Join(p.seen, "\n"), p.errs.String())
			}
			p.seen = append(p.seen, fmt.Sprint(line))
			fits := line["event"] == event
			for i := 0; i+1 < len(values); i += 2 {
				fits = fits && line[values[i].(string)] == values[i+1]
			}
			if fits {
				return line
			}
		case <-deadline:
			p.t.Fatalf("%s waits in vain for %s %v:\n%s\n%s", p.name, event, values, strings.Join(p.seen, "\n"), p.errs.String())
		}
	}
}

// exit waits for the program's end and gives its code.
func (p *program) exit() int {
	p.t.Helper()
	for range p.lines {
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// exchange is a switchboard process with users alice, bob and carol.
func exchange(t testing.TB) (url string) {
	t.Helper()
	bin, data := binary(t, "switchboard"), t.TempDir()
	for _, user := range []string{"alice", "bob", "carol"} {
		file := filepath.Join(data, user+".txt")
		if err := os.WriteFile(file, []byte("secret-"+user+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), bin, "user", "add", "--data", data, "--email", user+"@example.com", "--name", user, "--password-file", file).CombinedOutput()
		if err != nil {
			t.Fatalf("user add: %v: %s", err, out)
		}
	}
	p := start(t, "switchboard", nil, bin, "serve", "--data", data, "--listen", "127.0.0.1:0", "--tls", "off")
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		if code := p.exit(); code != 0 {
			t.Errorf("switchboard: exit %d: %s", code, p.errs.String())
		}
	})
	ready, _ := (<-p.lines)["text"].(string)
	i := strings.Index(ready, "http://")
	if i < 0 {
		t.Fatalf("switchboard said %q", ready)
	}
	return strings.Trim(strings.Fields(ready[i:])[0], ".,;")
}

func phone(t testing.TB, url, user string, args ...string) *program {
	t.Helper()
	return phoneNoted(t, nil, url, user, args...)
}

func phoneNoted(t testing.TB, notes *transcript, url, user string, args ...string) *program {
	t.Helper()
	p := startNoted(t, notes, user, []string{"TRING_PASSWORD=secret-" + user}, append([]string{
		binary(t, "tring"), "--headless", "--server", url, "--client-id", "tring", "--user", user + "@example.com",
		"--camera", "test", "--microphone", "test", "--speaker", "none",
	}, args...)...)
	p.await("subscription:change")
	return p
}

func TestE2EHeadlessCall(t *testing.T) {
	url := exchange(t)
	heard := filepath.Join(t.TempDir(), "heard.wav")
	picture := filepath.Join(t.TempDir(), "seen.png")
	alice, bob := phone(t, url, "alice", "--speaker", heard), phone(t, url, "bob")
	alice.say("call bob video")
	bob.await("call:receive", "from", "alice@example.com", "video", true)
	alice.await("call:stateChange", "state", "Ringing")
	bob.say("answer video")
	alice.await("call:stateChange", "state", "Connected")
	for _, p := range []*program{alice, bob} {
		seen := map[any]bool{}
		for len(seen) < 2 {
			seen[p.await("call:media")["kind"]] = true
		}
	}
	alice.say("snapshot remote %s", picture)
	alice.await("call:snapshot")
	bob.say("stats")
	stats := bob.await("call:stats", "transport", "direct")
	video := stats["video"].(map[string]any)["inbound"].(map[string]any)
	if video["width"] != 640.0 || video["height"] != 480.0 || video["framesDecoded"].(float64) < 1 {
		t.Errorf("video: %v", video)
	}
	alice.say("hangup")
	alice.await("call:stateChange", "state", "Ended", "reason", "Hung up", "statusCode", 200.0)
	bob.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
	alice.say("quit")
	if code := alice.exit(); code != exitOK {
		t.Errorf("alice: exit %d: %s", code, alice.errs.String())
	}
	_ = bob.stdin.Close()
	if code := bob.exit(); code != exitOK {
		t.Errorf("bob: exit %d: %s", code, bob.errs.String())
	}
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds().Dx() != 640 {
		t.Errorf("the picture: %v", err)
	}
	if data, err := os.ReadFile(heard); err != nil || len(data) < 10000 || !bytes.HasPrefix(data, []byte("RIFF")) {
		t.Errorf("the sound: %d bytes, %v", len(data), err)
	}
}

func TestE2ELoginFails(t *testing.T) {
	url := exchange(t)
	p := start(t, "mallory", []string{"TRING_PASSWORD=wrong"}, binary(t, "tring"), "--headless", "--server", url, "--client-id", "tring", "--user", "alice@example.com")
	p.await("subscription:error")
	if code := p.exit(); code != exitLoginFailed {
		t.Errorf("exit %d", code)
	}
}

func TestE2EDuration(t *testing.T) {
	url := exchange(t)
	p := phone(t, url, "alice", "--duration", "1s")
	if code := p.exit(); code != exitOK {
		t.Errorf("exit %d", code)
	}
}

func TestE2EDemoWithoutWindow(t *testing.T) {
	dir := t.TempDir()
	p := start(t, "demo", []string{"DISPLAY=", "WAYLAND_DISPLAY="}, binary(t, "tring"), "--demo", "--snapshot", filepath.Join(dir, "demo.png"))
	p.await("call:media", "kind", "video")
	p.await("call:snapshot")
	if code := p.exit(); code != exitOK {
		t.Errorf("exit %d: %s", code, p.errs.String())
	}
	if !strings.Contains(p.errs.String(), "no display") {
		t.Errorf("standard error: %s", p.errs.String())
	}
}

// Starting says nothing of the system's language, whatever that is.
func TestE2EQuietLocale(t *testing.T) {
	bin := binary(t, "tring")
	for _, locale := range []string{"", "C", "POSIX", "C.UTF-8", "ca_ES@valencia", "de_DE.UTF-8"} {
		cmd := exec.CommandContext(t.Context(), bin, "--version")
		cmd.Env = []string{"LANG=" + locale}
		out, err := cmd.CombinedOutput()
		if err != nil || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%q: %v: %s", locale, err, out)
		}
	}
}
