//go:build unix

package video

import (
	"context"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"

	"tring/engine"
	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// marked is a number that survives encoding: 16 cells of black or white.
const (
	markCells = 16
	markSize  = 16 // pixels
)

func mark(p *i420.Picture, n int) {
	for cell := range markCells {
		v := byte(40)
		if n>>cell&1 == 1 {
			v = 210
		}
		for y := range markSize {
			row := p.Y[y*p.YStride+cell*markSize:][:markSize]
			for x := range row {
				row[x] = v
			}
		}
	}
}

// readMark gives the number on a picture that may be smaller than it was, in
// eighths of 1280 pixels.
func readMark(p *i420.Picture) (n int) {
	cell := float64(markSize) * float64(p.Width()) / 1280
	for i := range markCells {
		x, y := int((float64(i)+0.5)*cell), int(cell/2)
		if p.Y[y*p.YStride+x] > 128 {
			n |= 1 << i
		}
	}
	return n
}

// studio is a camera with a noisy scene in which something moves, 30 times a
// second.
type studio struct {
	pool   i420.Pool
	scenes []*i420.Picture
	taken  []atomic.Int64 // when each picture was taken, in ns since start
	start  time.Time
	i      int
	closed chan struct{}
	once   sync.Once
}

func newStudio(n int) *studio {
	s := &studio{taken: make([]atomic.Int64, n+1), closed: make(chan struct{})}
	for i := range 16 {
		p := painted(&s.pool, 1280, 720, i)
		rnd := rand.New(rand.NewPCG(uint64(i), 9))
		for y := range 720 {
			for x := range 1280 {
				v := 70 + (x/40+y/30)%7*15 + rnd.IntN(5)
				if dx, dy := x-600-i*4, y-360; dx*dx+dy*dy < 180*180 {
					v = 130 + (dx+dy)%40
				}
				p.Y[y*p.YStride+x] = byte(v)
			}
		}
		s.scenes = append(s.scenes, p)
	}
	return s
}

func (s *studio) Read() (*i420.Picture, error) {
	if s.start.IsZero() {
		s.start = time.Now()
	}
	if s.i >= len(s.taken) {
		<-s.closed
		return nil, engine.ErrClosed
	}
	select {
	case <-time.After(time.Until(s.start.Add(time.Duration(s.i) * time.Second / 30))):
	case <-s.closed:
		return nil, engine.ErrClosed
	}
	k := s.i % 30
	if k >= 16 {
		k = 30 - k
	}
	p := s.pool.Get(1280, 720)
	p.CapturedAt = time.Now()
	copy(p.Y, s.scenes[k].Y)
	copy(p.Cb, s.scenes[k].Cb)
	copy(p.Cr, s.scenes[k].Cr)
	mark(p, s.i)
	s.taken[s.i].Store(int64(p.CapturedAt.Sub(s.start)))
	s.i++
	return p, nil
}

func (s *studio) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// BenchmarkPipeline sends 1280x720 pictures, 30 a second at 2.5 Mbit/s, from a
// camera through hub, sender, packets in memory, and receiver. Run it with
// -benchtime=300x: ten seconds.
//
//	p50-ms, p95-ms   from taken to delivered after decoding
//	cpu-ms/frame     of both ends together
//	encode-ms        from a picture in the sender's hands to its frame
//	fps              delivered
//	wide             pixels of the last picture: 1280 unless the machine is too slow
//	allocs/frame     those of making the packets included
func BenchmarkPipeline(b *testing.B) {
	cam := newStudio(b.N)
	hub := NewHub(nil)
	defer hub.Close()
	hub.SetOpener(func(context.Context) (Source, error) { return cam, nil })
	packets := make(chan *rtp.Packet, 4096)
	p := &packer{out: packets}
	sender := NewSender(SenderConfig{Hub: hub, Builder: codec.NewVP8Params(), BitrateBPS: 2_500_000, Write: p.write})
	recv := NewReceiver(ReceiverConfig{
		Read: func() (*rtp.Packet, error) {
			p, ok := <-packets
			if !ok {
				return nil, io.EOF
			}
			return p, nil
		},
		RequestKeyFrame: sender.ForceKeyFrame,
	})
	var mu sync.Mutex
	var delays []time.Duration
	last := make(chan struct{})
	done := sync.OnceFunc(func() { close(last) })
	cancel := recv.Subscribe(func(p *i420.Picture) {
		n := readMark(p)
		if n > b.N {
			return
		}
		mu.Lock()
		delays = append(delays, time.Since(cam.start)-time.Duration(cam.taken[n].Load()))
		mu.Unlock()
		if n == b.N {
			done()
		}
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := processorTime(b)
	begun := time.Now()
	b.ResetTimer()
	sender.SetActive(true)
	select {
	case <-last:
	case <-time.After(time.Duration(b.N)*time.Second/30 + 5*time.Second): // the last one was left out
	}
	b.StopTimer()
	took := time.Since(begun)
	cpu = processorTime(b) - cpu
	runtime.ReadMemStats(&after)
	cancel()
	sender.Close()
	close(packets)
	recv.Close()
	mu.Lock()
	defer mu.Unlock()
	if len(delays) == 0 {
		b.Fatal("nothing was delivered")
	}
	slices.Sort(delays)
	ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
	frames := float64(len(delays))
	b.ReportMetric(ms(delays[len(delays)/2]), "p50-ms")
	b.ReportMetric(ms(delays[len(delays)*95/100]), "p95-ms")
	b.ReportMetric(ms(cpu)/frames, "cpu-ms/frame")
	b.ReportMetric(ms(sender.Stats().EncodeTime), "encode-ms")
	b.ReportMetric(frames/took.Seconds(), "fps")
	b.ReportMetric(float64(recv.Stats().Width), "wide")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/frames, "allocs/frame")
	b.ReportMetric(0, "ns/op") // is the frame interval, and says nothing
}

// packer makes packets of frames, as the peer does.
type packer struct {
	out     chan<- *rtp.Packet
	seq     uint16
	picture uint16
}

func (k *packer) write(f EncodedFrame) error {
	const most = 1180
	k.picture = (k.picture + 1) & 0x7fff
	for i := 0; i < len(f.Data); i += most {
		payload := append([]byte{0x80, 0x80, 0x80 | byte(k.picture>>8), byte(k.picture)}, f.Data[i:min(i+most, len(f.Data))]...)
		if i == 0 {
			payload[0] |= 0x10
		}
		k.out <- &rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: k.seq, Timestamp: f.RTPTime, Marker: i+most >= len(f.Data)},
			Payload: payload,
		}
		k.seq++
	}
	return nil
}

func processorTime(b *testing.B) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
