package device

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gen2brain/malgo"
)

// nowhere hides every server of this machine but those of the system.
func nowhere(t *testing.T) (folder string) {
	folder, err := os.MkdirTemp("", "pulse") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	for _, name := range []string{"HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"} {
		t.Setenv(name, folder)
	}
	for _, name := range []string{"PULSE_SERVER", "PULSE_RUNTIME_PATH", "PULSE_CLIENTCONFIG"} {
		t.Setenv(name, "")
	}
	if pulseAnswers() {
		t.Skip("this machine has a sound server for everybody")
	}
	return folder
}

func TestPulseIsTriedWhereItAnswers(t *testing.T) {
	all := []malgo.Backend{malgo.BackendOss, malgo.BackendPulseaudio, malgo.BackendAaudio}
	has := func() bool { return slices.Contains(withoutPulse(all), malgo.BackendPulseaudio) }
	t.Run("nowhere", func(t *testing.T) {
		nowhere(t)
		if got := withoutPulse(all); len(got) != 2 || len(all) != 3 || all[1] != malgo.BackendPulseaudio {
			t.Errorf("%v of %v are tried", got, all)
		}
	})
	t.Run("named", func(t *testing.T) {
		nowhere(t)
		t.Setenv("PULSE_SERVER", "tcp:sound.example.com")
		if !has() {
			t.Error("not tried")
		}
	})
	t.Run("configured", func(t *testing.T) {
		folder := nowhere(t)
		file := filepath.Join(folder, "client.conf")
		t.Setenv("PULSE_CLIENTCONFIG", file)
		for text, want := range map[string]bool{"; default-server =\ndefault-server=\n": false, "autospawn = no\ndefault-server = sound\n": true} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if has() != want {
				t.Errorf("%q: tried %v", text, !want)
			}
		}
	})
	t.Run("socket", func(t *testing.T) {
		folder := filepath.Join(nowhere(t), "pulse")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		server, err := net.Listen("unix", filepath.Join(folder, "native"))
		if err != nil {
			t.Fatal(err)
		}
		if !has() {
			t.Error("not tried")
		}
		server.(*net.UnixListener).SetUnlinkOnClose(false)
		_ = server.Close()
		if has() {
			t.Error("a socket that nobody listens to is tried")
		}
	})
}
