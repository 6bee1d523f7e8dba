package device

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
)

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
