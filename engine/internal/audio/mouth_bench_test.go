package audio

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"

	"tring/engine/internal/device"
)

// privatePulse starts a PulseAudio server of its own with two null sinks, or
// skips. What is played into mouth is heard by the source mic.
func privatePulse(b *testing.B) {
	for _, program := range []string{"pulseaudio", "pactl", "pacat"} {
		if _, err := exec.LookPath(program); err != nil {
			b.Skip(program + " is not installed")
		}
	}
	dir, err := os.MkdirTemp("", "pulse") // a socket's path must be short
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "native")
	for key, value := range map[string]string{
		"HOME": dir, "XDG_RUNTIME_DIR": dir, "XDG_CONFIG_HOME": dir, "PULSE_RUNTIME_PATH": dir,
		"PULSE_SERVER": "unix:" + socket,
	} {
		b.Setenv(key, value)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	start := func(name string, args ...string) {
		c := exec.CommandContext(ctx, name, args...)
		if err := c.Start(); err != nil {
			b.Skip(name+" does not start: ", err)
		}
		b.Cleanup(func() { cancel(); _ = c.Wait() })
	}
	start("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--realtime=no", "--high-priority=no", "--log-level=error",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket,
		"-L", "module-null-sink sink_name=mouth", "-L", "module-null-sink sink_name=ear",
		"-L", "module-remap-source source_name=mic master=mouth.monitor", "-L", "module-remap-source source_name=hearing master=ear.monitor")
	for range 200 {
		if exec.CommandContext(ctx, "pactl", "info").Run() == nil {
			for _, monitor := range []string{"mouth.monitor", "ear.monitor"} { // else an idle null sink sleeps
				start("pacat", "--record", "--device="+monitor, "--raw", "--latency-msec=10")
			}
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Skip("pulseaudio does not answer")
}

// BenchmarkMouthToEar measures the way of a sound from a mouth through one
// desk's microphone, Opus, a network without loss or delay, the other desk's
// jitter buffer and speaker to an ear; mouth and ear are null sinks of a private
// PulseAudio, played and heard by a duplex device of the benchmark. One
// iteration is one click, after the first 20 seconds; p50 and p95 are in
// milliseconds. The null sinks and the benchmark's own device are part of it.
func BenchmarkMouthToEar(b *testing.B) {
	if testing.Short() {
		b.Skip("a long measurement; make bench takes it")
	}
	privatePulse(b)
	packets := make(chan *rtp.Packet, 256)
	stop := make(chan struct{})
	a, z := NewDesk(DeskConfig{}), NewDesk(DeskConfig{})
	open := func(microphone, speaker string) OpenDevice {
		return func(ctx context.Context, io DeviceIO) (Device, error) {
			return device.OpenSound(ctx, microphone, speaker, device.SoundIO{
				Capture: io.Capture, Playout: io.Playout, OnLost: io.OnLost, NeedCapture: io.NeedCapture, NeedPlayout: true,
			}, nil)
		}
	}
	a.SetProcessing(Processing{}) // a click is noise to it
	a.SetDevice(open("mic", "none"))
	z.SetDevice(open("none", "ear"))
	var seq uint16
	out := a.NewOutbound(OutboundConfig{Write: func(payload []byte, rtpTime uint32, _ bool) error {
		seq++
		select {
		case packets <- &rtp.Packet{Header: rtp.Header{SequenceNumber: seq, Timestamp: rtpTime, SSRC: 1}, Payload: append([]byte(nil), payload...)}:
		default:
		}
		return nil
	}})
	var once sync.Once
	in := z.NewInbound(InboundConfig{
		Read: func() (*rtp.Packet, error) {
			select {
			case p := <-packets:
				return p, nil
			case <-stop:
				return nil, context.Canceled
			}
		},
		Interrupt: func() { once.Do(func() { close(stop) }) },
	})
	defer func() { _ = in.Close(); _ = out.Close(); _ = a.Close(); _ = z.Close() }()

	c := newClicker()
	head, err := device.OpenSound(b.Context(), "hearing", "mouth", device.SoundIO{
		Capture: c.capture, Playout: c.playout, NeedCapture: true, NeedPlayout: true,
	}, nil)
	if err != nil {
		b.Skip("no duplex device: ", err)
	}
	defer head.Close()
	var times []float64
	for begin := time.Now(); time.Since(begin) < 20*time.Second; { // the path has to prove that it is calm
		c.click(5 * time.Second)
	}
	missed := 0
	for b.Loop() {
		if d, ok := c.click(2 * time.Second); ok {
			times = append(times, d.Seconds()*1000)
		} else {
			missed++
		}
	}
	if len(times) == 0 {
		b.Skip("no click arrived")
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], "ms-p50")
	b.ReportMetric(times[len(times)*95/100], "ms-p95")
	b.ReportMetric(float64(missed), "clicks-missed")
	b.ReportMetric(float64(in.Stats().Target)/1e6, "ms-jitter-target")
}

// clicker plays clicks, bursts of a tone, and waits to hear them.
type clicker struct {
	want  atomic.Bool
	left  int // samples of the click; the callback's own
	sent  atomic.Int64
	heard chan time.Time
	began time.Time
}

func newClicker() *clicker {
	return &clicker{heard: make(chan time.Time, 1), began: time.Now()}
}

func (c *clicker) playout(pcm []float32) {
	if c.want.CompareAndSwap(true, false) {
		c.left = 20 * millisecond
		c.sent.Store(time.Since(c.began).Nanoseconds())
	}
	for i := range pcm {
		pcm[i] = 0
		if c.left > 0 {
			c.left--
			pcm[i] = 0.5 * float32(1-2*(c.left/24&1)) // 1 kHz
		}
	}
}

func (c *clicker) capture(pcm []float32) {
	at := slices.IndexFunc(pcm, func(v float32) bool { return v > 0.1 || v < -0.1 })
	if at < 0 {
		return
	}
	select { // what comes first is what was heard first
	case c.heard <- time.Now().Add(-time.Duration(len(pcm)-at) * time.Second / sampleRate):
	default:
	}
}

// click plays one click and says how long it took until its beginning was
// heard.
func (c *clicker) click(limit time.Duration) (time.Duration, bool) {
	pause := time.NewTimer(150 * time.Millisecond) // the one before dies away
	<-pause.C
	select {
	case <-c.heard:
	default:
	}
	c.want.Store(true)
	select {
	case at := <-c.heard:
		return at.Sub(c.began.Add(time.Duration(c.sent.Load()))), true
	case <-time.After(limit):
		return 0, false
	}
}
