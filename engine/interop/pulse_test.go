package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// startPulse starts a PulseAudio server of its own, or skips. Each user has a
// microphone "NAME-mic", into which speech is said over and over, and a speaker
// "NAME-ear", null sinks all of them. The environment points to it until the test
// ends.
func startPulse(t *testing.T, speech string, users ...string) {
	t.Helper()
	for _, program := range []string{"pulseaudio", "pactl", "pacat"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	dir, err := os.MkdirTemp("", "pulse") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "native")
	for key, value := range map[string]string{
		"HOME": dir, "XDG_RUNTIME_DIR": dir, "XDG_CONFIG_HOME": dir, "PULSE_RUNTIME_PATH": dir, "PULSE_SERVER": "unix:" + socket,
	} {
		t.Setenv(key, value)
	}
	start := func(name string, args ...string) {
		c := exec.CommandContext(t.Context(), name, args...) // killed before what was registered earlier is cleaned up
		if err := c.Start(); err != nil {
			t.Skip(name+" does not start: ", err)
		}
		t.Cleanup(func() { _ = c.Wait() })
	}
	args := []string{
		"-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--realtime=no", "--high-priority=no", "--log-level=error",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket=" + socket,
	}
	for _, user := range users {
		args = append(args,
			"-L", "module-null-sink sink_name="+user+"-mouth", "-L", "module-null-sink sink_name="+user+"-ear",
			"-L", "module-remap-source source_name="+user+"-mic master="+user+"-mouth.monitor")
	}
	start("pulseaudio", args...)
	for answers := false; !answers; {
		select {
		case <-time.After(50 * time.Millisecond):
			answers = exec.CommandContext(t.Context(), "pactl", "info").Run() == nil
		case <-t.Context().Done():
			t.Fatal("pulseaudio does not answer")
		}
	}
	for _, user := range users {
		// 44 bytes are the header of the file.
		start("sh", "-c", `while tail -c +45 "$0"; do :; done | exec pacat --device="$1" --raw --format=s16le --rate=48000 --channels=1 --latency-msec=50`, speech, user+"-mouth")
		start("pacat", "--record", "--device="+user+"-ear.monitor", "--raw", "--latency-msec=10") // else an idle null sink sleeps
	}
}
