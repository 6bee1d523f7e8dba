package ui

import "log/slog"

// Diagnostics is the program's log, as far as the window has to do with it: how
// much is written, and the end of it to be handed to somebody who helps. Its
// methods may be called from any goroutine.
type Diagnostics interface {
	// Level is how much is logged, SetLevel changes it at once.
	Level() slog.Level
	SetLevel(slog.Level)
	// File is the path of the log; "" where it is not written to a file.
	File() string
	// Tail is the end of the log, whole lines of at most limit bytes, without
	// secrets and full addresses. It reads the disk: not on the main goroutine.
	Tail(limit int) ([]byte, error)
}
