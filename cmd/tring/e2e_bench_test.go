package main

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkE2EFirstPaint reports how long it takes from starting the program to
// its window standing on the screen, drawn: what can be seen of it in a
// small screenshot, each of which takes a tenth of a second.
//
//	make build
//	TRING_E2E_BIN=$PWD/bin go test -run '^$' -bench FirstPaint -benchtime 10x ./cmd/tring
func BenchmarkE2EFirstPaint(b *testing.B) {
	bin := binary(b, "tring")
	s := newScreen(b)
	env := s.env()
	var all []time.Duration
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), bin, "--demo")
		cmd.Env = env
		begin := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		for s.blank() {
			if time.Since(begin) > 30*time.Second {
				b.Fatal("the window is never seen")
			}
		}
		all = append(all, time.Since(begin))
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		for !s.blank() {
			continue
		}
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Milliseconds()), "p50-ms")
	b.ReportMetric(float64(all[len(all)-1].Milliseconds()), "max-ms")
	b.ReportMetric(0, "ns/op")
}

// blank glances at the screen: nothing but the background is there.
func (s *screen) blank() bool {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "import", "-silent", "-window", "root", "-resize", "64x48!", "-depth", "8", "gray:-")
	cmd.Env = append(os.Environ(), "DISPLAY="+s.name)
	small, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("no screenshot of %s: %v", s.name, err)
	}
	shades := make(map[byte]bool)
	for _, shade := range small {
		shades[shade] = true
	}
	return len(shades) <= 12
}
