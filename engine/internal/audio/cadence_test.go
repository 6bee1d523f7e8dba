package audio

import (
	"testing"
	"testing/synctest"
	"time"

	"tring/engine/internal/codec"
)

// lengths lets packets of a cadence pass for some seconds and counts those of each
// length.
func (c *cadence) lengths(seconds int) (short, long int) {
	for ends := c.now + int64(seconds*sampleRate); c.now < ends; {
		n := c.next()
		if n == shortSamples {
			short++
		} else {
			long++
		}
		c.passed(n)
	}
	return short, long
}

func TestCadence(t *testing.T) {
	var c cadence
	if short, long := c.lengths(10); short != 0 || long != 500 {
		t.Errorf("%d short, %d long in the first 10 s", short, long)
	}
	if short, long := c.lengths(10); short != 1000 || long != 0 {
		t.Errorf("%d short, %d long then", short, long)
	}
	for _, calm := range []int{30, 60, 120, 240, 480, 480} {
		c.reported(0)
		c.reported(0.4)
		if short, _ := c.lengths(calm); short != 0 {
			t.Errorf("%d short in the %d s after a loss", short, calm)
		}
		if _, long := c.lengths(10); long != 0 {
			t.Errorf("%d long after %d s without loss", long, calm)
		}
	}
	for _, end := range []func(bool){c.narrow.Store, c.refused.Store, c.nobody.Store} {
		end(true)
		if short, _ := c.lengths(1); short != 0 {
			t.Error("short ones are sent though they are not wanted")
		}
		end(false)
		if _, long := c.lengths(1); long != 0 {
			t.Error("long ones are sent though short ones are wanted again")
		}
	}
}

// Where none were sent, a loss says nothing about short ones.
func TestCadenceWithoutShortPackets(t *testing.T) {
	var c cadence
	c.narrow.Store(true)
	for range 5 {
		c.lengths(40)
		c.reported(1)
	}
	c.narrow.Store(false)
	if short, _ := c.lengths(31); short == 0 {
		t.Error("none is short half a minute after the last loss")
	}
}

// TestCadenceChangesInPauses: whatever is wished for, the length stays while there
// is sound.
func TestCadenceChangesInPauses(t *testing.T) {
	var c cadence
	for second := range 20 {
		for range 100 {
			if n := c.next(); n != frameSamples {
				t.Fatalf("a packet of %d samples after %d s of sound", n, second)
			}
			c.heard(0.2)
			c.passed(shortSamples)
		}
	}
	c.heard(0.015) // a breath: 20 dB below
	c.heard(0.015)
	if n := c.next(); n != shortSamples {
		t.Errorf("%d samples in a pause", n)
	}
	c.heard(0.2)
	c.reported(1)
	if n := c.next(); n != shortSamples {
		t.Errorf("%d samples at the beginning of a word", n)
	}
	for range 2 {
		c.heard(0.001)
	}
	if n := c.next(); n != frameSamples {
		t.Errorf("%d samples in the pause after a loss", n)
	}
}

// TestPacketsBecomeShort lets a tone cross a good path, and tells of a loss.
func TestPacketsBecomeShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCall(t, nil)
		dev := c.bench.device(t, 1)
		heard := dev.play(11 * time.Second)
		pause := func() { // in which the length may change
			c.out.SetMuted(true)
			heard = append(heard, dev.play(100*time.Millisecond)...)
			c.out.SetMuted(false)
		}
		before := c.net.sent.Load()
		heard = append(heard, dev.play(time.Second)...)
		if n := c.net.sent.Load() - before; n != 50 {
			t.Errorf("%d packets a second in the middle of a tone, want 50", n)
		}
		pause()
		rate := func() int64 {
			before := c.net.sent.Load()
			heard = append(heard, dev.play(time.Second)...)
			return c.net.sent.Load() - before
		}
		if n := rate(); n != 100 {
			t.Errorf("%d packets a second on a good path, want 100", n)
		}
		c.out.SetPacketLoss(1)
		pause()
		rate()
		if n := rate(); n != 50 {
			t.Errorf("%d packets a second after a loss, want 50", n)
		}
		if step := largestStep(heard[sampleRate/2:]); step > 1.5*maxSineStep(440, 0.5) {
			t.Errorf("click of %.3f", step)
		}
		if level := goertzel(heard[len(heard)-sampleRate/2:], 440); !near(level, 0.5, 0.05) {
			t.Errorf("level %.3f", level)
		}
		if in := c.in.Stats(); in.Concealed > 0 || in.PacketsLost > 0 {
			t.Errorf("inbound %+v", in)
		}
		c.end(t)
	})
}

// TestShortPacketsAreStretched plays packets of 10 ms with a pitch whose period is
// nearly as long: two at once have room for it.
func TestShortPacketsAreStretched(t *testing.T) {
	l := newLine(t)
	l.decoder.hz, l.decoder.samples = 120, shortSamples
	for k := range 1500 { // 15 s
		l.head.insert(arrival{
			ssrc: 1, seq: uint16(k), ts: uint32(k * shortSamples), samples: shortSamples,
			payload: sinePacket(k*shortSamples, false),
		}, l.now)
		l.play()
	}
	if d := l.delay(); d > usualTarget {
		t.Errorf("play-out is %d ms behind on a calm line", d/millisecond)
	}
	if l.head.concealed > 0 || l.head.lost > 0 {
		t.Errorf("lost %d, concealed %d", l.head.lost, l.head.concealed)
	}
	l.wantClean(120, 0.5)
}

// TestEncoderChangesLength lets real Opus go from long packets to short ones and
// back in the middle of a tone.
func TestEncoderChangesLength(t *testing.T) {
	enc, err := newEncoder(OutboundConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	dec, err := codec.NewOpusDecoder()
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	var heard []float32
	payload, pcm := make([]byte, codec.MaxOpusPacket), make([]float32, codec.MaxOpusSamples)
	for at, k := 0, 0; at < 5*sampleRate; k++ {
		n := frameSamples
		if k/20%2 == 1 {
			n = shortSamples
		}
		size, err := enc.Encode(sine(n, at, 440, 0.5), payload)
		if err != nil {
			t.Fatal(err)
		}
		got, err := dec.Decode(payload[:size], pcm)
		if err != nil || got != n {
			t.Fatalf("%d samples of %d, %v", got, n, err)
		}
		heard = append(heard, pcm[:n]...)
		at += n
	}
	if step := largestStep(heard[sampleRate/2:]); step > 1.3*maxSineStep(440, 0.5) {
		t.Errorf("click of %.3f, the sine itself has %.3f", step, maxSineStep(440, 0.5))
	}
}
