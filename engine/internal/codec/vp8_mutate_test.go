package codec

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"tring/engine/internal/i420"
)

// mutator changes real frames in the ways that a broken or hostile sender may.
// The same seed makes the same frames.
type mutator struct {
	rnd    *rand.Rand
	corpus [][]byte // in the order of decoding; the first of each size is a key frame
}

func newMutator(t testing.TB, seed uint64) *mutator {
	m := &mutator{rnd: rand.New(rand.NewPCG(seed, 1))}
	for _, size := range [][2]int{{64, 48}, {175, 143}, {320, 180}} {
		m.corpus = append(m.corpus, realFrames(t, size[0], size[1], 6)...)
	}
	return m
}

// next gives a frame, as often a key frame as not, of which something is wrong.
func (m *mutator) next() []byte {
	f := bytes.Clone(m.corpus[m.rnd.IntN(len(m.corpus))])
	for range 1 + m.rnd.IntN(3) {
		f = m.change(f)
	}
	return f
}

func (m *mutator) change(f []byte) []byte {
	if len(f) < 12 {
		return append(f, byte(m.rnd.Uint32()))
	}
	at := m.rnd.IntN(len(f))
	switch m.rnd.IntN(9) {
	case 0: // one bit
		f[at] ^= 1 << m.rnd.IntN(8)
	case 1: // many bytes
		for i := at; i < min(at+1+m.rnd.IntN(64), len(f)); i++ {
			f[i] = byte(m.rnd.Uint32())
		}
	case 2: // cut off
		f = f[:at]
	case 3: // the partitions' headers
		f[10+m.rnd.IntN(min(20, len(f)-10))] = byte(m.rnd.Uint32())
	case 4: // another size
		binary.LittleEndian.PutUint16(f[6:], uint16(m.rnd.Uint32()))
		binary.LittleEndian.PutUint16(f[8:], uint16(m.rnd.Uint32()))
	case 5: // another size that is allowed
		binary.LittleEndian.PutUint16(f[6:], uint16(1+m.rnd.IntN(2048)))
		binary.LittleEndian.PutUint16(f[8:], uint16(1+m.rnd.IntN(2048)))
	case 6: // the tail of another frame
		other := m.corpus[m.rnd.IntN(len(m.corpus))]
		f = append(f[:at:at], other[min(at, len(other)):]...)
	case 7: // another kind of frame
		f[0] ^= byte(m.rnd.IntN(32))
	case 8: // the length of the first partition
		f[1], f[2] = byte(m.rnd.Uint32()), byte(m.rnd.IntN(4))
	}
	return f
}

// bombard has n mutated frames decoded, now and then a good key frame between
// them, and gives the most processor time that one took.
func (m *mutator) bombard(t testing.TB, n int) (worst time.Duration, decoded int) {
	var pool i420.Pool
	dec := newDecoder(t, &pool)
	for i := range n {
		frame := m.next()
		if i%4 == 0 {
			frame = m.corpus[0] // without one, frames between key frames are refused unseen
		}
		begun := cpuTime()
		p, err := dec.Decode(frame)
		worst = max(worst, cpuTime()-begun)
		if (err != nil) && p != nil {
			t.Fatalf("frame %d gave a picture and %v", i, err)
		}
		if p == nil {
			continue
		}
		if p.Width() > MaxVP8Side || p.Height() > MaxVP8Side || p.Width()*p.Height() > MaxVP8Pixels {
			t.Fatalf("frame %d gave %dx%d", i, p.Width(), p.Height())
		}
		decoded++
		p.Release()
	}
	return worst, decoded
}

func TestVP8DecoderSurvivesMutatedFrames(t *testing.T) {
	m := newMutator(t, 1)
	_, decoded := m.bombard(t, 500)
	if decoded < 100 {
		t.Errorf("only %d pictures: the mutations are too coarse to reach the decoder", decoded)
	}
	if runtime.GOOS != "linux" {
		return
	}
	before := residentMB(t)
	m.bombard(t, 2000)
	if grown := residentMB(t) - before; grown > 150 { // a leak of each size would be thousands
		t.Errorf("2000 frames took %d MB", grown)
	}
}

// BenchmarkVP8DecodeMutated decodes mutated frames; -benchtime=100000x for a
// hundred thousand.
//
//	worst-ms   of processor time that one took: more than 100 would be a stall
//	grown-MB   resident memory after them against after the first thousand
func BenchmarkVP8DecodeMutated(b *testing.B) {
	m := newMutator(b, 2)
	m.bombard(b, 1000)
	before := 0
	if runtime.GOOS == "linux" {
		before = residentMB(b)
	}
	b.ResetTimer()
	worst, decoded := m.bombard(b, b.N)
	b.StopTimer()
	b.ReportMetric(worst.Seconds()*1000, "worst-ms")
	b.ReportMetric(float64(decoded)/float64(b.N), "decoded/frame")
	if runtime.GOOS == "linux" {
		b.ReportMetric(float64(residentMB(b)-before), "grown-MB")
	}
}

// BenchmarkVP8DecodeForged decodes what costs a receiver most and a sender
// least: in turn, key frames of the largest sizes allowed with next to nothing
// in them.
func BenchmarkVP8DecodeForged(b *testing.B) {
	dec := newDecoder(b, new(i420.Pool))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var worst time.Duration
	for i := 0; b.Loop(); i++ {
		w, h := MaxVP8Side, MaxVP8Pixels/MaxVP8Side
		if i%2 == 1 {
			w, h = h, w
		}
		length := (w/16)*(h/16)/minKeyMacroblocks + 64
		begun := cpuTime()
		if p, err := dec.Decode(keyHeader(w, h, length-32, length)); err == nil && p != nil {
			p.Release()
		}
		worst = max(worst, cpuTime()-begun)
	}
	b.ReportMetric(worst.Seconds()*1000, "worst-ms")
}
