package interop

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	"--disable-backgrounding-occluded-windows", "--remote-debugging-pipe",
}

// keeper is the shell that keeps a browser: it removes the browser's folder
// when the browser has ended, which it does when its pipe closes. So nothing
// stays behind even where this program is killed.
const keeper = `
folder=$1; shift
"$@" >/dev/null 2>"$folder/chromium.log" &
exec 3<&- 4>&-
wait
rm -rf "$folder"
`

// chromium is a running browser with a profile of its own.
type chromium struct {
	*devtools
	keeper  *exec.Cmd
	folder  string // of the run: profile, temporary files
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

// windowed tells whether browsers are to draw their pages in windows on DISPLAY.
func windowed() bool { return os.Getenv("TRING_BENCH_WINDOW") == "1" }

// startChromium starts a browser that ends with the test.
func startChromium(t *testing.T, flags ...string) *chromium {
	t.Helper()
	path, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	c := &chromium{}
	if c.folder, err = os.MkdirTemp("", "tring-interop-*"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(c.folder) }) // where the keeper could not
	theirs, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-c", keeper, "keeper", c.folder, path}, chromiumFlags...)
	if windowed() {
		args = slices.DeleteFunc(args, func(flag string) bool { return strings.HasPrefix(flag, "--headless") })
		args = append(args, "--ozone-platform=x11")
	}
	args = append(append(args, "--user-data-dir="+filepath.Join(c.folder, "profile")), flags...)
	if !connected() {
		args = append(args, "--allow-loopback-in-peer-connection")
	}
	c.keeper = exec.Command("/bin/sh", append(args, "about:blank")...)
	c.keeper.ExtraFiles = []*os.File{theirs, theirOut}         // 3 and 4, where the browser looks for them
	c.keeper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the keyboard is for us alone
	c.keeper.Env = append(os.Environ(), "TMPDIR="+c.folder)    // for its sockets
	c.keeper.WaitDelay = 10 * time.Second
	err = c.keeper.Start()
	_, _ = theirs.Close(), theirOut.Close()
	if err != nil {
		t.Fatal(err)
	}
	c.devtools = newDevtools(in, out)
	t.Cleanup(func() {
		kill := time.AfterFunc(20*time.Second, func() { _ = syscall.Kill(-c.keeper.Process.Pid, syscall.SIGKILL) })
		defer kill.Stop()
		c.close()
		_ = c.keeper.Wait()
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var about struct{ Product string }
	if err := c.call(ctx, "", "Browser.getVersion", map[string]any{}, &about); err != nil {
		log, _ := os.ReadFile(filepath.Join(c.folder, "chromium.log"))
		t.Fatalf("Chromium does not start: %v\n%s", err, log)
	}
	c.version = about.Product
	return c
}

// connected tells whether this machine has an address besides loopback.
func connected() bool { return !localAddress().IsLoopback() }

// localAddress is an IPv4 address of this machine at which both its own
// programs and a browser's calls reach it.
func localAddress() net.IP {
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.To4()
		}
	}
	return net.IPv4(127, 0, 0, 1).To4()
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
			params := map[string]any{"url": "about:blank", "browserContextId": made.BrowserContextID}
			if windowed() {
				params["newWindow"], params["width"], params["height"] = true, 1340, 900
			}
			return params
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
