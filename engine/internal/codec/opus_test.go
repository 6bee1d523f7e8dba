package codec

import (
	"errors"
	"math"
	"testing"
)

const frame20ms = 8 * opusUnit

// speech is a tone with the rise and fall of syllables, samples from start on.
func speech(pcm []float32, start int) {
	for i := range pcm {
		t := float64(start+i) / OpusClockRate
		env := 0.5 + 0.5*math.Sin(2*math.Pi*3*t)
		pcm[i] = float32(0.3 * env * (math.Sin(2*math.Pi*220*t) + 0.5*math.Sin(2*math.Pi*660*t)))
	}
}

func energy(pcm []float32) (sum float64) {
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return sum
}

func newOpus(t testing.TB, config OpusConfig) (*OpusEncoder, *OpusDecoder) {
	t.Helper()
	enc, err := NewOpusEncoder(config)
	if err != nil {
		t.Fatal(err)
	}
	dec, err := NewOpusDecoder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { enc.Close(); dec.Close() })
	return enc, dec
}

func TestOpusRoundTripKeepsLevelAndLength(t *testing.T) {
	enc, dec := newOpus(t, OpusConfig{})
	in, out := make([]float32, frame20ms), make([]float32, MaxOpusSamples)
	packet := make([]byte, MaxOpusPacket)
	var sent, heard float64
	for i := range 50 {
		speech(in, i*len(in))
		n, err := enc.Encode(in, packet)
		if err != nil {
			t.Fatal(err)
		}
		samples, err := dec.Decode(packet[:n], out)
		if err != nil || samples != len(in) {
			t.Fatalf("decoded %d samples, %v", samples, err)
		}
		if i > 2 {
			sent += energy(in)
			heard += energy(out[:samples])
		}
	}
	if ratio := heard / sent; ratio < 0.8 || ratio > 1.25 {
		t.Errorf("energy changed by the factor %.2f", ratio)
	}
}

func TestOpusFollowsBitrate(t *testing.T) {
	enc, _ := newOpus(t, OpusConfig{BitrateBPS: 64000})
	in, packet := make([]float32, frame20ms), make([]byte, MaxOpusPacket)
	total := func() (bytes int) {
		for i := range 100 {
			speech(in, i*len(in))
			n, err := enc.Encode(in, packet)
			if err != nil {
				t.Fatal(err)
			}
			bytes += n
		}
		return bytes
	}
	high := total()
	if err := enc.SetBitrate(12000); err != nil {
		t.Fatal(err)
	}
	if low := total(); low*3 > high {
		t.Errorf("%d bytes at 12 kbit/s after %d at 64", low, high)
	}
}

func TestOpusRecoversFromLoss(t *testing.T) {
	enc, dec := newOpus(t, OpusConfig{FEC: true, PacketLossPercent: 20, BitrateBPS: 32000})
	var packets [20][]byte
	in := make([]float32, frame20ms)
	for i := range packets {
		speech(in, i*len(in))
		packets[i] = make([]byte, MaxOpusPacket)
		n, err := enc.Encode(in, packets[i])
		if err != nil {
			t.Fatal(err)
		}
		packets[i] = packets[i][:n]
	}
	out := make([]float32, frame20ms)
	for i := range packets {
		var err error
		switch i {
		case 10: // lost: take the copy in the next
			err = dec.DecodeFEC(packets[i+1], out)
		case 15:
			err = dec.Conceal(out)
		default:
			_, err = dec.Decode(packets[i], out)
		}
		if err != nil {
			t.Fatalf("packet %d: %v", i, err)
		}
		if i == 10 && energy(out) == 0 {
			t.Error("silence where FEC should have sound")
		}
	}
}

func TestOpusDTXFallsSilent(t *testing.T) {
	enc, _ := newOpus(t, OpusConfig{DTX: true})
	in, packet := make([]float32, frame20ms), make([]byte, MaxOpusPacket)
	tiny := 0
	for range 100 {
		n, err := enc.Encode(in, packet)
		if err != nil {
			t.Fatal(err)
		}
		if n <= 2 {
			tiny++
		}
	}
	if tiny < 60 {
		t.Errorf("only %d of 100 silent packets left out", tiny)
	}
}

