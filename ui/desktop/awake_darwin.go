package desktop

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"sync"
)

// caffeinateAwake runs the system's own caffeinate, which ends with us even if
// we crash.
type caffeinateAwake struct {
	log *slog.Logger

	mu     sync.Mutex
	end    context.CancelFunc // of the one that runs; nil for none
	closed bool
	runner sync.WaitGroup
}

// NewAwake is the Awake of the system.
func NewAwake(log *slog.Logger) Awake { return &caffeinateAwake{log: log} }

// Keep implements Awake.
func (a *caffeinateAwake) Keep(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed || on == (a.end != nil):
		return
	case !on:
		a.end()
		a.end = nil
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	program := exec.CommandContext(ctx, "/usr/bin/caffeinate", "-d", "-w", strconv.Itoa(os.Getpid()))
	if err := program.Start(); err != nil {
		cancel()
		a.log.Debug("the display is not kept awake", "error", err)
		return
	}
	a.end = cancel
	a.runner.Go(func() { _ = program.Wait() }) // ended by cancel, joined by Close
}

// Close implements Awake.
func (a *caffeinateAwake) Close() {
	a.mu.Lock()
	if a.end != nil {
		a.end()
	}
	a.end, a.closed = nil, true
	a.mu.Unlock()
	a.runner.Wait()
}
