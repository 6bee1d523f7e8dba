package video

import (
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"

	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// stream makes packets of real frames, at most 300 bytes each, as a browser
// sends them.
type stream struct {
	t       *testing.T
	pool    i420.Pool
	enc     *frameEncoder
	seq     uint16
	time    uint32
	picture uint16
	noID    bool
	count   int
}

func newStream(t *testing.T) *stream {
	p := codec.NewVP8Params()
	p.KeepAllFrames = true
	s := &stream{t: t, enc: newFrameEncoder(p), seq: 65500, time: 0xffff0000, picture: 0x7ffa}
	t.Cleanup(s.enc.close)
	return s
}

// frame gives the packets of the next frame.
func (s *stream) frame(key bool) []*rtp.Packet {
	s.t.Helper()
	p := painted(&s.pool, 160, 120, s.count)
	defer p.Release()
	p.CapturedAt = time.Unix(2000, 0).Add(time.Duration(s.count) * time.Second / 30)
	s.count++
	f, err := s.enc.encode(p, wishes{bitrate: 500_000, speed: 6}, key)
	if err != nil || f.data == nil {
		s.t.Fatalf("encode: %v", err)
	}
	defer f.release()
	return s.packets(f.data)
}

func (s *stream) packets(frame []byte) (out []*rtp.Packet) {
	for i := 0; i < len(frame); i += 300 {
		part := frame[i:min(i+300, len(frame))]
		head := []byte{0, 0, 0, 0}
		switch {
		case s.noID:
			head = head[:1]
		default:
			head[0], head[1], head[2], head[3] = 0x80, 0x80, 0x80|byte(s.picture>>8), byte(s.picture)
		}
		if i == 0 {
			head[0] |= 0x10
		}
		out = append(out, &rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: s.seq, Timestamp: s.time, Marker: i+300 >= len(frame)},
			Payload: append(head, part...),
		})
		s.seq++
	}
	s.time += 3000
	s.picture = (s.picture + 1) & 0x7fff
	return out
}

// far is the far end of a receiver under test.
type far struct {
	packets  chan *rtp.Packet
	requests atomic.Int32
	shown    atomic.Int32
	first    atomic.Int32
	mu       sync.Mutex
	asked    []time.Time // when
	*Receiver
}

func newFar() *far {
	f := &far{packets: make(chan *rtp.Packet)}
	f.Receiver = NewReceiver(ReceiverConfig{
		Read: func() (*rtp.Packet, error) {
			p, ok := <-f.packets
			if !ok {
				return nil, io.EOF
			}
			return p, nil
		},
		RequestKeyFrame: func() {
			f.requests.Add(1)
			f.mu.Lock()
			defer f.mu.Unlock()
			f.asked = append(f.asked, time.Now())
		},
		OnFirstFrame: func(w, h int) { f.first.Store(int32(w*1000 + h)) },
	})
	f.Subscribe(func(*i420.Picture) { f.shown.Add(1) })
	return f
}

// send delivers packets and waits until all are dealt with.
func (f *far) send(packets ...*rtp.Packet) {
	for _, p := range packets {
		f.packets <- p
		synctest.Wait()
	}
}

func (f *far) end() {
	close(f.packets)
	f.Close()
	f.Close()
}

func (f *far) expect(t *testing.T, decoded, dropped int, requests int32) {
	t.Helper()
	s := f.Stats()
	if int(s.FramesDecoded) != decoded || int(s.FramesDropped) != dropped || f.requests.Load() != requests {
		t.Errorf("decoded %d, dropped %d, %d requests; want %d, %d, %d",
			s.FramesDecoded, s.FramesDropped, f.requests.Load(), decoded, dropped, requests)
	}
}

func run(t *testing.T, test func(t *testing.T, s *stream, f *far)) {
	s := newStream(t)
	synctest.Test(t, func(t *testing.T) {
		s.t = t
		f := newFar()
		test(t, s, f)
		f.end()
	})
}

