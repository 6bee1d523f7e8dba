package interop

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	sdkPackage = "@kandy-io/cpaas-sdk"
	sdkVersion = "4.9.0" // the quickstart's
	sdkFile    = "package/dist/kandy.js"
	maxSDK     = 16 << 20
)

// build is what a page runs: a build of the SDK, or our own client.
type build struct {
	name   string
	script []byte // of the SDK; nil for page/plain.js
	query  string // of the page's address
	// unbundled says that the page gives each kind of media a transport.
	unbundled bool
	args      []string // of Tring, in all scenarios
}

// ability is something that not every page can do.
type ability string

const (
	transferring ability = "transfer"
	restarting   ability = "ICE restart of its own"
)

// can tells whether the build has the ability: the SDK has had them since 5.0.
func (b build) can(what ability) bool {
	var major int
	if n, _ := fmt.Sscanf(b.name, "%d.", &major); n == 1 && what != "" {
		return major >= 5
	}
	return true
}

// title is the name without blanks and commas, which -run could not select.
func (b build) title() string {
	return strings.NewReplacer(",", "", " ", "-").Replace(b.name)
}

// plains are our own page: bundling, with a transport for each kind of media,
// and with Tring offering such by itself.
var plains = []build{
	{name: "plain"},
	{name: "plain split", query: "?split", unbundled: true},
	{name: "plain, -u", args: []string{"--unbundled"}},
}

// builds are those to test with: the quickstart's and the newest of the SDK
// that npm serves, the files that TRING_INTEROP_SDK names, and our own client.
// The SDK is proprietary: it is kept in .cache only.
func builds(t *testing.T) []build {
	t.Helper()
	var all []build
	for _, version := range sdkVersions(t.Context()) {
		script, err := fetchSDK(t.Context(), version)
		if err != nil {
			t.Logf("the SDK %s cannot be had, so it is not tested: %v", version, err)
			continue
		}
		all = append(all, build{name: version, script: script, unbundled: unbundles(version)})
	}
	for name := range strings.SplitSeq(os.Getenv("TRING_INTEROP_SDK"), ",") {
		if name == "" {
			continue
		}
		script, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		label := filepath.Base(filepath.Dir(name))
		all = append(all, build{name: label, script: script, unbundled: unbundles(label)})
	}
	if len(all) == 0 {
		t.Log(noSDK)
	}
	return append(all, plains...)
}

// noSDK is said where the SDK cannot be had.
const noSDK = "NO SDK can be had from npm: only our own page on the browser's WebRTC is tested"

// TestInteropWithoutNPM: where npm cannot be reached and nothing is kept from
// before, our own page is tested.
func TestInteropWithoutNPM(t *testing.T) {
	if os.Getenv("TRING_INTEROP") != "1" {
		t.Skip("runs npm")
	}
	t.Setenv("npm_config_registry", "http://127.0.0.1:9") // discard: nobody listens
	t.Setenv("TRING_INTEROP_CACHE", t.TempDir())
	t.Setenv("TRING_INTEROP_SDK", "")
	for _, b := range builds(t) {
		if b.script != nil {
			t.Errorf("there is an SDK %s", b.name)
		}
	}
}

// unbundles tells whether a version is older than 4.16, which began to bundle.
func unbundles(version string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n != 2 {
		return false
	}
	return major < 4 || major == 4 && minor < 16
}

// sdkVersions are the quickstart's and the newest that npm serves.
func sdkVersions(ctx context.Context) []string {
	versions := []string{sdkVersion}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := npm(ctx, "view", sdkPackage, "version", "--json").Output()
	var newest string
	if err == nil && json.Unmarshal(out, &newest) == nil && !slices.Contains(versions, newest) {
		versions = append(versions, newest)
	}
	return versions
}

// fetchSDK gives the script of a version, by way of the cache.
func fetchSDK(ctx context.Context, version string) ([]byte, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(cache, "kandy-io-cpaas-sdk-"+version+".tgz") // npm's name
	if _, err := os.Stat(file); err != nil {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
		defer cancel()
		var errs bytes.Buffer
		pack := npm(ctx, "pack", sdkPackage+"@"+version, "--pack-destination", cache)
		pack.Stderr = &errs
		if err := pack.Run(); err != nil {
			return nil, fmt.Errorf("npm pack: %w: %s", err, reason(errs.String()))
		}
	}
	return unpack(file, sdkFile)
}

// npm is a command that gives up soon: it is asked in vain where the network is
// closed.
func npm(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "npm", append(args, "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--no-update-notifier")...)
	cmd.WaitDelay = time.Second
	return cmd
}

// cacheDir is .cache/interop at the root of the repository, or
// TRING_INTEROP_CACHE.
func cacheDir() (string, error) {
	if dir := os.Getenv("TRING_INTEROP_CACHE"); dir != "" {
		return dir, os.MkdirAll(dir, 0o755)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, ".cache", "interop")
	return dir, os.MkdirAll(dir, 0o755)
}

// unpack reads one member of a .tgz.
func unpack(file, member string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	for archive := tar.NewReader(zipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s holds no %s", file, member)
		} else if err != nil {
			return nil, err
		}
		if header.Name == member {
			return io.ReadAll(io.LimitReader(archive, maxSDK))
		}
	}
}

// reason is the line in what npm says that tells what is wrong.
func reason(said string) string {
	for line := range strings.SplitSeq(said, "\n") {
		if strings.HasPrefix(line, "npm error") && !strings.HasPrefix(line, "npm error code") {
			return line
		}
	}
	return said
}
