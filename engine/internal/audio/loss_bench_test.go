package audio

import (
	"math/rand/v2"
	"testing"

	"tring/engine/internal/audio/audiotest"
	"tring/engine/internal/codec"
)

// lossyLine sends speech through a real Opus encoder, a network that loses and
// delays, and the jitter buffer, in virtual time.
type lossyLine struct {
	loss    float64 // share of packets
	jitter  int     // ms, evenly spread
	seconds int
	bps     int
	twice   bool // each packet is sent twice, as package peer does
}

type lossyResult struct {
	concealed float64 // share of the time somebody spoke
	delay     float64 // ms that play-out runs behind the fastest packets, mean
	late      uint64
	recovered float64 // share of the lost packets
}

// play runs the line. The far end reports its loss as RTCP would.
func (l lossyLine) play(t testing.TB) (r lossyResult) {
	t.Helper()
	enc, err := codec.NewOpusEncoder(codec.OpusConfig{BitrateBPS: l.bps, FEC: true, DTX: true, PacketLossPercent: usualLoss})
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	if l.loss > 0 {
		if err := enc.SetPacketLoss(expectedLoss(100 * l.loss)); err != nil {
			t.Fatal(err)
		}
	}
	dec, err := codec.NewOpusDecoder()
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	line := &line{now: 1}
	line.head.jitter.delay.reset()
	line.player.steps, line.player.decoder = line, dec

	random := rand.New(rand.NewPCG(11, 12))
	speech := audiotest.Speech(2, 20*sampleRate, 0.1)
	arrivals := map[int64][]arrival{} // by block
	var block [blockSamples]float32
	payload := make([]byte, codec.MaxOpusPacket)
	blocks, delays := 0, 0.0
	for k := range l.seconds * 50 {
		at := k * frameSamples % len(speech)
		n, err := enc.Encode(speech[at:at+frameSamples], payload)
		if err != nil {
			t.Fatal(err)
		}
		arrives := random.Float64() >= l.loss
		if l.twice {
			arrives = random.Float64() >= l.loss || arrives
		}
		if arrives {
			due := int64(2*k) + int64(random.IntN(l.jitter+1))/10
			arrivals[due] = append(arrivals[due], arrival{
				ssrc: 1, seq: uint16(k), ts: uint32(k * frameSamples),
				samples: frameSamples, payload: append([]byte(nil), payload[:n]...),
			})
		}
		for b := int64(2 * k); b < int64(2*k+2); b++ {
			for _, a := range arrivals[b] {
				if line.head.insert(a, line.now) == late {
					r.late++
				}
			}
			delete(arrivals, b)
			line.player.pull(block[:], line.now)
			line.now += blockSamples
			if k > 250 {
				blocks++
				delays += float64(line.delay())
			}
		}
	}
	r.concealed = float64(line.head.concealed) / float64(l.seconds*sampleRate)
	r.delay = delays / float64(blocks) / millisecond
	r.recovered = float64(line.head.recovered) / float64(max(line.head.lost, 1))
	return r
}

// BenchmarkLoss says how much sound is made up (concealed) where the network
// loses packets and spreads them over 20 ms.
func BenchmarkLoss(b *testing.B) {
	if testing.Short() {
		b.Skip("a long measurement; make bench takes it")
	}
	for name, l := range map[string]lossyLine{
		"loss=00": {loss: 0}, "loss=02": {loss: 0.02}, "loss=05": {loss: 0.05}, "loss=10": {loss: 0.1}, "loss=20": {loss: 0.2},
		"loss=05/twice": {loss: 0.05, twice: true}, "loss=10/twice": {loss: 0.1, twice: true}, "loss=20/twice": {loss: 0.2, twice: true},
	} {
		b.Run(name, func(b *testing.B) {
			l.jitter, l.seconds = 20, 60
			for b.Loop() {
				r := l.play(b)
				b.ReportMetric(100*r.concealed, "%concealed")
				b.ReportMetric(r.delay, "ms-delay")
				b.ReportMetric(100*r.recovered, "%recovered")
			}
		})
	}
}

func TestTenPercentLossIsMostlyRepaired(t *testing.T) {
	r := lossyLine{loss: 0.1, jitter: 20, seconds: 60}.play(t)
	t.Logf("%+v", r)
	if r.concealed > 0.025 {
		t.Errorf("%.1f %% of the sound is made up at 10 %% loss, want at most 2.5", 100*r.concealed)
	}
	if r.delay > 80 {
		t.Errorf("play-out is %.0f ms behind, want at most 80", r.delay)
	}
}
