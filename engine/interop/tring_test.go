package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a step of a scenario may take. Two processors shared by
// a browser and several programs are slow; what is broken never happens.
const patience = 40 * time.Second

// tring is a running headless Tring.
type tring struct {
	t     *testing.T
	name  string
	cmd   *exec.Cmd
	stdin io.WriteCloser

	mu     sync.Mutex
	lines  []map[string]any
	texts  []string
	more   chan struct{}  // closed and made anew with each line
	passed map[string]int // lines that await has passed, by event
}

// binDir is where the programs are: TRING_INTEROP_BIN or bin.
func binDir() string {
	if dir := os.Getenv("TRING_INTEROP_BIN"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "bin")
}

// startTring starts a Tring that is signed in when it returns.
func startTring(t *testing.T, x *exchange, user string, args ...string) *tring {
	t.Helper()
	log, err := os.CreateTemp(x.folder, "tring-*.log")
	if err != nil {
		t.Fatal(err)
	}
	logFile := log.Name()
	_ = log.Close()
	p := &tring{t: t, name: "tring " + user, more: make(chan struct{}), passed: map[string]int{}}
	p.cmd = exec.Command(filepath.Join(binDir(), "tring"), append([]string{
		"--headless", "--server", "https://" + x.host, "--ca-file", x.caFile, "--client-id", "tring", "--user", user + "@example.com",
		"--camera", "test", "--microphone", "test", "--speaker", "none", "--log-file", logFile, "--log-level", "debug",
	}, args...)...)
	p.cmd.Env = append(os.Environ(), "TRING_PASSWORD=secret-"+user)
	var errs bytes.Buffer
	p.cmd.Stderr = &errs
	p.cmd.WaitDelay = 5 * time.Second
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("%v (make build makes it)", err)
	}
	read := make(chan struct{})
	go func() { // ends with the program's output
		defer close(read)
		p.collect(out)
	}()
	t.Cleanup(func() {
		_, _ = io.WriteString(p.stdin, "quit\n")
		_ = p.stdin.Close()
		kill := time.AfterFunc(10*time.Second, func() {
			t.Errorf("%s does not quit", p.name)
			_ = p.cmd.Process.Signal(syscall.SIGQUIT)
		})
		<-read
		err := p.cmd.Wait()
		kill.Stop()
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
		if t.Failed() {
			log, _ := os.ReadFile(logFile)
			t.Logf("%s said:\n%s\n%s\nits log:\n%s", p.name, p.said(), errs.String(), log)
		}
	})
	p.await("subscription:change")
	return p
}

// since is the time from one line to another, in ms.
func since(from, to map[string]any) float64 {
	var moments [2]time.Time
	for i, line := range []map[string]any{from, to} {
		text, _ := line["time"].(string)
		moments[i], _ = time.Parse(time.RFC3339Nano, text)
	}
	return float64(moments[1].Sub(moments[0]).Microseconds()) / 1000
}

func (p *tring) collect(out io.Reader) {
	scanner := bufio.NewScanner(out)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := map[string]any{}
		_ = json.Unmarshal(scanner.Bytes(), &line)
		p.mu.Lock()
		p.lines = append(p.lines, line)
		p.texts = append(p.texts, scanner.Text())
		close(p.more)
		p.more = make(chan struct{})
		p.mu.Unlock()
	}
}

func (p *tring) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b bytes.Buffer
	for i, text := range p.texts {
		if p.lines[i]["event"] != "call:stats" { // there are many
			fmt.Fprintln(&b, text)
		}
	}
	return b.String()
}

func (p *tring) say(format string, args ...any) {
	p.t.Helper()
	if _, err := fmt.Fprintf(p.stdin, format+"\n", args...); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// await gives the next line that has the event and the values, for example
// "state", "Ended". Lines of the same event before it are passed over.
func (p *tring) await(event string, values ...any) map[string]any {
	p.t.Helper()
	line := p.next(patience, event, values...)
	if line == nil {
		p.t.Fatalf("%s waits in vain for %s %v", p.name, event, values)
	}
	return line
}

// next is await that gives nil after limit, or when the program ends.
func (p *tring) next(limit time.Duration, event string, values ...any) map[string]any {
	deadline := time.After(limit)
	for {
		p.mu.Lock()
		more := p.more
		for p.passed[event] < len(p.lines) {
			line := p.lines[p.passed[event]]
			p.passed[event]++
			if fits(line, event, values) {
				p.mu.Unlock()
				return line
			}
		}
		p.mu.Unlock()
		select {
		case <-more:
		case <-deadline:
			return nil
		case <-p.t.Context().Done():
			return nil
		}
	}
}

func fits(line map[string]any, event string, values []any) bool {
	if line["event"] != event {
		return false
	}
	for i := 0; i+1 < len(values); i += 2 {
		if line[values[i].(string)] != values[i+1] {
			return false
		}
	}
	return true
}

// number digs a number out of a line: number(stats, "video", "inbound", "fps").
func number(line map[string]any, path ...string) float64 {
	var value any = line
	for _, key := range path {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	n, _ := value.(float64)
	return n
}
