package device

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
)

// noCard fails the test if a real device is asked for.
func noCard(t *testing.T) cardOpener {
	return func(context.Context, cardWish, cardEvents, *slog.Logger) (card, error) {
		t.Error("a sound card was opened")
		return nil, noSound(nil)
	}
}

// taken collects what a SoundIO captures.
type taken struct {
	mu  sync.Mutex
	pcm []float32
}

func (c *taken) capture(pcm []float32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pcm = append(c.pcm, pcm...)
}

func (c *taken) get() []float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]float32(nil), c.pcm...)
}

// ramp is a Playout that counts up in steps that 16 bits can hold.
func ramp() func([]float32) {
	n := 0
	return func(pcm []float32) {
		for i := range pcm {
			pcm[i] = float32(n%30000) / math.MaxInt16
			n++
		}
	}
}

func TestSoundNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard taken
		played := 0
		calls := 0
		io := SoundIO{NeedCapture: true, NeedPlayout: true, Capture: heard.capture, Playout: func(pcm []float32) {
			calls++
			played += len(pcm)
			for i := range pcm {
				if pcm[i] != 0 {
					t.Error("Playout gets old samples")
				}
				pcm[i] = 1
			}
		}}
		s, err := openSound(t.Context(), noCard(t), "none", "none", io, logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(60*time.Second + time.Millisecond)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if want := 60*sampleRate + tickSamples; played != want || len(heard.get()) != want || calls != 6001 {
			t.Errorf("%d played in %d calls, %d heard, want %d", played, calls, len(heard.get()), want)
		}
		for _, v := range heard.get() {
			if v != 0 {
				t.Fatal("no microphone is not silent")
			}
		}
		if s.Close() != nil {
			t.Error("second Close fails")
		}
		<-time.After(time.Second)
		if calls != 6001 {
			t.Error("callbacks after Close")
		}
	})
}

func TestSoundNotNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := SoundIO{Capture: func([]float32) { t.Error("captured") }, Playout: func([]float32) { t.Error("played") }}
		s, err := openSound(t.Context(), noCard(t), "auto", "auto", io, logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Second)
		s.Close()
	})
}

func TestSoundTestTone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard taken
		s, err := openSound(t.Context(), noCard(t), "test", "test", SoundIO{NeedCapture: true, Capture: heard.capture}, logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(3 * time.Second)
		s.Close()
		pcm := heard.get()
		if level := goertzel(pcm[4800:9600], 440); level < 0.15 || level > 0.3 {
			t.Errorf("level of 440 Hz in the beep: %v", level)
		}
		if level := goertzel(pcm[33600:43200], 440); level > 1e-6 {
			t.Errorf("level of 440 Hz in the pause: %v", level)
		}
		for i := 1; i < len(pcm); i++ {
			if math.Abs(float64(pcm[i]-pcm[i-1])) > 0.05 {
				t.Fatalf("a click at sample %d", i)
			}
		}
	})
}

