package codec

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/cmplx"
	"os"
	"testing"
)

// BenchmarkOpusEncode encodes 20 ms of speech at each complexity, and says how far
// what is decoded is from it: the mean distance of their spectra, in 64 bands of
// equal width to the ear, from 50 Hz to 20 kHz. TRING_BENCH_SPEECH may name a WAV
// file of 48 kHz, mono, 16 bit, else the speech is made up.
func BenchmarkOpusEncode(b *testing.B) {
	voice := benchSpeech(b)
	for _, complexity := range []int{10, 9, 7, 6, 5, 3} {
		b.Run(fmt.Sprintf("complexity=%d", complexity), func(b *testing.B) {
			config := OpusConfig{FEC: true, PacketLossPercent: 5, Complexity: complexity}
			enc, _ := newOpus(b, config)
			packet := make([]byte, MaxOpusPacket)
			at := 0
			for b.Loop() {
				if at += frame20ms; at+frame20ms > len(voice) {
					at = 0
				}
				if _, err := enc.Encode(voice[at:at+frame20ms], packet); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(spectralDistance(b, config, voice), "dB-off")
		})
	}
}

func benchSpeech(b *testing.B) []float32 {
	b.Helper()
	const header, seconds = 44, 10
	pcm := make([]float32, seconds*OpusClockRate)
	path := os.Getenv("TRING_BENCH_SPEECH")
	if path == "" {
		speech(pcm, 0)
		return pcm
	}
	data, err := os.ReadFile(path)
	if err != nil || len(data) < header+2*OpusClockRate {
		b.Fatalf("%s: %d bytes, %v", path, len(data), err)
	}
	data = data[header:]
	pcm = pcm[:min(len(pcm), len(data)/2)]
	for i := range pcm {
		pcm[i] = float32(int16(binary.LittleEndian.Uint16(data[2*i:]))) / 32768
	}
	return pcm
}

func spectralDistance(b *testing.B, config OpusConfig, in []float32) float64 {
	b.Helper()
	const window, delay, quiet = 512, 312, 1e-6 // delay: that of libopus
	enc, dec := newOpus(b, config)
	packet := make([]byte, MaxOpusPacket)
	out := make([]float32, len(in)/frame20ms*frame20ms)
	for at := 0; at < len(out); at += frame20ms {
		n, err := enc.Encode(in[at:at+frame20ms], packet)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := dec.Decode(packet[:n], out[at:at+frame20ms]); err != nil {
			b.Fatal(err)
		}
	}
	sum, count := 0.0, 0
	for at := OpusClockRate / 2; at+delay+window <= len(out); at += window {
		if energy(in[at:at+window]) < quiet*window {
			continue
		}
		want, got := bands(in[at:at+window]), bands(out[at+delay:at+delay+window])
		squares := 0.0
		for i := range want {
			squares += (want[i] - got[i]) * (want[i] - got[i])
		}
		sum += math.Sqrt(squares / float64(len(want)))
		count++
	}
	return sum / float64(count)
}

// bands are the levels, in dB.
func bands(pcm []float32) (levels [64]float64) {
	for k := range levels {
		omega := -2 * math.Pi / OpusClockRate * 50 * math.Pow(20000.0/50, (float64(k)+0.5)/float64(len(levels)))
		var sum complex128
		for n, v := range pcm {
			hann := 0.5 - 0.5*math.Cos(2*math.Pi*float64(n)/float64(len(pcm)))
			sum += complex(float64(v)*hann, 0) * cmplx.Rect(1, omega*float64(n))
		}
		levels[k] = 10 * math.Log10(real(sum)*real(sum)+imag(sum)*imag(sum)+1e-7)
	}
	return levels
}
