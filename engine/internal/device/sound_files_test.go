package device

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
)

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