// TestSoundFiles plays a file through and records another; both loop and are
// complete to the sample.
func TestSoundFiles(t *testing.T) {
	var data []byte
	for i := range 10000 {
		data = binary.LittleEndian.AppendUint16(data, uint16(i))
	}
	voice := writeFile(t, "voice.wav", makeWAV(1, 1, 48000, 16, data))
	record := filepath.Join(t.TempDir(), "heard.wav")
	synctest.Test(t, func(t *testing.T) {
		var heard taken
		io := SoundIO{
			NeedCapture: true, NeedPlayout: true, Capture: heard.capture, Playout: ramp(),
			OnLost: func(err error) { t.Error(err) },
		}
		s, err := openSound(t.Context(), noCard(t), voice, record, io, logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		if m, sp := s.Names(); m != "voice.wav" || sp != "heard.wav" {
			t.Errorf("names %q, %q", m, sp)
		}
		for range 50 {
			<-time.After(100 * time.Millisecond)
			synctest.Wait() // files are read and written outside the bubble's clock
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		pcm := heard.get()
		if len(pcm) < 5*sampleRate {
			t.Errorf("%d samples heard in 5 s", len(pcm))
		}
		for i, v := range pcm {
			if want := float32(i%10000) / (1 << 15); v != want {
				t.Fatalf("sample %d is %v, want %v", i, v, want)
			}
		}
		checkRecording(t, record, len(pcm))
	})
}

// checkRecording checks that a file holds the ramp, n samples or, if n is
// negative, at least -n.
func checkRecording(t *testing.T, path string, n int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := readWAV(data)
	if err != nil {
		t.Fatal(err)
	}
	if w.rate != sampleRate || w.channels != 1 || w.bits != 16 || n >= 0 && w.frames != int64(n) || n < 0 && w.frames < int64(-n) {
		t.Fatalf("%d samples, %d Hz, %d channels, %d bits; want %d samples", w.frames, w.rate, w.channels, w.bits, n)
	}
	if riff := binary.LittleEndian.Uint32(data[4:]); int64(riff) != 36+2*w.frames {
		t.Errorf("RIFF says %d bytes for %d samples", riff, w.frames)
	}
	for i := range int(w.frames) {
		if v := binary.LittleEndian.Uint16(data[44+2*i:]); int(v) != i%30000 {
			t.Fatalf("sample %d is %d", i, v)
		}
	}
}

// TestRecordingAfterKill looks at the file while it is being written, as it
// would be left by a kill.
func TestRecordingAfterKill(t *testing.T) {
	record := filepath.Join(t.TempDir(), "heard.wav")
	synctest.Test(t, func(t *testing.T) {
		s, err := openSound(t.Context(), noCard(t), "none", record, SoundIO{NeedPlayout: true, Playout: ramp()}, logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for i := range 30 {
			<-time.After(73 * time.Millisecond)
			synctest.Wait()
			if elapsed := time.Duration(i+1) * 73 * time.Millisecond; elapsed > 200*time.Millisecond {
				checkRecording(t, record, -int((elapsed-110*time.Millisecond).Seconds()*sampleRate))
			}
		}
	})
}

// fullDisk takes so many bytes.
type fullDisk struct {
	bytes.Buffer
	room int
}

func (d *fullDisk) WriteAt(p []byte, at int64) (int, error) {
	if int(at)+len(p) > d.room {
		return 0, syscall.ENOSPC
	}
	return len(p), nil
}
func (d *fullDisk) Close() error { return nil }

func TestRecordingDiskFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		problems := make(chan error, 10)
		r, err := newRecorder("heard.wav", &fullDisk{room: 50000}, 0, func(err error) { problems <- err })
		if err != nil {
			t.Fatal(err)
		}
		for range 3000 { // 30 s
			r.write(make([]float32, tickSamples))
			<-time.After(10 * time.Millisecond)
		}
		if err := r.close(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("close: %v", err)
		}
		if len(problems) != 1 {
			t.Fatalf("told %d times", len(problems))
		}
		p := wantProblem(t, <-problems, ErrRecording)
		if !errors.Is(p, syscall.ENOSPC) {
			t.Errorf("got %v", p.Err)
		}
	})
}

func TestRecorderRefuses(t *testing.T) {
	dir := t.TempDir()
	precious := writeFile(t, "letter.txt", []byte("text"))
	for _, path := range []string{filepath.Join(dir, "no", "such.wav"), dir + "/", precious} {
		io := SoundIO{NeedPlayout: true, Playout: func([]float32) {}}
		_, err := openSound(deadline(t), noCard(t), "test", path, io, logger(nil))
		var p *engine.Problem
		if !errors.As(err, &p) {
			t.Errorf("%s: %v", path, err)
		}
		if m, s := Missing(err); m || !s {
			t.Errorf("%s: Missing says %v, %v", path, m, s)
		}
	}
	if data, _ := os.ReadFile(precious); string(data) != "text" {
		t.Error("a file was overwritten")
	}
}

// fakeCard calls back from its own goroutine.
type fakeCard struct {
	events cardEvents
	pace   time.Duration // for 480 samples
	stop   chan struct{}
	ended  chan struct{}
	dead   chan struct{} // closed: it stops calling back
	deaf   chan struct{} // closed: its microphone stops calling back
	mute   chan struct{} // closed: its speaker stops calling back
	exited chan struct{} // closed: running() is false
	once   sync.Once
}

func newFakeCard(pace time.Duration) *fakeCard {
	c := &fakeCard{pace: pace}
	for _, ch := range []*chan struct{}{&c.stop, &c.ended, &c.dead, &c.deaf, &c.mute, &c.exited} {
		*ch = make(chan struct{})
	}
	return c
}

