package assets

import (
	"os"
	"strings"
	"testing"
)

// The entry that make install puts into the menu opens links, never takes one for
// an option, and fits the name of the window.
func TestDesktopEntry(t *testing.T) {
	text, err := os.ReadFile("linux/app.tring.softphone.desktop")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"[Desktop Entry]", "Type=Application", "Exec=tring -- %u", "TryExec=tring", "Icon=app.tring.softphone", "StartupWMClass=Tring",
		"MimeType=x-scheme-handler/sip;x-scheme-handler/tel;x-scheme-handler/kandy;",
	} {
		if !strings.Contains("\n"+string(text), "\n"+line+"\n") {
			t.Errorf("there is no line %q", line)
		}
	}
}
