package desktop

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// Autostart starts the program whenever its user logs in. Its methods may wait
// for the disk.
type Autostart interface {
	// Available reports whether this system has such a thing for this program.
	Available() bool
	Enabled() bool
	Set(on bool) error
}

// Program is what is entered among those that start at log-in.
type Program struct {
	ID      string // app.tring.softphone
	Name    string
	Comment string
	Args    []string
}

// maxEntry bounds what is read of an entry that may have been edited by others.
const maxEntry = 64 << 10

// errMoving is for programs that are gone by the next log-in.
var errMoving = errors.New("this copy of the program does not stay where it is")

// executable is the path of the running program; an error for one that go run
// made, which is gone when it ends.
func executable() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	// The file that is mounted at APPDIR for as long as it runs, if we are in it: a
	// terminal that is an AppImage hands its own variables on.
	if image, dir := os.Getenv("APPIMAGE"), os.Getenv("APPDIR"); filepath.IsAbs(image) && within(path, dir) {
		return image, nil
	}
	if strings.Contains(path, string(filepath.Separator)+"go-build") {
		return "", errMoving
	}
	return path, nil
}

// within reports whether a file lies below a directory.
func within(path, dir string) bool {
	if !filepath.IsAbs(dir) {
		return false
	}
	relative, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(relative)
}

// entryFile is an Autostart that is a file: there, or not.
type entryFile struct {
	name    string // of the file
	text    func(path string) ([]byte, error)
	enabled func([]byte) bool
	path    func() (string, error) // of the program
}

// Available implements Autostart.
func (e *entryFile) Available() bool {
	if e.name == "" {
		return false
	}
	_, err := e.path()
	return err == nil
}

// Enabled implements Autostart.
func (e *entryFile) Enabled() bool {
	f, err := os.Open(e.name)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxEntry))
	return err == nil && e.enabled(text)
}

// Set implements Autostart.
func (e *entryFile) Set(on bool) error {
	if !on {
		if err := os.Remove(e.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	path, err := e.path()
	if err != nil {
		return err
	}
	text, err := e.text(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(e.name), 0o755); err != nil {
		return err
	}
	next := e.name + ".new"
	if err := os.WriteFile(next, text, 0o644); err != nil {
		return err
	}
	return os.Rename(next, e.name)
}

// desktopEntry is the text of a .desktop file in the autostart directory:
// https://specifications.freedesktop.org/autostart-spec/latest/
func desktopEntry(p Program, path string) ([]byte, error) {
	if strings.ContainsFunc(path, unicode.IsControl) {
		return nil, fmt.Errorf("no entry can name the program %q", path)
	}
	command := execQuote(path)
	for _, arg := range p.Args {
		command += " " + execQuote(arg)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "[Desktop Entry]\nType=Application\nName=%s\nComment=%s\n", p.Name, p.Comment)
	fmt.Fprintf(&b, "Exec=%s\nTryExec=%s\nIcon=%s\nTerminal=false\n", valueEscape(command), valueEscape(path), p.ID)
	// After the panel there is a tray to start in.
	b.WriteString("X-KDE-autostart-after=panel\nX-GNOME-Autostart-enabled=true\n")
	return b.Bytes(), nil
}

// execQuote quotes one argument of an Exec key:
// https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
func execQuote(arg string) string {
	arg = strings.ReplaceAll(arg, "%", "%%")
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@%"
	if arg != "" && strings.Trim(arg, plain) == "" {
		return arg
	}
	return `"` + strings.NewReplacer(`"`, `\"`, "`", "\\`", `$`, `\$`, `\`, `\\`).Replace(arg) + `"`
}

// valueEscape is how any text stands in a .desktop file.
func valueEscape(s string) string { return strings.ReplaceAll(s, `\`, `\\`) }

// entryEnabled reports whether nobody turned the entry off: desktops do that by a
// line in it.
func entryEnabled(text []byte) bool {
	ours := false
	for _, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			ours = line == "[Desktop Entry]"
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if ours && (key == "Hidden" && value == "true" || key == "X-GNOME-Autostart-enabled" && value == "false") {
			return false
		}
	}
	return true
}

// launchAgent is the text of a property list for launchd of macOS; see
// launchd.plist(5).
func launchAgent(p Program, path string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key>`)
	text := func(s string) error {
		b.WriteString("<string>")
		err := xml.EscapeText(&b, []byte(s))
		b.WriteString("</string>\n")
		return err
	}
	err := text(p.ID)
	b.WriteString("<key>ProgramArguments</key><array>\n")
	for _, arg := range append([]string{path}, p.Args...) {
		err = errors.Join(err, text(arg))
	}
	b.WriteString("</array>\n<key>RunAtLoad</key><true/>\n<key>ProcessType</key><string>Interactive</string>\n</dict></plist>\n")
	return b.Bytes(), err
}