func isClosed(ch chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func (c *fakeCard) open(_ context.Context, wish cardWish, events cardEvents, _ *slog.Logger) (card, error) {
	c.events = events
	go func() {
		defer close(c.ended)
		var in, out []float32
		for n := 0; ; n++ {
			select {
			case <-c.stop:
				return
			case <-c.dead:
				<-c.stop
				return
			case <-time.After(c.pace):
			}
			if wish.microphone != "" {
				in = make([]float32, tickSamples)
				fillWith(in, 0.5)
			}
			if wish.speaker != "" {
				out = make([]float32, tickSamples)
				fillWith(out, 9)
			}
			if out != nil && !isClosed(c.mute) {
				events.played(out)
			}
			if in != nil && !isClosed(c.deaf) {
				events.captured(in)
			}
			for _, v := range out {
				if v == 9 && !isClosed(c.mute) {
					panic("the speaker gets what was not written")
				}
			}
		}
	}()
	return c, nil
}

func fillWith(pcm []float32, v float32) {
	for i := range pcm {
		pcm[i] = v
	}
}

func (c *fakeCard) names() (string, string) { return "Fake microphone", "Fake speaker" }
func (c *fakeCard) running() bool           { return !isClosed(c.exited) }

func (c *fakeCard) close() error {
	c.once.Do(func() { close(c.stop) })
	<-c.ended
	return nil
}

// TestSoundOneClock drives files with a real device's clock and the other way
// round.
func TestSoundOneClock(t *testing.T) {
	record := filepath.Join(t.TempDir(), "heard.wav")
	for _, choice := range [][2]string{{"auto", "auto"}, {"test", "auto"}, {"auto", "none"}, {"auto", record}} {
		synctest.Test(t, func(t *testing.T) {
			var heard taken
			played := 0
			io := SoundIO{
				NeedCapture: true, NeedPlayout: true, Capture: heard.capture,
				Playout: func(pcm []float32) { played += len(pcm) },
			}
			fake := newFakeCard(11 * time.Millisecond) // a slow crystal
			s, err := openSound(t.Context(), fake.open, choice[0], choice[1], io, logger(nil))
			if err != nil {
				t.Fatal(err)
			}
			<-time.After(11*time.Second + time.Millisecond)
			s.Close()
			if pcm := heard.get(); len(pcm) != 1000*tickSamples || played != len(pcm) {
				t.Errorf("%v: %d heard, %d played", choice, len(pcm), played)
			} else if choice[0] == "auto" && pcm[100] != 0.5 {
				t.Errorf("%v: the microphone is not heard", choice)
			}
			m, sp := s.Names()
			if (choice[0] == "auto") != (m == "Fake microphone") || (choice[1] == "auto") != (sp == "Fake speaker") {
				t.Errorf("%v: names %q, %q", choice, m, sp)
			}
		})
	}
}

func TestSoundLost(t *testing.T) {
	tests := []struct {
		name   string
		pace   time.Duration
		breaks func(c *fakeCard)
		within time.Duration
		cause  error
		other  bool // the other device is not at fault
	}{
		{"stopped", 10 * time.Millisecond, func(c *fakeCard) { close(c.exited); close(c.dead); c.events.stopped() }, time.Millisecond, errStopped, false},
		{"stalled", 10 * time.Millisecond, func(c *fakeCard) { close(c.dead) }, stallLimit + 2*watchInterval, errStalled, false},
		{"microphone stalled", 10 * time.Millisecond, func(c *fakeCard) { close(c.deaf) }, stallLimit + 2*watchInterval, errStalled, true},
		{"speaker stalled", 10 * time.Millisecond, func(c *fakeCard) { close(c.mute) }, stallLimit + 2*watchInterval, errStalled, true},
		{"paused for good", 10 * time.Millisecond, func(c *fakeCard) { c.events.stopped(); close(c.dead) }, stallLimit + 2*watchInterval, errStalled, false},
		{"floods from the start", 10 * time.Microsecond, func(c *fakeCard) {}, 2 * watchInterval, errFlood, false},
		{"a bit too fast", 3 * time.Millisecond, func(c *fakeCard) {}, 3 * time.Second, errFlood, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var heard taken
				problems := make(chan error, 10)
				fake := newFakeCard(test.pace)
				io := SoundIO{
					NeedCapture: true, NeedPlayout: true, Capture: heard.capture, Playout: func([]float32) {},
					OnLost: func(err error) { problems <- err },
				}
				s, err := openSound(t.Context(), fake.open, "auto", "auto", io, logger(nil))
				if err != nil {
					t.Fatal(err)
				}
				if !errors.Is(test.cause, errFlood) {
					<-time.After(time.Minute)
				}
				at := time.Now()
				test.breaks(fake)
				problem := <-problems
				if took := time.Since(at); took > test.within {
					t.Errorf("noticed after %v", took)
				}
				wantProblem(t, problem, engine.ErrDeviceMissing)
				if !errors.Is(problem, test.cause) {
					t.Errorf("got %v", problem)
				}
				microphone, speaker := Missing(problem)
				if test.other != (microphone != speaker) || test.other && microphone != isClosed(fake.deaf) {
					t.Errorf("Missing says %v, %v", microphone, speaker)
				}
				if before := len(heard.get()); errors.Is(test.cause, errFlood) && before > 4*sampleRate*3 {
					t.Errorf("%d samples of the flood got through", before)
				}
				before := len(heard.get())
				<-time.After(10 * time.Second)
				if after := len(heard.get()) - before; after < 9*sampleRate || after > 11*sampleRate {
					t.Errorf("%d samples in the 10 s after the loss", after)
				}
				s.Close()
				if len(problems) != 0 {
					t.Error("told twice")
				}
			})
		})
	}
}

