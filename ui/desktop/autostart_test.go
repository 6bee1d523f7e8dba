package desktop

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var tring = Program{ID: "app.example", Name: "Example", Comment: "An example", Args: []string{"--hidden"}}

func TestAutostartEntry(t *testing.T) {
	name := filepath.Join(t.TempDir(), "config", "autostart", "app.example.desktop")
	path := "/opt/Tring"
	e := &entryFile{
		name: name, enabled: entryEnabled, path: func() (string, error) { return path, nil },
		text: func(path string) ([]byte, error) { return desktopEntry(tring, path) },
	}
	if !e.Available() || e.Enabled() {
		t.Error("it is on before it was asked for")
	}
	for _, on := range []bool{false, true, true, false, false, true} {
		if err := e.Set(on); err != nil || e.Enabled() != on {
			t.Errorf("Set(%v): %v, then %v", on, err, e.Enabled())
		}
	}
	text, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(text), "\nExec=/opt/Tring --hidden\nTryExec=/opt/Tring\n") {
		t.Errorf("%s%v", text, err)
	}
	for _, off := range []string{"Hidden=true\n", "X-GNOME-Autostart-enabled=false\n"} {
		if err := os.WriteFile(name, append(text, off...), 0o600); err != nil {
			t.Fatal(err)
		}
		if e.Enabled() {
			t.Errorf("on in spite of %q", off)
		}
	}
	path = "/opt/a\nb"
	if err := e.Set(true); err == nil {
		t.Error("a program with a line end in its name was entered")
	}
}

func TestExecQuote(t *testing.T) {
	for arg, want := range map[string]string{
		"/usr/bin/tring":     `/usr/bin/tring`,
		"/home/me/My Apps/t": `"/home/me/My Apps/t"`,
		"/a$b`c\"d\\e":       "\"/a\\$b\\`c\\\"d\\\\e\"",
		"/50%":               `/50%%`,
		"":                   `""`,
	} {
		if got := execQuote(arg); got != want {
			t.Errorf("%q: %s, want %s", arg, got, want)
		}
	}
}

func TestAutostartOfThisSystem(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	a := NewAutostart(tring)
	if a.Available() || a.Enabled() {
		t.Error("a program that go test made would be started at log-in")
	}
	t.Setenv("APPIMAGE", "/home/me/tring.AppImage")
	t.Setenv("APPDIR", "/tmp/.mount_terminal")
	if a.Available() {
		t.Error("the AppImage of a terminal would be started at log-in")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("APPDIR", filepath.Dir(program))
	if !a.Available() {
		t.Error("an AppImage cannot be started at log-in")
	}
}

func TestLaunchAgent(t *testing.T) {
	text, err := launchAgent(tring, "/Applications/A&B.app/Contents/MacOS/tring")
	if err != nil || !strings.Contains(string(text), "<string>/Applications/A&amp;B.app/Contents/MacOS/tring</string>\n<string>--hidden</string>") {
		t.Errorf("%s%v", text, err)
	}
	decoder := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
