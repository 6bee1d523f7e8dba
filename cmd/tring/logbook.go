package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"tring/cmd/tring/logfile"
	"tring/engine"
	"tring/ui"
)

// logbook is where the log goes and how much of it: for the window a file in
// the user's cache directory, headless standard error. Secrets and full
// addresses are taken out on the way.
type logbook struct {
	*slog.Logger
	level    slog.LevelVar
	redactor logfile.Redactor
	file     *logfile.File // nil: standard error, or nowhere
}

var _ ui.Diagnostics = (*logbook)(nil)

// errNoLogFile says that there is nothing to be read again.
var errNoLogFile = errors.New("the log is not kept in a file")

// openLog opens the log. One that cannot be written is said once and never
// stops a call.
func openLog(o *options, stderr io.Writer) *logbook {
	b := &logbook{}
	b.level.Set(o.level)
	name := o.logFile
	switch {
	case name == "-":
		b.to(stderr)
		return b
	case name == "" && (o.headless || o.doctor):
		switch {
		case o.levelGiven:
		case o.doctor: // its report says it all
			b.level.Set(slog.LevelError)
		default:
			b.level.Set(slog.LevelWarn)
		}
		b.to(stderr)
		return b
	case name == "":
		name = defaultLogFile(o.demo)
	}
	f, err := logfile.Open(name, func(err error) {
		fmt.Fprintf(stderr, "tring: The log cannot be written any more (%v). Free some disk space; Tring goes on without a log.\n", err)
	})
	if err != nil {
		fmt.Fprintf(stderr, "tring: The log cannot be written (%v). Tring goes on without one.\n", err)
		b.Logger = slog.New(slog.DiscardHandler)
		return b
	}
	b.file = f
	b.to(f)
	return b
}

func (b *logbook) to(w io.Writer) {
	b.Logger = slog.New(logfile.NewHandler(slog.NewTextHandler(w, &slog.HandlerOptions{Level: &b.level}), &b.redactor))
}

// defaultLogFile is where the window's log is. The demo, which can run beside
// it, has one of its own.
func defaultLogFile(demo bool) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	if demo {
		return filepath.Join(dir, "tring", "tring-demo.log")
	}
	return filepath.Join(dir, "tring", "tring.log")
}

// Level implements ui.Diagnostics.
func (b *logbook) Level() slog.Level { return b.level.Level() }

// SetLevel implements ui.Diagnostics.
func (b *logbook) SetLevel(l slog.Level) { b.level.Set(l) }

// File implements ui.Diagnostics.
func (b *logbook) File() string {
	if b.file == nil {
		return ""
	}
	return b.file.Name()
}

// Tail implements ui.Diagnostics. What is written is clean already; a secret
// that became known after its line was written goes here.
func (b *logbook) Tail(limit int) ([]byte, error) {
	if b.file == nil {
		return nil, errNoLogFile
	}
	tail, err := b.file.Tail(limit)
	return []byte(b.redactor.Text(string(tail))), err
}

func (b *logbook) close() {
	if b.file != nil {
		_ = b.file.Close()
	}
}

// discreet is an engine whose secrets the log learns to keep to itself before
// anything can go wrong with them.
type discreet struct {
	engine.Engine
	hide func(...string)
}

// SignIn implements engine.Engine.
func (d discreet) SignIn(a engine.Account, s engine.Secret) error {
	d.hide(s.Password, s.RefreshToken)
	return d.Engine.SignIn(a, s)
}
