package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// soak is a window that calls, and is called, hundreds of times.
type soak struct {
	t             *testing.T
	s             *screen
	bob           *program
	log           string          // its file
	from          int             // where it tells of the last call's end
	answers, ends []time.Duration // from the key to what Bob is told
}

// soakEvery is how many calls lie between two samples.
const soakEvery = 25

// footprint is what the window holds while no call is left.
type footprint struct {
	calls, goroutines int
	rss, heap, far    int64 // KiB; far is the headless side's rss
}

func (f footprint) String() string {
	return fmt.Sprintf("%4d calls: RSS %d KiB, heap %d KiB, %d goroutines; the headless side RSS %d KiB", f.calls, f.rss, f.heap, f.goroutines, f.far)
}

// TestE2ESoak makes TRING_SOAK video calls in a row with an open window, which
// calls and is called by turns, and wants it to end as it began: no more memory
// than after the first hundred, no more goroutines, buttons as quick. It takes
// a second or two for each call: make soak.
func TestE2ESoak(t *testing.T) {
	calls, err := strconv.Atoi(os.Getenv("TRING_SOAK"))
	if err != nil || calls < 1 {
		t.Skip("TRING_SOAK is not set: make soak sets it to 500 calls")
	}
	url := exchange(t)
	k := &soak{t: t, s: newScreen(t), bob: phone(t, url, "bob", "--size", "320x240", "--fps", "15")}
	k.log = filepath.Join(t.TempDir(), "tring.log")
	k.s.run([]string{"TRING_PASSWORD=secret-alice", "FYNE_THEME=light"}, "--server", url, "--client-id", "tring", "--user", "alice@example.com",
		"--camera", "test", "--size", "320x240", "--fps", "15", "--microphone", "test", "--speaker", "none", "--log-file", k.log, "--log-level", "debug")
	k.s.place("Tring", 800, 640)
	k.bob.reach("alice")
	samples := []footprint{k.sample(0)}
	t.Log(samples[0])
	for n := 1; n <= calls; n++ {
		k.call(n%2 == 0)
		if n%soakEvery == 0 || n == calls {
			samples = append(samples, k.sample(n))
			t.Log(samples[len(samples)-1])
		}
	}
	for what, all := range map[string][]time.Duration{"Answer": k.answers, "End": k.ends} {
		slices.Sort(all)
		t.Logf("%s, from the key to what the other side is told: median %v, 95 %% %v, at most %v",
			what, all[len(all)/2], all[len(all)*95/100], all[len(all)-1])
		if all[len(all)/2] > 100*time.Millisecond {
			t.Errorf("%s takes more than 100 ms", what)
		}
	}
	k.judge(samples)
}

// judge compares the end with what it was when all had been used often enough.
func (k *soak) judge(samples []footprint) {
	warm := min(len(samples)-1, 100/soakEvery)
	first, last := samples[warm], samples[len(samples)-1]
	if last.rss > first.rss+first.rss/10 {
		k.t.Errorf("the memory grows: %v, then %v", first, last)
	}
	if last.goroutines > first.goroutines+3 {
		k.t.Errorf("goroutines are left behind: %v, then %v", first, last)
	}
}

// call makes one call, answered with video and ended by the other side than the
// one before.
func (k *soak) call(outgoing bool) {
	k.t.Helper()
	if outgoing {
		k.s.awaitTitle("^Tring$") // its own end of the call before: the other side may know first
		k.press("Escape")
		k.s.tool("type", "bob")
		k.press("ctrl+Return")
		k.bob.await("call:receive")
		k.bob.say("answer video")
		k.bob.await("call:stateChange", "state", "Connected")
	} else {
		k.bob.say("call alice video")
		k.bob.await("call:stateChange", "state", "Ringing")
		k.s.awaitTitle("is calling") // the server says so a little earlier
		k.answers = append(k.answers, k.until("ctrl+shift+a", "Connected"))
	}
	k.bob.await("call:media", "kind", "video") // the window's picture is there
	k.s.awaitTitle("^bob[^ ]* [^i].*Tring$")   // and the window shows the call
	if info, err := os.Stat(k.log); err == nil {
		k.from = int(info.Size())
	}
	k.ends = append(k.ends, k.until("ctrl+shift+h", "Ended"))
}

func (k *soak) press(key string) { k.s.tool("key", "--delay", "0", key) }

// until presses a key and waits for the state at the other side.
func (k *soak) until(key, state string) time.Duration {
	k.t.Helper()
	begin := time.Now()
	k.press(key)
	k.bob.await("call:stateChange", "state", state)
	return time.Since(begin)
}

var noCallLeft = regexp.MustCompile(`no call is left" goroutines=(\d+) heapBytes=(\d+)`)

// sample waits until the window has written down what it holds after the calls
// so far, and asks the system for the rest.
func (k *soak) sample(calls int) footprint {
	k.t.Helper()
	f := footprint{calls: calls}
	for begin := time.Now(); ; {
		text, err := os.ReadFile(k.log)
		if err != nil {
			k.t.Fatal(err)
		}
		from := min(k.from, len(text)) // it was rotated
		if found := noCallLeft.FindAllStringSubmatch(string(text[from:]), -1); found != nil {
			last := found[len(found)-1]
			f.goroutines, _ = strconv.Atoi(last[1])
			f.heap, _ = strconv.ParseInt(last[2], 10, 64)
			f.heap /= 1024
			break
		}
		if time.Since(begin) > 20*time.Second {
			k.t.Fatal("the window does not say what it holds")
		}
		k.s.pause(200 * time.Millisecond)
	}
	f.rss, f.far = k.resident(k.s.programs[0].Process.Pid), k.resident(k.bob.cmd.Process.Pid)
	return f
}

// resident is how much memory a program holds, in KiB.
func (k *soak) resident(pid int) (kib int64) {
	k.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		k.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, is := strings.CutPrefix(line, "VmRSS:"); is {
			kib, _ = strconv.ParseInt(strings.Fields(value)[0], 10, 64)
		}
	}
	return kib
}
