package audio

import (
	"io"
	"testing"

	"github.com/pion/rtp"

	"tring/engine/internal/codec"
)

// BenchmarkCall is the CPU for 10 ms of one call: capture, encode, jitter
// buffer, decode, mix.
func BenchmarkCall(b *testing.B) {
	d := &Desk{wakePlay: make(chan struct{}, 1), wakeCapture: make(chan struct{}, 1)}
	var packets [][]byte
	enc, err := newEncoder(OutboundConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer enc.Close()
	out := newOutbound(d, OutboundConfig{Write: func(payload []byte, _ uint32, _ bool) error {
		packets = append(packets, append([]byte(nil), payload...))
		return nil
	}}, enc)
	dec, err := codec.NewOpusDecoder()
	if err != nil {
		b.Fatal(err)
	}
	in := newInbound(d, InboundConfig{Read: func() (*rtp.Packet, error) { return nil, io.EOF }}, dec)
	defer dec.Close()
	d.inbound = []*Inbound{in}
	limiter := newLimiter()
	var block [blockSamples]float32
	pcm := sine(sampleRate, 0, 220, 0.3)
	seq, now := uint16(0), int64(1)
	b.ReportAllocs()
	b.ResetTimer()
	for k := 0; b.Loop(); k++ {
		at := k % 100 * blockSamples
		out.pcm.put(pcm[at : at+blockSamples])
		if out.pcm.len() >= frameSamples {
			out.pcm.take(out.frame[:])
			out.send(out.frame[:])
		}
		for _, payload := range packets {
			in.receive(&rtp.Packet{Header: rtp.Header{
				SequenceNumber: seq, Timestamp: uint32(seq) * frameSamples,
			}, Payload: payload}, now)
			seq++
		}
		packets = packets[:0]
		in.pull(block[:], now, blockSamples, blockSamples)
		limiter.apply(block[:])
		now += blockSamples
	}
}

// BenchmarkInbound is the receiving part of it.
func BenchmarkInbound(b *testing.B) {
	l := newLine(nil)
	dec, err := codec.NewOpusDecoder()
	if err != nil {
		b.Fatal(err)
	}
	defer dec.Close()
	enc, err := newEncoder(OutboundConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer enc.Close()
	l.player.decoder = dec
	payload := make([]byte, 1500)
	n, err := enc.Encode(sine(frameSamples, 0, 220, 0.3), payload)
	if err != nil {
		b.Fatal(err)
	}
	var block [blockSamples]float32
	b.ReportAllocs()
	for k := 0; b.Loop(); k++ {
		if k%2 == 0 {
			l.head.insert(arrival{ssrc: 1, seq: uint16(k / 2), ts: uint32(k / 2 * frameSamples), samples: frameSamples, payload: payload[:n]}, l.now)
		}
		l.player.pull(block[:], l.now)
		l.now += blockSamples
	}
}

// BenchmarkRing is a tone's 10 ms.
func BenchmarkRing(b *testing.B) {
	v := newVoice(Ring)
	var block [blockSamples]float32
	b.ReportAllocs()
	for b.Loop() {
		clear(block[:])
		v.render(block[:])
	}
}

// BenchmarkCallback is a device's capture and play-out of 10 ms.
func BenchmarkCallback(b *testing.B) {
	d := &Desk{wakePlay: make(chan struct{}, 1), wakeCapture: make(chan struct{}, 1)}
	s := newSession(d, func() {}, true)
	var block [blockSamples]float32
	b.ReportAllocs()
	for b.Loop() {
		s.capture(block[:])
		s.captured.skip(blockSamples)
		s.played.put(block[:])
		s.playout(block[:])
	}
}
