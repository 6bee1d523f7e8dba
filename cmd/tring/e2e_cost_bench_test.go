package main

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkE2EWindowCall reports what a call at 1280x720 costs whose picture is
// drawn at its full size, by the processor (llvmpipe): the echo contact, so one
// encoder, one decoder and a window, and the small demo server. "direct" is what
// Tring does, with "fyne" its pictures are drawn as Fyne draws any. Give it a clip,
// else the test pattern is sent, which is cheaper to encode.
//
//	make build
//	TRING_E2E_BIN=$PWD/bin TRING_E2E_CLIP=clip.y4m go test -run '^$' -bench WindowCall -benchtime 1x ./cmd/tring
//
//	cpu-ms/picture   processor time of all threads, at 30 pictures a second
//	X-ms/picture     the X server's
//	PSS-MB           memory at the end
func BenchmarkE2EWindowCall(b *testing.B) {
	for name, env := range map[string][]string{"direct": nil, "fyne": {"TRING_PICTURES=fyne"}} {
		b.Run(name, func(b *testing.B) { windowCall(b, env) })
	}
}

func windowCall(b *testing.B, env []string) {
	binary(b, "tring")
	camera := os.Getenv("TRING_E2E_CLIP")
	if camera == "" {
		camera = "test"
	}
	const settle, length, fps = 15 * time.Second, 20 * time.Second, 30
	for b.Loop() {
		s := newScreenOf(b, 1400, 960)
		s.run(env, "--demo", "--camera", camera, "--microphone", "test", "--speaker", "none", "--size", "1280x720")
		s.await("the window", func(img image.Image) bool { return colours(img) > 60 })
		s.place("Tring", 1280, 804) // the picture and the bar below it
		s.tool("key", "--clearmodifiers", "ctrl+a")
		s.tool("type", "echo")
		s.tool("key", "--clearmodifiers", "ctrl+Return")
		s.pause(settle)
		pid := s.programs[0].Process.Pid
		before, server := processorTime(b, pid), processorTime(b, s.server)
		began := time.Now()
		s.pause(length)
		pictures := time.Since(began).Seconds() * fps
		b.ReportMetric((processorTime(b, pid)-before).Seconds()*1000/pictures, "cpu-ms/picture")
		b.ReportMetric((processorTime(b, s.server)-server).Seconds()*1000/pictures, "X-ms/picture")
		b.ReportMetric(proportionalMB(b, pid), "PSS-MB")
		b.ReportMetric(0, "ns/op")
		if img := s.look(); colours(crop(img, s.window)) < 40 {
			b.Error("there is no picture")
		}
	}
}

var received = regexp.MustCompile(`received in this call" pictures=(\d+) gapsOver150ms=(\d+)`)

// BenchmarkE2EWindowMinute holds a call at 1280x720 for a minute between a
// window, in which the processor draws the picture at its full size, and a
// headless Tring, and then as many short ones as TRING_E2E_CALLS says (2). Each
// iteration is one such minute. Set up as BenchmarkE2EWindowCall.
//
//	fps              pictures a second that the window decoded
//	gaps             times that it showed no new picture for over 150 ms
//	far-fps, far-gaps  the same of the headless side
//	cpu-ms/picture   processor time of the window's process for a picture
//	PSS-MB           its memory at the end of the minute
//	later-PSS-MB     in the last of the calls that followed
//	most-PSS-MB      in any of them
//
// Half an hour of calls: TRING_E2E_CALLS=700 and -timeout 45m.
func BenchmarkE2EWindowMinute(b *testing.B) {
	binary(b, "tring")
	camera := os.Getenv("TRING_E2E_CLIP")
	if camera == "" {
		camera = "test"
	}
	calls, err := strconv.Atoi(os.Getenv("TRING_E2E_CALLS"))
	if err != nil {
		calls = 2
	}
	size := []string{"--camera", camera, "--size", "1280x720", "--microphone", "test", "--speaker", "none"}
	for b.Loop() {
		url := exchange(b)
		bob := phone(b, url, "bob", size...)
		s := newScreenOf(b, 1400, 960)
		log := filepath.Join(b.TempDir(), "tring.log")
		s.run([]string{"TRING_PASSWORD=secret-alice"}, append(size, "--server", url, "--client-id", "tring", "--user", "alice@example.com", "--log-file", log)...)
		s.place("Tring", 1280, 804)
		bob.reach("alice")
		s.pause(time.Second) // until that call is gone from the window
		s.awaitTitle("^Tring$")
		pid := s.programs[0].Process.Pid
		call := func(length time.Duration) (pictures, gaps, memory float64) {
			bob.say("call alice video")
			s.awaitTitle("is calling")
			s.tool("key", "--delay", "0", "ctrl+shift+a")
			bob.await("call:media", "kind", "video")
			s.pause(length)
			memory = proportionalMB(b, pid)
			bob.say("stats")
			in := bob.await("call:stats")["video"].(map[string]any)["inbound"].(map[string]any)
			s.tool("key", "--delay", "0", "ctrl+shift+h")
			bob.await("call:stateChange", "state", "Ended")
			s.awaitTitle("^Tring$")
			pictures, _ = in["framesDecoded"].(float64)
			gaps, _ = in["longGaps"].(float64)
			return pictures, gaps, memory
		}
		const length = time.Minute
		most := 0.0
		before := processorTime(b, pid)
		began := time.Now()
		pictures, gaps, memory := call(length)
		took := time.Since(began).Seconds()
		b.ReportMetric(pictures/length.Seconds(), "far-fps")
		b.ReportMetric(gaps, "far-gaps")
		text, err := os.ReadFile(log)
		found := received.FindSubmatch(text)
		if err != nil || found == nil {
			b.Fatal("the window does not say what it received: ", err)
		}
		decoded, _ := strconv.ParseFloat(string(found[1]), 64)
		frozen, _ := strconv.ParseFloat(string(found[2]), 64)
		b.ReportMetric(decoded/length.Seconds(), "fps")
		b.ReportMetric(frozen, "gaps")
		b.ReportMetric((processorTime(b, pid)-before).Seconds()*1000/(took*30), "cpu-ms/picture")
		b.ReportMetric(memory, "PSS-MB")
		var series []float64
		for n := range calls {
			_, _, memory = call(2 * time.Second)
			series = append(series, memory)
			if len(series) == 50 || n == calls-1 {
				b.Logf("calls up to %d: %.0f to %.0f MB, %.0f in the last", n+2, slices.Min(series), slices.Max(series), memory)
				most, series = max(most, slices.Max(series)), nil
			}
		}
		b.ReportMetric(memory, "later-PSS-MB")
		b.ReportMetric(most, "most-PSS-MB")
		b.ReportMetric(0, "ns/op")
	}
}

// processorTime is what a process has used, of user and system; see
// proc_pid_stat(5).
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skip("there is no /proc here")
	}
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux
	return time.Duration(user+system) * tick
}

// proportionalMB is a process's memory, what it shares with others in
// proportion.
func proportionalMB(b *testing.B, pid int) float64 {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" {
			kB, _ := strconv.ParseFloat(fields[1], 64)
			return kB / 1024
		}
	}
	b.Fatal("no Pss")
	return 0
}