func TestSoundCardFails(t *testing.T) {
	opener := func(err error) cardOpener {
		return func(context.Context, cardWish, cardEvents, *slog.Logger) (card, error) { return nil, err }
	}
	tests := []struct {
		err                 error
		microphone, speaker bool
	}{
		{noSound(nil), true, true},
		{missing(engine.Microphone, "auto"), true, false},
		{busy(engine.Speaker, "Headset", nil), false, true},
	}
	for _, test := range tests {
		io := SoundIO{NeedCapture: true, NeedPlayout: true, Capture: func([]float32) {}, Playout: func([]float32) {}}
		_, err := openSound(deadline(t), opener(test.err), "auto", "auto", io, logger(nil))
		if m, s := Missing(err); m != test.microphone || s != test.speaker {
			t.Errorf("%v: Missing says %v, %v", err, m, s)
		}
		// What was opened before is closed again; goleak sees the goroutines.
		_, err = openSound(deadline(t), opener(test.err), "auto", filepath.Join(t.TempDir(), "x.wav"), io, logger(nil))
		if err == nil {
			t.Error("no error")
		}
	}
}

// TestHeadless opens the system's devices where there are none.
func TestHeadless(t *testing.T) {
	if cards, _ := filepath.Glob("/dev/snd/controlC*"); len(cards) > 0 {
		t.Skip("this machine has a sound card")
	}
	if _, err := os.Stat("/proc"); err != nil {
		t.Skip("only Linux tells whether there is a sound card")
	}
	t.Setenv("PULSE_SERVER", "unix:/nowhere/socket")
	io := SoundIO{NeedCapture: true, NeedPlayout: true, Capture: func([]float32) {}, Playout: func([]float32) {}}
	for _, choice := range [][2]string{{"auto", "auto"}, {"auto", "none"}, {"none", "auto"}} {
		_, err := OpenSound(deadline(t), choice[0], choice[1], io, nil)
		p := wantProblem(t, err, engine.ErrDeviceMissing)
		if p.Cause != "No sound device was found." {
			t.Errorf("%v: %v", choice, p)
		}
	}
	list, err := List(deadline(t))
	if err != nil || len(names(list, engine.Microphone)) > 0 || len(names(list, engine.Speaker)) > 0 {
		t.Errorf("List: %v, %v", list, err)
	}
}

func TestPick(t *testing.T) {
	device := func(id, name string, def, alsa bool) audioDevice {
		var raw [256]byte
		copy(raw[:], id)
		return newAudioDevice(engine.Microphone, raw, name, def, alsa)
	}
	pulse := []audioDevice{
		device("alsa_output.hdmi.monitor", "Monitor of HDMI", true, false),
		device("usb-headset", "Headset", false, false),
		device("alsa_input.analog", "Built-in", false, false),
	}
	tests := []struct {
		name   string
		list   []audioDevice
		choice string
		want   string // id; "" for none
	}{
		{"a monitor is never automatic", pulse, "auto", "usb-headset"},
		{"but can be named", pulse, "Monitor of HDMI", "alsa_output.hdmi.monitor"},
		{"id", pulse, "alsa_input.analog", "alsa_input.analog"},
		{"name", pulse, "built-IN", "alsa_input.analog"},
		{"unknown", pulse, "Webcam", ""},
		{"default", append(pulse[1:], device("x", "X", true, false)), "auto", "x"},
		{"dummy", []audioDevice{device("auto_null", "Dummy Output", true, false)}, "auto", ""},
		{"ALSA without a card", []audioDevice{device("null", "Discard", false, true), device("pulse", "Pulse", false, true)}, "auto", ""},
		{"ALSA with a card", []audioDevice{device("null", "Discard", false, true), device(":0,0", "PCH", false, true), device("default", "Default", false, true)}, "auto", "default"},
		{"empty", nil, "auto", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := pick(test.list, engine.Microphone, test.choice)
			if test.want == "" {
				wantProblem(t, err, engine.ErrDeviceMissing)
			} else if err != nil || d.ID != test.want {
				t.Errorf("got %v, %v", d, err)
			}
		})
	}
	if id := device("\x01\x02", "", false, false).ID; id != "0102" {
		t.Errorf("id %q", id)
	}
}

func TestRing(t *testing.T) {
	r := newRing(4)
	buffer := make([]float32, 16)
	next, want := float32(0), float32(0)
	for i := range 1000 {
		in := make([]float32, i%7)
		for j := range in {
			in[j] = next + float32(j)
		}
		next += float32(r.write(in))
		for _, v := range buffer[:r.read(buffer[:i%5])] {
			if v != want {
				t.Fatalf("got %v, want %v", v, want)
			}
			want++
		}
	}
	if r.length()+r.room() != 16 {
		t.Error("length and room contradict each other")
	}
	r.write(make([]float32, 100))
	if r.room() != 0 {
		t.Error("a full ring has room")
	}
}
