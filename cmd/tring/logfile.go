package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// maxLog is how large a log grows before it is begun anew at the next start.
const maxLog = 4 << 20

// openLog opens where the log goes: for the window a file in the user's cache
// directory, headless standard error (warnings only, unless a level is asked
// for). A log that cannot be written is said once and never stops a call.
func openLog(o *options, stderr io.Writer) (*slog.Logger, func()) {
	name := o.logFile
	if name == "" && o.headless {
		level := slog.LevelWarn
		if o.levelGiven {
			level = o.level
		}
		return slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level})), func() {}
	}
	if name == "-" {
		return slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: o.level})), func() {}
	}
	if name == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			name = filepath.Join(dir, "tring", "tring.log")
		}
	}
	f, err := openLogFile(name)
	if err != nil {
		fmt.Fprintf(stderr, "tring: The log cannot be written (%v). Tring goes on without one.\n", err)
		return slog.New(slog.DiscardHandler), func() {}
	}
	w := &logWriter{file: f, stderr: stderr}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: o.level})), w.close
}

func openLogFile(name string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	mode := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && info.Size() > maxLog {
		mode |= os.O_TRUNC
	}
	return os.OpenFile(name, mode, 0o600)
}

// logWriter writes to a file until the first failure, a full disk as a rule.
type logWriter struct {
	mu     sync.Mutex
	file   *os.File
	failed bool
	stderr io.Writer
}

func (w *logWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed {
		return len(b), nil
	}
	if _, err := w.file.Write(b); err != nil {
		w.failed = true
		fmt.Fprintf(w.stderr, "tring: The log cannot be written any more (%v). Free some disk space; Tring goes on without a log.\n", err)
	}
	return len(b), nil
}

func (w *logWriter) close() { _ = w.file.Close() }