func TestOpusStereoIsMixedDown(t *testing.T) {
	_, dec := newOpus(t, OpusConfig{})
	// Config 31 (CELT full band 20 ms), stereo, one frame of silence.
	pcm := make([]float32, MaxOpusSamples)
	n, err := dec.Decode([]byte{31<<3 | 1<<2, 0xff, 0xfe}, pcm)
	if err != nil || n != frame20ms {
		t.Errorf("%d samples, %v", n, err)
	}
}

func TestOpusRefusesNonsense(t *testing.T) {
	enc, dec := newOpus(t, OpusConfig{})
	pcm := make([]float32, MaxOpusSamples)
	for name, packet := range map[string][]byte{
		"empty":        {},
		"oversized":    make([]byte, MaxOpusPacket+1),
		"no count":     {3},
		"no frames":    {3, 0},
		"over 120 ms":  {3<<3 | 3, 3},
		"63 frames":    {19<<3 | 3, 63},
		"code 2 short": {31<<3 | 2, 252},
	} {
		if n, err := dec.Decode(packet, pcm); err == nil {
			t.Errorf("%s: %d samples decoded", name, n)
		}
	}
	if _, err := dec.Decode([]byte{31 << 3, 1, 2}, pcm[:10]); err == nil {
		t.Error("decoded into a buffer that is too short")
	}
	for _, n := range []int{0, 7, MaxOpusSamples + opusUnit} {
		if dec.Conceal(make([]float32, n)) == nil || dec.DecodeFEC([]byte{31 << 3, 1}, make([]float32, n)) == nil {
			t.Errorf("filled in %d samples", n)
		}
		if _, err := enc.Encode(make([]float32, n), make([]byte, 100)); err == nil {
			t.Errorf("encoded %d samples", n)
		}
	}
	if _, err := enc.Encode(make([]float32, frame20ms), nil); err == nil {
		t.Error("encoded into nothing")
	}
}

func TestOpusAfterClose(t *testing.T) {
	enc, dec := newOpus(t, OpusConfig{})
	for range 2 {
		if enc.Close() != nil || dec.Close() != nil {
			t.Fatal("Close failed")
		}
	}
	pcm := make([]float32, frame20ms)
	_, encErr := enc.Encode(pcm, make([]byte, 100))
	_, decErr := dec.Decode([]byte{31 << 3, 1}, pcm)
	for _, err := range []error{encErr, decErr, dec.Conceal(pcm), enc.SetBitrate(1), enc.SetPacketLoss(1)} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// TestOpusDurationsAgree compares the table of durations with libopus for every
// first byte.
func TestOpusDurationsAgree(t *testing.T) {
	pcm := make([]float32, MaxOpusSamples)
	for toc := range 256 {
		packet := []byte{byte(toc), 1, 0, 0, 0, 0, 0} // code 3: one frame; codes 1, 2: two
		want, err := OpusPacketSamples(packet)
		if err != nil {
			t.Fatalf("toc %#x: %v", toc, err)
		}
		_, dec := newOpus(t, OpusConfig{})
		if n, err := dec.Decode(packet, pcm); err != nil || n != want {
			t.Errorf("toc %#x: libopus says %d (%v), table %d", toc, n, err, want)
		}
	}
}

func FuzzOpusDecode(f *testing.F) {
	enc, _ := newOpus(f, OpusConfig{FEC: true, PacketLossPercent: 10})
	in, packet := make([]float32, frame20ms), make([]byte, MaxOpusPacket)
	for i := range 4 {
		speech(in, i*len(in))
		n, err := enc.Encode(in, packet)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append([]byte(nil), packet[:n]...))
	}
	f.Add([]byte{31<<3 | 3, 0x82, 0})
	f.Fuzz(func(t *testing.T, packet []byte) {
		dec, err := NewOpusDecoder()
		if err != nil {
			t.Fatal(err)
		}
		defer dec.Close()
		pcm := make([]float32, MaxOpusSamples)
		if n, err := dec.Decode(packet, pcm); err == nil && (n <= 0 || n > MaxOpusSamples) {
			t.Fatalf("%d samples", n)
		}
		dec.DecodeFEC(packet, pcm[:frame20ms])
		dec.Conceal(pcm[:frame20ms])
	})
}
