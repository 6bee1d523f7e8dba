package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sb runs a command line with "DIR" standing for dir.
func sb(t *testing.T, dir string, args ...string) (code int, out, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "DIR", dir)
	}
	var stdout, stderr bytes.Buffer
	code = run(ctx, args, strings.NewReader("from stdin\n"), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func dirWithPassword(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte("correct horse\r\nsecond line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		line string
		code int
		says string
	}{
		{"", exitUsage, "No command"},
		{"dance", exitUsage, `no command "dance"`},
		{"user", exitUsage, "add, passwd, list or remove"},
		{"user dance", exitUsage, `no command "user dance"`},
		{"user add", exitUsage, "needs --data"},
		{"user add --data DIR/d", exitUsage, "needs --email"},
		{"user add --data DIR/d --email alice@example.com", exitUsage, "needs --password-file"},
		{"user add --data DIR/d --email alice --password-file DIR/password", exitUsage, "not an e-mail address"},
		{"user add --data DIR/d --email alice@example.com --password-file DIR/none", exitFailed, "cannot be read"},
		{"user list --data DIR/d --email x", exitUsage, "not defined"},
		{"user list --data DIR/d extra", exitUsage, `no argument "extra"`},
		{"user remove --data DIR/d --email nobody@example.com", exitFailed, "There is no user"},
		{"user passwd --data DIR/d --email nobody@example.com --password-file DIR/password", exitFailed, "There is no user"},
		{"serve", exitUsage, "needs --data"},
		{"serve --data DIR/d --listen 8080", exitUsage, "not HOST:PORT"},
		{"serve --data DIR/d --tls maybe", exitUsage, "none of off"},
		{"serve --data DIR/d --listen 0.0.0.0:0 --tls off", exitUsage, "only on loopback"},
		{"serve --data DIR/d --listen :0 --tls off", exitUsage, "only on loopback"},
		{"serve --data DIR/d --relay here", exitUsage, "not IP:PORT"},
		{"serve --data DIR/d --tls DIR/a.pem,DIR/b.pem", exitFailed, "certificate cannot be used"},
		{"serve --data DIR/password --tls off", exitFailed, "data directory cannot be used"},
		{"serve --data DIR/d --listen 127.0.0.1:99999 --tls off", exitFailed, "cannot listen"},
	} {
		dir := dirWithPassword(t)
		code, out, log := sb(t, dir, strings.Fields(test.line)...)
		if code != test.code || !strings.Contains(log, test.says) || out != "" {
			t.Errorf("%q: %d, %q, %q", test.line, code, out, log)
		}
		if strings.Count(strings.TrimSpace(log), "\n") > 1 {
			t.Errorf("%q says too much: %q", test.line, log)
		}
	}
}

func TestHelp(t *testing.T) {
	for line, says := range map[string]string{
		"--help": "Usage:", "help": "serve", "user --help": "user add", "serve --help": "--tls", "serve -h": "loopback",
		"user add --help": "password", "user list --help": "DIR",
	} {
		code, out, log := sb(t, t.TempDir(), strings.Fields(line)...)
		if code != exitOK || !strings.Contains(strings.ReplaceAll(out, "  -", "  --"), says) || log != "" {
			t.Errorf("%q: %d, %q, %q", line, code, out, log)
		}
	}
}

func TestUsers(t *testing.T) {
	dir := dirWithPassword(t)
	step := func(want int, line string, more ...string) string {
		t.Helper()
		code, out, log := sb(t, dir, append(strings.Fields(line), more...)...)
		if code != want {
			t.Fatalf("%q: %d, %q, %q", line, code, out, log)
		}
		return out
	}
	step(exitOK, "user add --data DIR/d --email Alice@example.com --password-file DIR/password --name", "Alice A.")
	step(exitOK, "user add --data DIR/d --email bob@example.com --password-file -")
	step(exitFailed, "user add --data DIR/d --email alice@example.com --password-file DIR/password")
	if out := step(exitOK, "user list --data DIR/d"); out != "alice@example.com\tAlice A.\nbob@example.com\t\n" {
		t.Errorf("list %q", out)
	}
	step(exitOK, "user passwd --data DIR/d --email bob@example.com --password-file DIR/password")
	step(exitOK, "user remove --data DIR/d --email bob@example.com")
	if out := step(exitOK, "user list --data DIR/d"); strings.Contains(out, "bob") {
		t.Errorf("list %q", out)
	}
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	step(exitFailed, "user add --data DIR/d --email carol@example.com --password-file DIR/password")
}

// serving is a server started by a command line.
type serving struct {
	url  string
	stop func() int
	log  *lockedBuffer
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

var readyLine = regexp.MustCompile(`^switchboard ready at (https?://127\.0\.0\.1:\d+)\n$`)

func start(t *testing.T, args ...string) serving {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	log := &lockedBuffer{}
	exit := make(chan int, 1)
	go func() {
		exit <- run(ctx, append([]string{"serve"}, args...), nil, write, log)
		write.Close()
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("not ready: %v, %d, %s", err, <-exit, log)
	}
	match := readyLine.FindStringSubmatch(line)
	if match == nil {
		t.Errorf("ready line %q", line)
		match = []string{"", ""}
	}
	stop := sync.OnceValue(func() int {
		cancel()
		return <-exit
	})
	t.Cleanup(func() { stop() })
	return serving{match[1], stop, log}
}

func logIn(t *testing.T, client *http.Client, url_ string) int {
	t.Helper()
	defer client.CloseIdleConnections()
	response, err := client.PostForm(url_+"/cpaas/auth/v1/token", url.Values{
		"client_id": {"tring"}, "grant_type": {"password"}, "username": {"alice@example.com"}, "password": {"correct horse"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

func TestServe(t *testing.T) {
	dir := dirWithPassword(t)
	data := filepath.Join(dir, "d")
	s := start(t, "--data", data, "--listen", "127.0.0.1:0", "--tls", "off")
	if !strings.Contains(s.log.String(), "no users") {
		t.Errorf("log %s", s.log)
	}
	if code := logIn(t, &http.Client{}, s.url); code != http.StatusUnauthorized {
		t.Errorf("unknown user: %d", code)
	}
	if code, _, log := sb(t, dir, "user", "add", "--data", data, "--email", "alice@example.com", "--password-file", "DIR/password"); code != exitOK {
		t.Fatal(log)
	}
	if code := logIn(t, &http.Client{}, s.url); code != http.StatusOK {
		t.Errorf("user added meanwhile: %d", code)
	}
	if code, _, log := sb(t, dir, "serve", "--data", data, "--listen", "127.0.0.1:0", "--tls", "off"); code != exitFailed || !strings.Contains(log, "in use by another") {
		t.Errorf("second server: %d %s", code, log)
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("exit %d: %s", code, s.log)
	}
	if strings.Contains(s.log.String(), "correct horse") {
		t.Error("the log holds a password")
	}
}

func TestSelfSigned(t *testing.T) {
	dir := dirWithPassword(t)
	data := filepath.Join(dir, "d")
	if code, _, log := sb(t, dir, "user", "add", "--data", data, "--email", "alice@example.com", "--password-file", "DIR/password"); code != exitOK {
		t.Fatal(log)
	}
	var first []byte
	for range 2 { // the second start keeps the certificate
		s := start(t, "--data", data, "--listen", "127.0.0.1:0", "--tls", "self-signed")
		cert, err := os.ReadFile(filepath.Join(data, "cert.pem"))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = cert
		} else if !bytes.Equal(first, cert) {
			t.Error("the certificate was not kept")
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(cert)
		for _, name := range []string{"", "localhost", "127.0.0.1"} {
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: name}}}
			if code := logIn(t, client, s.url); code != http.StatusOK {
				t.Errorf("log-in by %q: %d", name, code)
			}
		}
		if code := s.stop(); code != exitOK {
			t.Errorf("exit %d", code)
		}
	}
	info, err := os.Stat(filepath.Join(data, "key.pem"))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("key: %v %v", info.Mode(), err)
	}
	// Own files work, too.
	s := start(t, "--data", data, "--listen", "127.0.0.1:0", "--tls", filepath.Join(data, "cert.pem")+","+filepath.Join(data, "key.pem"))
	if !strings.HasPrefix(s.url, "https://") {
		t.Errorf("url %s", s.url)
	}
}

func TestCertificateRenewed(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	first, err := selfSigned(dir, "box.example.com", now)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		host string
		at   time.Time
		same bool
	}{
		{"box.example.com", now, true},
		{"box.example.com", now.Add(certificateLife - certificateRenew/2), false},
		{"other.example.com", now, false},
	} {
		got, err := selfSigned(dir, test.host, test.at)
		if err != nil {
			t.Fatal(err)
		}
		if same := bytes.Equal(first.Certificate[0], got.Certificate[0]); same != test.same {
			t.Errorf("%v: same %v", test, same)
		}
		first = got
	}
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte("damage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := selfSigned(dir, "other.example.com", now); err == nil {
		t.Error("a damaged key was taken or replaced silently")
	}
}
