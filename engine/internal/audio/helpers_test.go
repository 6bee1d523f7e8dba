package audio

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sine fills n samples from sample number from on.
func sine(n, from int, hz, level float64) []float32 {
	pcm := make([]float32, n)
	for i := range pcm {
		pcm[i] = float32(level * math.Sin(2*math.Pi*hz*float64(from+i)/sampleRate))
	}
	return pcm
}

// goertzel is the amplitude of one frequency in pcm.
func goertzel(pcm []float32, hz float64) float64 {
	w := 2 * math.Pi * hz / sampleRate
	var s1, s2 float64
	for _, v := range pcm {
		s1, s2 = float64(v)+2*math.Cos(w)*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - 2*math.Cos(w)*s1*s2
	return 2 * math.Sqrt(math.Max(power, 0)) / float64(len(pcm))
}

// pitch is the frequency near hz, within ±5 %, that is strongest.
func pitch(pcm []float32, hz float64) float64 {
	best, at := 0.0, 0.0
	for f := hz * 0.95; f <= hz*1.05; f += hz * 0.001 {
		if a := goertzel(pcm, f); a > best {
			best, at = a, f
		}
	}
	return at
}

// largestStep is the largest difference of two neighbours.
func largestStep(pcm []float32) (step float64) {
	for i := 1; i < len(pcm); i++ {
		step = max(step, math.Abs(float64(pcm[i]-pcm[i-1])))
	}
	return step
}

func rms(pcm []float32) float64 {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(len(pcm), 1)))
}

// sineDecoder "decodes" packets that name their first sample into a sine; what
// it conceals goes on with it, as a perfect decoder would.
type sineDecoder struct {
	hz, level float64
	samples   int
	at        int // sample that comes next
	concealed int
	recovered int
}

func (s *sineDecoder) Decode(packet []byte, pcm []float32) (int, error) {
	if len(packet) < 8 {
		return 0, errors.New("short")
	}
	s.at = int(binary.BigEndian.Uint64(packet[len(packet)-8:]))
	s.make(pcm[:s.samples])
	return s.samples, nil
}

func (s *sineDecoder) DecodeFEC(_ []byte, pcm []float32) error {
	s.recovered += len(pcm)
	s.make(pcm)
	return nil
}

func (s *sineDecoder) Conceal(pcm []float32) error {
	s.concealed += len(pcm)
	s.make(pcm)
	return nil
}

func (s *sineDecoder) make(pcm []float32) {
	copy(pcm, sine(len(pcm), s.at, s.hz, s.level))
	s.at += len(pcm)
}

func (s *sineDecoder) Close() error { return nil }

// sinePacket is what a sineDecoder takes: a SILK header with or without the
// flag of a copy, and the sample number.
func sinePacket(sample int, copied bool) []byte {
	p := make([]byte, 10)
	p[0] = 9 << 3 // SILK, wide band, 20 ms, one frame
	if copied {
		p[1] = 0x40
	}
	binary.BigEndian.PutUint64(p[2:], uint64(sample))
	return p
}

// line is one stream in virtual time: packets go in, blocks come out.
type line struct {
	t       *testing.T
	head    playhead
	player  player
	decoder *sineDecoder
	now     int64
	out     []float32
}

func newLine(t *testing.T) *line {
	l := &line{t: t, decoder: &sineDecoder{hz: 440, level: 0.5, samples: frameSamples}, now: 1}
	l.head.jitter.delay.reset()
	l.player.steps, l.player.decoder = l, l.decoder
	return l
}

func (l *line) next(now int64) step   { return l.head.next(now) }
func (l *line) follow() ([]byte, int) { return l.head.follow() }
func (l *line) stretched(by int64)    { l.head.shiftLow(by) }

// send lets packet number k of a stream that began at RTP time and number base
// arrive now.
func (l *line) send(k int, base uint32, copied bool) verdict {
	return l.head.insert(arrival{
		ssrc: 1, seq: uint16(base) + uint16(k), ts: base + uint32(k*frameSamples),
		samples: frameSamples, payload: sinePacket(k*frameSamples, copied),
	}, l.now)
}

// play takes a block and lets 10 ms pass.
func (l *line) play() {
	l.pull(blockSamples)
	l.now += blockSamples
}

func (l *line) pull(n int) {
	var block [blockSamples]float32
	l.player.pull(block[:n], l.now)
	l.out = append(l.out, block[:n]...)
}

// delay is how far play-out runs behind the fastest packets.
func (l *line) delay() int64 {
	return l.head.delayAt(l.head.cursor+l.head.filled-int64(l.player.held), l.now)
}

// runLate lets packets from up to to arrive, each so many ms late, and takes 5 ms
// at a time.
func (l *line) runLate(from, to int, late func(k int) int) {
	for ms := range 20 * (to - from) {
		for k := max(from, from+ms/20-5); k < min(to, from+ms/20+1); k++ {
			due := 20 * (k - from)
			if late != nil {
				due += late(k)
			}
			if due == ms {
				l.send(k, 7, true)
			}
		}
		if ms%5 == 0 {
			l.pull(mixSamples)
		}
		l.now += millisecond
	}
}

// run lets packets from up to to arrive in time, each unless skip says so.
func (l *line) run(from, to int, base uint32, skip func(k int) bool) {
	for k := from; k < to; k++ {
		if skip == nil || !skip(k) {
			l.send(k, base, true)
		}
		l.play()
		l.play()
	}
}

func near(got, want, by float64) bool { return math.Abs(got-want) <= by }

// maxSineStep is the steepest a sine of hz and level can be from sample to
// sample.
func maxSineStep(hz, level float64) float64 { return level * 2 * math.Pi * hz / sampleRate }
