package device

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"tring/engine"
)

// makeWAV gives a file with these samples.
func makeWAV(code, channels, rate, bits int, data []byte) []byte {
	var b []byte
	b = append(b, "RIFF\x00\x00\x00\x00WAVE"...)
	b = append(b, "LIST\x03\x00\x00\x00abc\x00"...) // an odd chunk and its filling
	b = append(b, "fmt \x10\x00\x00\x00"...)
	b = binary.LittleEndian.AppendUint16(b, uint16(code))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(bits))
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = append(b, data...)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func readWAV(data []byte) (*wavFile, error) {
	return openWAV(bytes.NewReader(data), int64(len(data)))
}

func TestWAVSamples(t *testing.T) {
	le := binary.LittleEndian
	f32 := func(v ...float64) (b []byte) {
		for _, v := range v {
			b = le.AppendUint32(b, math.Float32bits(float32(v)))
		}
		return b
	}
	f64 := func(v ...float64) (b []byte) {
		for _, v := range v {
			b = le.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	extensible := bytes.Replace(makeWAV(0xFFFE, 1, 48000, 16, []byte{0, 0x40}), []byte("fmt \x10\x00\x00\x00"), []byte("fmt \x28\x00\x00\x00"), 1)
	extensible = bytes.Replace(extensible, []byte("data"), []byte("\x16\x00\x10\x00\x04\x00\x00\x00\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71data"), 1)
	tests := []struct {
		name string
		data []byte
		want []float32
	}{
		{"8 bit", makeWAV(1, 1, 48000, 8, []byte{0, 64, 128, 192}), []float32{-1, -0.5, 0, 0.5}},
		{"16 bit", makeWAV(1, 1, 48000, 16, []byte{0, 0x80, 0, 0xC0, 0, 0, 0, 0x40}), []float32{-1, -0.5, 0, 0.5}},
		{"24 bit", makeWAV(1, 1, 48000, 24, []byte{0, 0, 0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0x40}), []float32{-1, -0.5, 0, 0.5}},
		{"32 bit", makeWAV(1, 1, 48000, 32, []byte{0, 0, 0, 0x80, 0, 0, 0, 0x40}), []float32{-1, 0.5}},
		{"float", makeWAV(3, 1, 48000, 32, f32(-0.5, 0.25, math.NaN(), math.Inf(1), -7)), []float32{-0.5, 0.25, 0, 1, -1}},
		{"double", makeWAV(3, 1, 48000, 64, f64(-0.5, 0.25, math.NaN(), 1e300)), []float32{-0.5, 0.25, 0, 1}},
		{"stereo", makeWAV(1, 2, 48000, 16, []byte{0, 0x40, 0, 0, 0, 0x40, 0, 0x40}), []float32{0.25, 0.5}},
		{"three channels", makeWAV(1, 3, 48000, 8, []byte{192, 192, 192}), []float32{0.5}},
		{"half a sample at the end", makeWAV(1, 1, 48000, 16, []byte{0, 0x40, 0}), []float32{0.5}},
		{"extensible", extensible, []float32{0.5}},
		{"unfinished, size 0", bytes.Replace(makeWAV(1, 1, 48000, 16, []byte{0, 0x40}), []byte("data\x02"), []byte("data\x00"), 1), []float32{0.5}},
		{"unfinished, size -1", bytes.Replace(makeWAV(1, 1, 48000, 16, []byte{0, 0x40}), []byte("data\x02\x00\x00\x00"), []byte("data\xff\xff\xff\xff"), 1), []float32{0.5}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := readWAV(test.data)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]float32, 2*len(test.want)+1) // loops twice
			if err := w.read(got); err != nil {
				t.Fatal(err)
			}
			for i, v := range got {
				if want := test.want[i%len(test.want)]; math.Abs(float64(v-want)) > 1e-6 {
					t.Errorf("sample %d is %v, want %v", i, v, want)
				}
			}
		})
	}
}