func TestReceiverDecodesInOrder(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		if f.Last() != nil {
			t.Error("a picture before the first")
		}
		for range 20 {
			f.send(s.frame(false)...)
			time.Sleep(time.Second / 30)
		}
		f.expect(t, 20, 0, 0)
		if f.first.Load() != 160120 || f.shown.Load() != 20 {
			t.Errorf("first %d, shown %d", f.first.Load(), f.shown.Load())
		}
		if s := f.Stats(); s.Width != 160 || s.Height != 120 || s.FPS < 29 || s.FPS > 31 || s.Freezes != 0 {
			t.Errorf("%+v", s)
		}
		last := f.Last()
		if last == nil || last.Width() != 160 {
			t.Fatal("no last picture")
		}
		last.Release()
		got := make(chan int, 1)
		defer f.Subscribe(func(p *i420.Picture) { got <- p.Width() })()
		if <-got != 160 {
			t.Error("a new subscriber does not begin with the last picture")
		}
	})
}

func TestReceiverPutsPacketsInOrder(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		for range 10 {
			a, b := s.frame(false), s.frame(true)
			all := append(a, b...)
			for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
				all[i], all[j] = all[j], all[i]
			}
			for _, p := range all {
				f.send(p, p) // and twice
			}
		}
		if s := f.Stats(); s.FramesDecoded != 21 || f.requests.Load() != 0 {
			t.Errorf("%+v, %d requests", s, f.requests.Load())
		}
	})
}

func TestReceiverWaitsForARetransmission(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		late := s.frame(false)
		f.send(late[1:]...)
		next := s.frame(false)
		f.send(next...)
		f.expect(t, 1, 0, 0)
		time.Sleep(defaultWait - time.Millisecond)
		f.send(late[0])
		f.expect(t, 3, 0, 0)
	})
}

func TestReceiverAsksForAKeyFrameAfterALoss(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		s.frame(false) // lost as a whole
		f.send(s.frame(false)...)
		f.expect(t, 1, 0, 0)
		time.Sleep(defaultWait)
		synctest.Wait()
		f.expect(t, 1, 1, 1)
		for range 5 { // within 200 ms of the first request
			time.Sleep(20 * time.Millisecond)
			f.send(s.frame(false)...)
		}
		f.expect(t, 1, 6, 1)
		time.Sleep(10 * time.Second)
		if n := f.requests.Load(); n < 5 || n > 9 {
			t.Errorf("%d requests in ten seconds", n)
		}
		before := f.requests.Load()
		f.send(s.frame(true)...)
		f.send(s.frame(false)...)
		f.expect(t, 3, 6, before)
		if s := f.Stats(); s.Freezes != 0 { // one interval is needed to know what is usual
			t.Errorf("%d freezes", s.Freezes)
		}
	})
}

// A path that breaks each answer must not make a request of every picture.
func TestReceiverSpacesRequestsThroughAnswers(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		for range 300 { // ten seconds: a key frame, then one that cannot be decoded
			f.send(s.packets([]byte{0x31, 0xff, 0xff, 1, 2, 3})...)
			time.Sleep(time.Second / 60)
			f.send(s.frame(true)...)
			time.Sleep(time.Second / 60)
		}
		f.mu.Lock()
		asked := f.asked
		f.mu.Unlock()
		if len(asked) < 10 {
			t.Errorf("%d requests", len(asked))
		}
		for i, at := range asked[1:] {
			if gap := at.Sub(asked[i]); gap < firstRequest {
				t.Errorf("request %d came %v after the one before", i+1, gap)
			}
		}
	})
}

func TestReceiverTakesAKeyFrameWithoutWaiting(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		s.frame(false)
		f.send(s.frame(false)...)
		time.Sleep(defaultWait)
		synctest.Wait()
		s.frame(false) // another loss: would be waited for again
		f.send(s.frame(true)...)
		f.expect(t, 2, 1, 1)
	})
}

func TestReceiverBeginsInTheMiddle(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		s.frame(false)
		rest := s.frame(true)
		f.send(rest[1:]...) // the beginning was before our time
		f.send(s.frame(false)...)
		f.expect(t, 0, 2, 1)
		f.send(s.frame(true)...)
		f.expect(t, 1, 2, 1)
	})
}

func TestReceiverLostPaddingIsNoLoss(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		f.send(&rtp.Packet{Header: rtp.Header{SequenceNumber: s.seq, Timestamp: s.time - 3000}})
		s.seq++
		f.send(s.frame(false)...)
		s.seq++ // padding that was lost: the pictures' numbers go on
		f.send(s.frame(false)...)
		time.Sleep(defaultWait)
		synctest.Wait()
		f.expect(t, 3, 0, 0)
		s.picture++ // a picture left out without a gap in the packets
		f.send(s.frame(false)...)
		f.expect(t, 3, 1, 1)
	})
}

