package desktop

import (
	"errors"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Where Windows looks at log-in, and where its task manager notes what the user
// turned off.
const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

// runEntry is a value of the registry's Run key.
type runEntry struct{ p Program }

// NewAutostart is the Autostart of the system.
func NewAutostart(p Program) Autostart { return runEntry{p} }

// Available implements Autostart.
func (e runEntry) Available() bool {
	_, err := executable()
	return err == nil
}

// Enabled implements Autostart.
func (e runEntry) Enabled() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	command, _, err := key.GetStringValue(e.p.Name)
	if err != nil || command == "" {
		return false
	}
	approved, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return true
	}
	defer approved.Close()
	state, _, err := approved.GetBinaryValue(e.p.Name)
	return err != nil || len(state) == 0 || state[0]&1 == 0 // odd: turned off
}

// Set implements Autostart.
func (e runEntry) Set(on bool) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	if !on {
		if err := key.DeleteValue(e.p.Name); err != nil && !errors.Is(err, registry.ErrNotExist) {
			return err
		}
		return nil
	}
	path, err := executable()
	if err != nil {
		return err
	}
	words := []string{`"` + path + `"`} // no file name has quotes
	for _, arg := range e.p.Args {
		words = append(words, windows.EscapeArg(arg))
	}
	if err := key.SetStringValue(e.p.Name, strings.Join(words, " ")); err != nil {
		return err
	}
	if approved, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE); err == nil {
		defer approved.Close()
		_ = approved.DeleteValue(e.p.Name)
	}
	return nil
}
