//go:build !linux && !freebsd && !openbsd && !netbsd && !darwin && !windows

package desktop

// NewAutostart is one that is not available: nothing is known of this system.
func NewAutostart(Program) Autostart { return &entryFile{} }