func TestWAVRefuses(t *testing.T) {
	good := makeWAV(1, 1, 48000, 16, make([]byte, 100))
	change := func(old, new string) []byte { return bytes.Replace(good, []byte(old), []byte(new), 1) }
	tests := []struct {
		name string
		data []byte
		says string
	}{
		{"empty", nil, "RIFF"},
		{"another kind", []byte("YUV4MPEG2 W4 H2 F25:1\n"), "RIFF"},
		{"64-bit", change("RIFF", "RF64"), "RF64"},
		{"MP3 inside", makeWAV(0x55, 1, 48000, 16, make([]byte, 100)), "compressed (format code 85)"},
		{"12 bits", makeWAV(1, 1, 48000, 12, make([]byte, 100)), "12 bits"},
		{"float of 16 bits", makeWAV(3, 1, 48000, 16, make([]byte, 100)), "16 bits"},
		{"no channel", makeWAV(1, 0, 48000, 16, make([]byte, 100)), "0 channels"},
		{"many channels", makeWAV(1, 1000, 48000, 16, make([]byte, 4000)), "1000 channels"},
		{"slow", makeWAV(1, 1, 100, 16, make([]byte, 100)), "100 Hz"},
		{"fast", makeWAV(1, 1, 4000000, 16, make([]byte, 100)), "4000000 Hz"},
		{"no samples", makeWAV(1, 1, 48000, 16, nil), "no samples"},
		{"cut off", good[:len(good)-40], "60 of 100 bytes"},
		{"cut off before samples", good[:30], "ends at byte 30"},
		{"samples first", change("fmt ", "junk"), "before its format chunk"},
		{"contradiction", change("\x02\x00\x10\x00data", "\x04\x00\x10\x00data"), "contradicts"},
		{"no end of chunks", append([]byte("RIFF\x00\x00\x00\x00WAVE"), make([]byte, 8*2000)...), "more than 1000 chunks"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			io := SoundIO{NeedCapture: true, Capture: func([]float32) {}}
			_, err := OpenSound(deadline(t), writeFile(t, "voice.wav", test.data), "none", io, nil)
			p := wantProblem(t, err, engine.ErrBadMediaFile)
			if !strings.Contains(p.Cause, test.says) {
				t.Errorf("cause %q does not say %q", p.Cause, test.says)
			}
			if microphone, speaker := Missing(err); !microphone || speaker {
				t.Errorf("Missing says %v, %v", microphone, speaker)
			}
		})
	}
}

func FuzzWAV(f *testing.F) {
	f.Add(makeWAV(1, 2, 44100, 24, make([]byte, 60)))
	f.Add(makeWAV(3, 1, 8000, 32, make([]byte, 60)))
	f.Add(makeWAV(0xFFFE, 1, 384000, 16, make([]byte, 60)))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := readWAV(data)
		if err != nil {
			return
		}
		out := make([]float32, 1000)
		if err := newResampler(w.rate, w.read).read(out); err != nil {
			t.Fatal(err)
		}
		for i, v := range out {
			if v != v || v > 4 || v < -4 {
				t.Fatalf("sample %d is %v", i, v)
			}
		}
	})
}

// TestResample converts tones and checks pitch, level and noise.
func TestResample(t *testing.T) {
	for _, rate := range []int{8000, 11025, 16000, 22050, 32000, 44100, 44099, 48000, 96000, 192000} {
		n := 0
		const pitch = 1000.0
		r := newResampler(rate, func(dst []float32) error {
			for i := range dst {
				dst[i] = float32(0.5 * math.Sin(2*math.Pi*pitch*float64(n)/float64(rate)))
				n++
			}
			return nil
		})
		out := make([]float32, 2*sampleRate)
		for at := 0; at < len(out); at += 441 { // in uneven pieces
			if err := r.read(out[at:min(len(out), at+441)]); err != nil {
				t.Fatal(err)
			}
		}
		var noise, signal float64
		for i, v := range out[1000:] {
			want := 0.5 * math.Sin(2*math.Pi*pitch*float64(i+1000)/sampleRate)
			noise += (float64(v) - want) * (float64(v) - want)
			signal += want * want
		}
		if snr := 10 * math.Log10(signal/noise); snr < 70 {
			t.Errorf("from %d Hz: %.1f dB between signal and error", rate, snr)
		}
		if used := float64(n) / float64(rate); math.Abs(used-2) > 1100/float64(rate)+0.001 {
			t.Errorf("from %d Hz: %v s read for 2 s", rate, used)
		}
	}
}

// TestResampleAliases checks that what 48 kHz cannot hold is removed.
func TestResampleAliases(t *testing.T) {
	const rate, pitch = 96000, 30000.0
	n := 0
	r := newResampler(rate, func(dst []float32) error {
		for i := range dst {
			dst[i] = float32(math.Sin(2 * math.Pi * pitch * float64(n) / rate))
			n++
		}
		return nil
	})
	out := make([]float32, 9600)
	if err := r.read(out); err != nil {
		t.Fatal(err)
	}
	for i, v := range out[4800:] {
		if math.Abs(float64(v)) > 0.001 {
			t.Fatalf("sample %d is %v", i, v)
		}
	}
}

func BenchmarkResample(b *testing.B) {
	r := newResampler(44100, func(dst []float32) error { clear(dst); return nil })
	out := make([]float32, tickSamples)
	b.ReportAllocs()
	for b.Loop() {
		r.read(out)
	}
}
