package interop

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// chromiumNames are tried in this order; TRING_INTEROP_CHROMIUM goes first.
var chromiumNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// chromiumFlags make a browser that is alone with its fake camera and
// microphone: nothing is asked, nothing fetched, nothing shown. Timers of pages
// that are not in front must not be slowed down.
var chromiumFlags = []string{
	"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
	"--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
	"--autoplay-policy=no-user-gesture-required", "--ignore-certificate-errors",
	"--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--disable-extensions",
	"--disable-renderer-backgrounding", "--disable-background-timer-throttling",
	"--disable-backgrounding-occluded-windows", "--remote-debugging-port=0",
}

// chromium is a running browser with a profile of its own.
type chromium struct {
	*devtools
	cmd     *exec.Cmd
	version string
}

func findChromium() (string, error) {
	if name := os.Getenv("TRING_INTEROP_CHROMIUM"); name != "" {
		return exec.LookPath(name)
	}
	for _, name := range chromiumNames {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no Chromium here; .ci/deps interop installs it")
}

// startChromium starts a browser that ends with the test.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	path, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "tring-interop-*")
	if err != nil {
		t.Fatal(err)
	}
	c := &chromium{cmd: exec.Command(path, append(chromiumFlags, "--user-data-dir="+profile, "about:blank")...)}
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its helpers end with it
	errs, err := c.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url := make(chan string, 1)
	drained := make(chan struct{})
	go func() { // ends with the browser
		defer close(drained)
		lines := bufio.NewScanner(errs)
		for lines.Scan() {
			if _, found, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
				url <- found
			}
		}
	}()
	t.Cleanup(func() {
		if c.devtools != nil {
			c.close()
		}
		_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
		<-drained
		_ = c.cmd.Wait()
		_ = os.RemoveAll(profile)
	})
	select {
	case u := <-url:
		if c.devtools, err = dialDevtools(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Chromium does not start")
	}
	var about struct{ Product string }
	if err := c.call(t.Context(), "", "Browser.getVersion", map[string]any{}, &about); err != nil {
		t.Fatal(err)
	}
	c.version = about.Product
	return c
}

// open opens a page of its own, without cookies or storage of others, and gives
// its session.
func (c *chromium) open(ctx context.Context, url string) (session string, shut func(), err error) {
	var made struct {
		BrowserContextID string `json:"browserContextId"`
		TargetID         string `json:"targetId"`
		SessionID        string `json:"sessionId"`
	}
	if err := c.call(ctx, "", "Target.createBrowserContext", map[string]any{}, &made); err != nil {
		return "", nil, err
	}
	shut = func() {
		limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		c.on(made.SessionID, nil)
		_ = c.call(limit, "", "Target.disposeBrowserContext", map[string]any{"browserContextId": made.BrowserContextID}, nil)
	}
	for _, step := range []struct {
		method string
		params func() map[string]any
	}{
		{"Target.createTarget", func() map[string]any {
			return map[string]any{"url": "about:blank", "browserContextId": made.BrowserContextID}
		}},
		{"Target.attachToTarget", func() map[string]any { return map[string]any{"targetId": made.TargetID, "flatten": true} }},
	} {
		if err := c.call(ctx, "", step.method, step.params(), &made); err != nil {
			shut()
			return "", nil, err
		}
	}
	for _, method := range []string{"Page.enable", "Runtime.enable"} {
		if err := c.call(ctx, made.SessionID, method, map[string]any{}, nil); err != nil {
			shut()
			return "", nil, err
		}
	}
	if err := c.call(ctx, made.SessionID, "Page.navigate", map[string]any{"url": url}, nil); err != nil {
		shut()
		return "", nil, err
	}
	return made.SessionID, shut, nil
}
