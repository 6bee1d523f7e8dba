package interop

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// firefoxPrefs give Firefox devices of its own making and nothing to ask.
const firefoxPrefs = `
user_pref("media.navigator.streams.fake", true);
user_pref("media.navigator.permission.disabled", true);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
`

// TestCorpus writes what browsers and SDK pages offer and answer, with what is
// private replaced, into the folder TRING_INTEROP_CORPUS, which is for tests of
// engine/internal/peer:
//
//	TRING_INTEROP_CORPUS=$PWD/engine/internal/peer/testdata/sdp go test -run Corpus ./engine/interop
func TestCorpus(t *testing.T) {
	folder := os.Getenv("TRING_INTEROP_CORPUS")
	if folder == "" {
		t.Skip("TRING_INTEROP_CORPUS names no folder to write to")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Run("chromium", func(t *testing.T) {
		browser := startChromium(t)
		c := startCollector(t, folder, "chromium-"+majorOf(browser.version))
		_, shut, err := browser.open(t.Context(), c.url)
		if err != nil {
			t.Fatal(err)
		}
		defer shut()
		c.wait()
	})
	t.Run("firefox", func(t *testing.T) {
		path, err := exec.LookPath("firefox-esr")
		if err != nil {
			t.Skip(err)
		}
		version, err := exec.CommandContext(t.Context(), path, "--version").Output()
		if err != nil {
			t.Fatal(err)
		}
		c := startCollector(t, folder, "firefox-"+majorOf(string(version)))
		profile := t.TempDir()
		if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPrefs), 0o600); err != nil {
			t.Fatal(err)
		}
		firefox := exec.Command(path, "--headless", "--no-remote", "--profile", profile, c.url)
		firefox.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := firefox.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = syscall.Kill(-firefox.Process.Pid, syscall.SIGKILL)
			_ = firefox.Wait()
		}()
		c.wait()
	})
	t.Run("sdk", func(t *testing.T) {
		browser := startChromium(t)
		for _, b := range builds(t) {
			if b.script != nil {
				collectSDK(t, browser, b, folder)
			}
		}
	})
}

// majorOf is the first number of a version.
func majorOf(version string) string {
	i := strings.IndexAny(version, "0123456789")
	if i < 0 {
		return "0"
	}
	number, _, _ := strings.Cut(version[i:], ".")
	return number
}

// collector is the server of page/corpus.html.
type collector struct {
	t      *testing.T
	url    string
	done   chan string
	folder string
	prefix string
}

func startCollector(t *testing.T, folder, prefix string) *collector {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &collector{t: t, url: "http://" + listener.Addr().String() + "/corpus.html", done: make(chan string, 1), folder: folder, prefix: prefix}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sdp/{name}", func(_ http.ResponseWriter, r *http.Request) {
		sdp, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err := save(folder, prefix+"."+r.PathValue("name"), string(sdp)); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /done", func(_ http.ResponseWriter, r *http.Request) {
		what, _ := io.ReadAll(io.LimitReader(r.Body, 1<<10))
		c.done <- string(what)
	})
	files, err := pages.ReadDir("page")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		mux.HandleFunc("/"+f.Name(), func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pages, "page/"+f.Name()) })
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: patience}
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		_ = server.Close()
		served.Wait()
	})
	return c
}

func (c *collector) wait() {
	c.t.Helper()
	select {
	case what := <-c.done:
		if what != "done" {
			c.t.Fatal(what)
		}
	case <-time.After(2 * time.Minute):
		c.t.Fatal("the browser does not finish")
	}
}

// collectSDK has two pages of the SDK call one another.
func collectSDK(t *testing.T, browser *chromium, b build, folder string) {
	t.Helper()
	x := startExchange(t, browser.folder, b, conditions{})
	alice, bob := openPage(t, browser, x, "alice"), openPage(t, browser, x, "bob")
	calm := func() { <-time.After(4 * time.Second) } // as a person: the SDK takes one operation at a time
	for _, video := range []bool{false, true} {
		alice.do("phone.make(%v, %v)", "bob@example.com", video)
		bob.awaitState("Ringing")
		bob.do("phone.answer(true, %v)", video)
		alice.awaitState("Connected")
		calm()
		alice.do("phone.hold()")
		alice.awaitHold(true, false)
		calm()
		alice.do("phone.unhold()")
		alice.awaitHold(false, false)
		calm()
		if video {
			bob.do("phone.removeVideo()")
		} else {
			bob.do("phone.addVideo()")
		}
		calm()
		alice.do("phone.end()")
		bob.awaitState("Ended")
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, s := range x.spoken {
		what := "offer"
		if strings.HasSuffix(s.path, "/answer") {
			what = "answer"
		}
		name := fmt.Sprintf("sdk-%s-in-chromium-%s.%02d.%s", b.name, majorOf(browser.version), i+1, what)
		if err := save(folder, name, s.sdp); err != nil {
			t.Fatal(err)
		}
	}
}

// save writes a session description with line feeds alone.
func save(folder, name, sdp string) error {
	return os.WriteFile(filepath.Join(folder, name+".sdp"), []byte(anonymous(strings.ReplaceAll(sdp, "\r\n", "\n"))), 0o644)
}
