//go:build linux || freebsd || openbsd || netbsd

package desktop

import (
	"os"
	"path/filepath"
)

// NewAutostart is the Autostart of the desktop: a file in the user's autostart
// directory.
func NewAutostart(p Program) Autostart {
	e := &entryFile{
		text:    func(path string) ([]byte, error) { return desktopEntry(p, path) },
		enabled: entryEnabled, path: executable,
	}
	if dir, err := os.UserConfigDir(); err == nil {
		e.name = filepath.Join(dir, "autostart", p.ID+".desktop")
	}
	return e
}
