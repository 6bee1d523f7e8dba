package desktop

import (
	"os"
	"path/filepath"
)

// NewAutostart is the Autostart of the system: an agent of the user's launchd.
func NewAutostart(p Program) Autostart {
	e := &entryFile{
		text:    func(path string) ([]byte, error) { return launchAgent(p, path) },
		enabled: func([]byte) bool { return true }, path: executable,
	}
	if home, err := os.UserHomeDir(); err == nil {
		e.name = filepath.Join(home, "Library", "LaunchAgents", p.ID+".plist")
	}
	return e
}
