// Command tring is the softphone: a window, or with --headless a program that
// is driven by lines of text (see headless.go). Both are faces of the same
// engine (tring/engine).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"tring/cmd/tring/instance"
	_ "tring/cmd/tring/locale" // first of all: see there
	"tring/engine"
	"tring/engine/core"
	"tring/ui"
)

// version is set by the linker: -X main.version=….
var version = "dev"

// Exit codes.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitLoginFailed = 3
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// keepSmall lets garbage be collected ten times as often as usual, in a call
// every ten seconds or so: half a megabyte a second comes up, and waiting for as
// much as lives, which is pictures and fonts, would cost 40 MB more.
func keepSmall() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(10)
	}
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stdout)
	switch {
	case errors.Is(err, errHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "tring: %v\nRun tring --help for the options.\n", err)
		return exitUsage
	case o.version:
		fmt.Fprintf(stdout, "tring %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return exitOK
	}
	log := openLog(o, stderr)
	defer log.close()
	keepSmall()
	if !o.headless && !o.doctor && !hasDisplay() {
		if !o.demo {
			fmt.Fprintln(stderr, "tring: There is no display to open a window on. Set DISPLAY to an X server that runs (XWayland will do), or use tring --headless.")
			return exitFailure
		}
		fmt.Fprintln(stderr, "tring: There is no display, so the demo runs without a window.")
		o.headless = true
	}
	var first *instance.Instance // nil where it is alone by itself, or cannot tell
	if !o.demo && !o.headless && !o.doctor {
		var code int
		if first, code = claim(o, log, stdout, stderr); code >= 0 {
			return code
		}
		defer first.Close() // nil is fine
	}
	var d *demo
	if o.demo {
		d, err = startDemo(log.Logger)
		if err != nil {
			fmt.Fprintf(stderr, "tring: The demo's switchboard could not be started: %v.\n", err)
			return exitFailure
		}
		defer d.close()
		o.account, o.secret = d.account, d.secret
	}
	cfg := o.engineConfig(log.Logger)
	if d != nil {
		cfg.DemoContact, cfg.TestPatternForMissingCamera = d.contact, true
	}
	var eng engine.Engine = discreet{core.New(cfg), log.redactor.Hide}
	if o.doctor {
		return runDoctor(eng, o, stdout, stderr)
	}
	if o.headless {
		return runHeadless(eng, o, d, log, stdin, stdout)
	}
	window := ui.Config{
		Engine: eng, Secrets: keyringStore{}, Log: log.Logger, Diagnostics: log, Version: version, Account: o.account, Secret: o.secret,
		Link: o.link, Starts: first.Starts(), Hidden: o.hidden,
	}
	if d != nil {
		window.Demo = &ui.Demo{Account: d.account, Secret: d.secret, Contact: d.contact}
		window.Secrets = noStore{}
	}
	window.Store = ui.OpenStore(context.Background(), o.demo, log.Logger)
	stop := closeOnSignal(eng)
	err = ui.Run(window)
	stop()
	if window.Store != nil {
		err = errors.Join(err, window.Store.Close())
	}
	if closeErr := eng.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		fmt.Fprintf(stderr, "tring: %v\n", err)
		return exitFailure
	}
	return exitOK
}

// closeOnSignal ends calls and the program when the system, or a terminal, asks
// for it while the window is open. stop ends that.
func closeOnSignal(eng engine.Engine) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ended := make(chan struct{})
	go func() { // stop waits for it, or the program ends
		defer close(ended)
		if _, asked := <-signals; asked {
			_ = eng.Close()
			os.Exit(exitFailure)
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-ended
	}
}