func TestReceiverWithoutPictureNumbers(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		s.noID = true
		f.send(s.frame(false)...)
		f.send(s.frame(false)...)
		s.seq++
		f.send(s.frame(false)...)
		time.Sleep(defaultWait)
		synctest.Wait()
		f.expect(t, 2, 1, 1)
	})
}

func TestReceiverLostMarker(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		for i := range 4 {
			packets := s.frame(false)
			if i == 1 {
				packets[len(packets)-1].Marker = false
			}
			f.send(packets...)
		}
		f.expect(t, 4, 0, 0)
	})
}

func TestReceiverSurvivesASenderThatBeginsAnew(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		for _, jump := range []uint16{30000, 40000} { // far ahead; far behind
			s.seq += jump
			s.time += 77777
			for range 40 {
				f.send(s.frame(true)...)
			}
		}
		if s := f.Stats(); s.FramesDecoded < 60 {
			t.Errorf("%+v", s)
		}
	})
}

func TestReceiverDamagedFrame(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		f.send(s.frame(false)...)
		f.send(s.packets([]byte{0x31, 0xff, 0xff, 1, 2, 3})...)
		f.send(s.packets([]byte{0x10, 2, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})...)
		f.expect(t, 1, 2, 1)
		f.send(s.frame(true)...)
		f.expect(t, 2, 2, 1)
	})
}

func TestReceiverCountsFreezes(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		play := func(n int) {
			for range n {
				f.send(s.frame(false)...)
				time.Sleep(40 * time.Millisecond)
			}
		}
		play(20)
		time.Sleep(460 * time.Millisecond)
		play(20)
		if s := f.Stats(); s.Freezes != 1 || s.FreezeTime != 500*time.Millisecond {
			t.Errorf("%d freezes of %v", s.Freezes, s.FreezeTime)
		}
		f.Interrupt()
		time.Sleep(time.Minute)
		play(5)
		if s := f.Stats(); s.Freezes != 1 {
			t.Errorf("hold counts as a freeze: %d", s.Freezes)
		}
	})
}

// TestReceiverUnderRandomLoss has packets lost, late, doubled and swapped; what
// is decoded must look like what was sent.
func TestReceiverUnderRandomLoss(t *testing.T) {
	run(t, func(t *testing.T, s *stream, f *far) {
		rnd := newRand(7)
		var late []*rtp.Packet
		answered := int32(0)
		for i := range 300 {
			n := f.requests.Load()
			packets := s.frame(n != answered)
			answered = n
			for _, p := range packets {
				switch rnd.IntN(60) {
				case 0: // lost
				case 1:
					late = append(late, p)
				case 2:
					f.send(p, p)
				default:
					f.send(p)
				}
			}
			time.Sleep(time.Second / 30)
			if i%3 == 0 {
				f.send(late...)
				late = nil
			}
		}
		if s := f.Stats(); s.FramesDecoded < 100 || f.requests.Load() == 0 || s.FramesDecoded+s.FramesDropped < 250 {
			t.Errorf("%+v, %d requests", s, f.requests.Load())
		}
	})
}

func TestSenderToReceiver(t *testing.T) {
	r := newRig(t, SenderConfig{})
	packets := make(chan *rtp.Packet, 1024)
	shown := make(chan *i420.Picture, 64)
	recv := NewReceiver(ReceiverConfig{
		Read: func() (*rtp.Packet, error) {
			p, ok := <-packets
			if !ok {
				return nil, io.EOF
			}
			return p, nil
		},
		RequestKeyFrame: r.sender.ForceKeyFrame,
	})
	defer recv.Subscribe(func(p *i420.Picture) { shown <- p.Retain() })()
	r.sender.SetActive(true)
	camera := within(t, r.camera, "camera")
	s := &stream{t: t}
	for i := range 30 {
		f := r.encode(t, camera, 320, 240, i)
		s.time = f.RTPTime
		for _, p := range s.packets(f.Data) {
			packets <- p
		}
		got := within(t, shown, "picture")
		want := painted(&r.pool, 320, 240, i)
		if d := meanDifference(got.Y, want.Y); d > 6 {
			t.Errorf("picture %d differs by %.1f", i, d)
		}
		got.Release()
		want.Release()
	}
	close(packets)
	recv.Close()
}

func meanDifference(a, b []byte) float64 {
	sum := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		sum += max(d, -d)
	}
	return float64(sum) / float64(len(a))
}
