//go:build !(linux || freebsd || openbsd || netbsd || windows || darwin)

package desktop

import "log/slog"

// NewAwake keeps no display awake: this system is not known to let one ask.
func NewAwake(*slog.Logger) Awake { return LetSleep{} }
