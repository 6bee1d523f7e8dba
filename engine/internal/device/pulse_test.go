package device

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tring/engine"
)

// pulse is a private PulseAudio server with two null sinks, "out" and "cable".
// The source "mic" hears what is played into cable.
type pulse struct {
	t *testing.T
}

// startPulse starts a server of its own, or skips the test where PulseAudio is
// not installed. The environment points to it until the test ends.
func startPulse(t *testing.T) *pulse {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, program := range []string{"pulseaudio", "pactl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	dir, err := os.MkdirTemp("", "pulse") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "native")
	for key, value := range map[string]string{
		"HOME": dir, "XDG_RUNTIME_DIR": dir, "XDG_CONFIG_HOME": dir, "PULSE_RUNTIME_PATH": dir,
		"PULSE_SERVER": "unix:" + socket,
	} {
		t.Setenv(key, value)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	server := exec.CommandContext(ctx, "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
		"--disallow-exit=no", "--realtime=no", "--high-priority=no", "--log-level=error",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket,
		"-L", "module-null-sink sink_name=out sink_properties=device.description=Out",
		"-L", "module-null-sink sink_name=cable sink_properties=device.description=Cable",
		"-L", "module-remap-source source_name=mic master=cable.monitor source_properties=device.description=Mic")
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		cancel()
		t.Skip("pulseaudio does not start: ", err)
	}
	t.Cleanup(func() {
		cancel() // kills it
		server.Wait()
	})
	p := &pulse{t: t}
	for range 100 {
		if exec.CommandContext(ctx, "pactl", "info").Run() == nil {
			p.control("set-default-source", "mic")
			p.control("set-default-sink", "out")
			return p
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	t.Skip("pulseaudio does not answer")
	return nil
}

func (p *pulse) control(args ...string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "pactl", args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("pactl %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// drain reads a sink's monitor in small pieces, without which an idle null sink
// sleeps for up to 2 s.
func (p *pulse) drain(monitor string) {
	ctx, cancel := context.WithCancel(context.Background())
	reader := exec.CommandContext(ctx, "pacat", "--record", "--device="+monitor, "--raw", "--latency-msec=10")
	if err := reader.Start(); err != nil {
		cancel()
		return
	}
	p.t.Cleanup(func() { cancel(); reader.Wait() })
}

// names lists a role's devices.
func names(list []engine.Device, kind engine.DeviceKind) (names []string) {
	for _, d := range list {
		if d.Kind == kind {
			name := d.ID
			if d.Default {
				name += "*"
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestPulseList(t *testing.T) {
	startPulse(t)
	list, err := List(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := names(list, engine.Microphone); !slices.Equal(got, []string{"mic*"}) {
		t.Errorf("microphones %v", got)
	}
	if got := names(list, engine.Speaker); !slices.Equal(got, []string{"cable", "out*"}) {
		t.Errorf("speakers %v", got)
	}
}

// TestPulseLoop plays a tone into the cable and hears it through the
// microphone, both real devices: a full duplex device.
func TestPulseLoop(t *testing.T) {
	p := startPulse(t)
	p.drain("cable.monitor")
	const pitch = 1000.0
	var played, heard atomic.Int64
	var strength atomic.Uint64 // of the pitch in the last callback
	loud := make(chan struct{}, 1)
	io := SoundIO{NeedCapture: true, NeedPlayout: true, OnLost: func(err error) { t.Error(err) }}
	phase := 0.0
	io.Playout = func(pcm []float32) {
		for i := range pcm {
			pcm[i] = float32(0.5 * math.Sin(phase))
			phase += 2 * math.Pi * pitch / sampleRate
		}
		played.Add(int64(len(pcm)))
	}
	io.Capture = func(pcm []float32) {
		level := goertzel(pcm, pitch)
		strength.Store(math.Float64bits(level))
		if heard.Add(int64(len(pcm))) > sampleRate/2 && level > 0.4 {
			select {
			case loud <- struct{}{}:
			default:
			}
		}
	}
	s, err := OpenSound(deadline(t), "auto", "cable", io, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if m, sp := s.Names(); m != "Mic" || sp != "Cable" {
		t.Errorf("names %q, %q", m, sp)
	}
	select {
	case <-loud:
	case <-time.After(20 * time.Second):
		t.Fatalf("the tone is not heard: %d played, %d heard, level %v", played.Load(), heard.Load(), math.Float64frombits(strength.Load()))
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	p0, h0 := played.Load(), heard.Load()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if played.Load() != p0 || heard.Load() != h0 {
		t.Error("callbacks after Close")
	}
}

// goertzel is the amplitude of a pitch.
func goertzel(pcm []float32, pitch float64) float64 {
	w := 2 * math.Pi * pitch / sampleRate
	var re, im float64
	for i, v := range pcm {
		re += float64(v) * math.Cos(w*float64(i))
		im += float64(v) * math.Sin(w*float64(i))
	}
	return 2 * math.Hypot(re, im) / float64(len(pcm))
}

// counting is a SoundIO that tells when both directions moved a second.
func counting(t *testing.T) (io SoundIO, moved, lost chan struct{}, problem *atomic.Pointer[error]) {
	moved, lost = make(chan struct{}), make(chan struct{}, 2)
	problem = new(atomic.Pointer[error])
	var in, out atomic.Int64
	var closed atomic.Bool
	check := func() {
		if in.Load() > sampleRate && out.Load() > sampleRate && closed.CompareAndSwap(false, true) {
			close(moved)
		}
	}
	io = SoundIO{
		NeedCapture: true, NeedPlayout: true,
		Capture: func(pcm []float32) { in.Add(int64(len(pcm))); check() },
		Playout: func(pcm []float32) { out.Add(int64(len(pcm))); check() },
		OnLost:  func(err error) { problem.Store(&err); lost <- struct{}{} },
	}
	return io, moved, lost, problem
}

func await(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatal(what, " never happened")
	}
}

// TestPulseMixed joins real devices with files and with nothing.
func TestPulseMixed(t *testing.T) {
	p := startPulse(t)
	p.drain("out.monitor")
	p.drain("cable.monitor")
	wav := writeFile(t, "voice.wav", makeWAV(1, 1, 16000, 16, make([]byte, 32000)))
	for _, choice := range [][2]string{
		{"test", "auto"},
		{"auto", "none"},
		{wav, "out"},
		{"mic", filepath.Join(t.TempDir(), "heard.wav")},
		{"cable.monitor", "out"}, // a monitor can be named
	} {
		io, moved, _, _ := counting(t)
		s, err := OpenSound(deadline(t), choice[0], choice[1], io, nil)
		if err != nil {
			t.Fatal(choice, err)
		}
		await(t, "sound of "+choice[0]+" to "+choice[1], moved)
		if err := s.Close(); err != nil {
			t.Error(choice, err)
		}
	}
}

// TestPulseDuplex opens two devices together, and each on its own.
func TestPulseDuplex(t *testing.T) {
	p := startPulse(t)
	p.drain("out.monitor")
	for _, apart := range []bool{false, true} {
		audio, err := newAudioContext()
		if err != nil {
			t.Fatal(err)
		}
		if !audio.apart {
			t.Error("with PulseAudio they are to be opened apart")
		}
		audio.apart = apart
		c := &malgoCard{context: audio}
		moved := make(chan struct{})
		var played, captured atomic.Int64
		var once sync.Once
		check := func(n *atomic.Int64, by int) {
			n.Add(int64(by))
			if min(played.Load(), captured.Load()) >= sampleRate {
				once.Do(func() { close(moved) })
			}
		}
		err = c.start(cardWish{microphone: "mic", speaker: "out"}, cardEvents{
			stopped:  func() {},
			played:   func(pcm []float32) { check(&played, len(pcm)) },
			captured: func(pcm []float32) { check(&captured, len(pcm)) },
		}, logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		await(t, "a second of sound", moved)
		if n := len(c.devices); n != 1 && !apart || n != 2 && apart {
			t.Errorf("apart: %v, %d devices are open", apart, n)
		}
		c.free()
	}
}

// TestPulseServerDies checks that a lost server is told and that the sound
// goes on, silent.
func TestPulseServerDies(t *testing.T) {
	p := startPulse(t)
	p.drain("out.monitor")
	io, moved, lost, problem := counting(t)
	s, err := OpenSound(deadline(t), "mic", "out", io, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p.control("exit")
	await(t, "the loss", lost)
	wantProblem(t, *problem.Load(), engine.ErrDeviceMissing)
	if microphone, speaker := Missing(*problem.Load()); !microphone || !speaker {
		t.Errorf("Missing says %v, %v", microphone, speaker)
	}
	await(t, "sound after the loss", moved)
}

func TestPulseWatch(t *testing.T) {
	p := startPulse(t)
	ctx, cancel := context.WithCancel(deadline(t))
	changes := make(chan []string, 10)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		Watch(ctx, 50*time.Millisecond, func(list []engine.Device) { changes <- names(list, engine.Speaker) })
	}()
	next := func(want ...string) {
		t.Helper()
		for {
			select {
			case got := <-changes:
				if slices.Equal(got, want) {
					return
				}
			case <-time.After(20 * time.Second):
				t.Fatal("speakers never became ", want)
			}
		}
	}
	next("cable", "out*")
	module := p.control("load-module", "module-null-sink", "sink_name=headset")
	next("cable", "headset", "out*")
	p.control("unload-module", module)
	next("cable", "out*")
	p.control("exit")
	next()
	cancel()
	<-ended
}
