package peer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/twcc"
	pionnet "github.com/pion/transport/v4"

	"tring/engine/internal/peer/linksim"
)

// shapedNet sends everything over a simulated line.
type shapedNet struct {
	network
	shaper *linksim.Shaper
}

func (n shapedNet) ListenUDP(name string, address *net.UDPAddr) (pionnet.UDPConn, error) {
	conn, err := n.network.ListenUDP(name, address)
	return shapedConn{conn, n.shaper}, err
}

type shapedConn struct {
	pionnet.UDPConn
	shaper *linksim.Shaper
}

func (c shapedConn) WriteTo(b []byte, to net.Addr) (int, error) {
	c.shaper.Send(b, func(b []byte) { _, _ = c.UDPConn.WriteTo(b, to) })
	return len(b), nil
}

// viewer shows frames as a video receiver does: in order, with a wait for what
// is missing, and a key frame asked for when that is over.
type viewer struct {
	begun  time.Time
	frames map[uint32]*viewed
	next   uint32
	need   bool // of a key frame
	stuck  time.Time

	mu    sync.Mutex
	shown []showing
}

type viewed struct {
	have map[uint16]bool
	of   uint16
	key  bool
	at   time.Duration // of its capture
}

type showing struct{ at, latency time.Duration }

// label is what a synthetic frame's packets bear behind the descriptor: a byte
// that says whether the frame is a key frame, its number, the packet's number
// and how many there are, and the time of capture.
const labelSize = 1 + 4 + 2 + 2 + 8

func (v *viewer) read(in *InboundTrack) {
	packets := make(chan []byte, 1024)
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(packets)
		for {
			p, err := in.ReadRTP()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && len(p.Payload) >= vp8Descriptor+labelSize {
				packets <- p.Payload[vp8Descriptor:]
			}
		}
	})
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case b, ok := <-packets:
			if !ok {
				reader.Wait()
				return
			}
			v.take(b)
		case <-ticker.C:
		}
		v.show(time.Since(v.begun), in.RequestKeyFrame)
	}
}

func (v *viewer) take(b []byte) {
	number := binary.BigEndian.Uint32(b[1:])
	if number < v.next {
		return
	}
	f := v.frames[number]
	if f == nil {
		f = &viewed{
			have: make(map[uint16]bool), of: binary.BigEndian.Uint16(b[7:]),
			key: b[0]&1 == 0, at: time.Duration(binary.BigEndian.Uint64(b[9:])),
		}
		v.frames[number] = f
	}
	f.have[binary.BigEndian.Uint16(b[5:])] = true
}

func (v *viewer) whole(number uint32) *viewed {
	if f := v.frames[number]; f != nil && len(f.have) == int(f.of) {
		return f
	}
	return nil
}

func (v *viewer) show(now time.Duration, request func()) {
	for number, f := range v.frames { // a whole key frame ends all waiting
		if f.key && number > v.next && v.whole(number) != nil {
			v.next = number
		}
	}
	for f := v.whole(v.next); f != nil && (!v.need || f.key); f = v.whole(v.next) {
		v.mu.Lock()
		v.shown = append(v.shown, showing{now, now - f.at})
		v.mu.Unlock()
		v.next++
		v.need, v.stuck = false, time.Time{}
	}
	later := false
	for number := range v.frames {
		if number < v.next {
			delete(v.frames, number)
		}
		later = later || number > v.next
	}
	switch {
	case !later:
	case v.stuck.IsZero():
		v.stuck = time.Now()
	case time.Since(v.stuck) > 300*time.Millisecond:
		v.need = true
	}
	if v.need {
		request()
	}
}

// scene is a call over simulated lines: a sends synthetic video to b, and sound
// both ways.
type scene struct {
	a, b        *party
	there, back *linksim.Shaper
	view        *viewer
	targets     []showing // latency is the target, in bit/s
	mu          sync.Mutex
	key         bool
	number      uint32     // of the next frame
	target      func() int // bit/s
}

func newScene(b *testing.B, there, back linksim.Profile, maxBPS int) *scene {
	b.Helper()
	s := &scene{
		there: linksim.NewShaper(there, 1), back: linksim.NewShaper(back, 2), key: true,
		view: &viewer{begun: time.Now(), frames: make(map[uint32]*viewed)},
	}
	s.a = newParty(b, "a", func(c *Config) {
		c.MaxVideoBPS = maxBPS
		c.OnKeyFrameRequest = func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.key = true
		}
	})
	s.b = newParty(b, "b", func(c *Config) {
		hear := c.OnInbound
		c.OnInbound = func(in *InboundTrack) {
			if in.Kind() == Audio {
				hear(in)
				return
			}
			s.b.readers.Go(func() { s.view.read(in) })
		}
	})
	for p, shaper := range map[*party]*linksim.Shaper{s.a: s.there, s.b: s.back} {
		n, err := newNetwork()
		if err != nil {
			b.Fatal(err)
		}
		p.conn.network = shapedNet{n, shaper}
	}
	c := &call{t: b, a: s.a, b: s.b, munge: untouched}
	c.exchange(s.a, s.b, withVideo, withVideo)
	for !s.a.conn.Sending(Video) {
		<-time.After(time.Millisecond)
	}
	s.view.begun = time.Now()
	s.target = s.a.conn.TargetRate
	b.Cleanup(func() {
		s.a.close()
		s.b.close()
		s.there.Close()
		s.back.Close()
	})
	return s
}

// run sends for a while.
func (s *scene) run(d time.Duration) {
	const fps = 30
	from := time.Since(s.view.begun)
	ticker := time.NewTicker(time.Second / fps)
	defer ticker.Stop()
	sound := make([]byte, 80) // 32 kbit/s
	scatter := [...]float64{1.2, 0.8, 1, 0.7, 1.3, 0.9, 1.1, 1}
	for n := 0; ; n++ {
		<-ticker.C
		now := time.Since(s.view.begun)
		if now > from+d {
			return
		}
		_ = s.a.conn.WriteAudio(sound, uint32(now.Microseconds()*48/1000), false)
		target := s.target()
		s.targets = append(s.targets, showing{now, time.Duration(target)})
		if s.a.conn.VideoDelay() > 150*time.Millisecond {
			continue
		}
		s.mu.Lock()
		key := s.key
		s.key = false
		s.mu.Unlock()
		size := float64(target) / 8 / fps * scatter[n%len(scatter)]
		if key {
			size *= 8
		}
		s.send(int(size), key, now)
	}
}

// send writes a synthetic frame: each packet of it bears a label.
func (s *scene) send(size int, key bool, at time.Duration) {
	const room = maxPayload - vp8Descriptor
	of := max((size+room-1)/room, 1)
	size = max(size, of*(labelSize+1))
	frame := make([]byte, size)
	for i := range of {
		label := frame[i*size/of:]
		label[0] = 1
		if key {
			label[0] = 0
		}
		binary.BigEndian.PutUint32(label[1:], s.number)
		binary.BigEndian.PutUint16(label[5:], uint16(i))
		binary.BigEndian.PutUint16(label[7:], uint16(of))
		binary.BigEndian.PutUint64(label[9:], uint64(at))
	}
	s.number++
	_ = s.a.conn.WriteVideo(frame, uint32(at.Microseconds()*90/1000), key)
}

// flowKind is whose repair and congestion control is used.
type flowKind struct {
	name string
	use  func(b *testing.B) (target func() int)
}

func (k flowKind) scene(b *testing.B, there, back linksim.Profile, maxBPS int) *scene {
	b.Helper()
	target := k.use(b)
	s := newScene(b, there, back, maxBPS)
	if target != nil {
		s.target = target
	}
	return s
}

// withRepeats makes the retransmissions of a stream known to Pion's estimator,
// whose pacer drops them otherwise.
type withRepeats struct{ cc.BandwidthEstimator }

func (e withRepeats) AddStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	if info.SSRCRetransmission != 0 {
		again := *info
		again.SSRC = info.SSRCRetransmission
		e.BandwidthEstimator.AddStream(&again, writer)
	}
	return e.BandwidthEstimator.AddStream(info, writer)
}

// usePion puts Pion's interceptors in the place of ours for one benchmark.
func usePion(b *testing.B) func() int {
	b.Helper()
	ours := flowInterceptors
	b.Cleanup(func() { flowInterceptors = ours })
	var estimators sync.Map
	flowInterceptors = func(*link) ([]interceptor.Factory, error) {
		control, err := cc.NewInterceptor(func() (cc.BandwidthEstimator, error) {
			e, err := gcc.NewSendSideBWE(gcc.SendSideBWEInitialBitrate(600_000), gcc.SendSideBWEMaxBitrate(3_000_000), gcc.SendSideBWEPacer(gcc.NewNoOpPacer()))
			return withRepeats{e}, err
		})
		if err != nil {
			return nil, err
		}
		control.OnNewPeerConnection(func(id string, e cc.BandwidthEstimator) { estimators.Store(id, e) })
		numbers, err := twcc.NewHeaderExtensionInterceptor()
		if err != nil {
			return nil, err
		}
		recorder, err := twcc.NewSenderInterceptor()
		if err != nil {
			return nil, err
		}
		responder, err := nack.NewResponderInterceptor(nack.ResponderSize(1024))
		if err != nil {
			return nil, err
		}
		generator, err := nack.NewGeneratorInterceptor(nack.GeneratorInterval(10*time.Millisecond), nack.GeneratorMaxNacksPerPacket(20))
		return []interceptor.Factory{control, numbers, recorder, responder, generator}, err
	}
	return func() int {
		target := 600_000
		estimators.Range(func(_, e any) bool {
			estimator, ok := e.(cc.BandwidthEstimator)
			target = max(target, estimator.GetTargetBitrate())
			return ok
		})
		return min(target, 2_500_000)
	}
}

// fps, latencies and gaps of what was shown between two times.
func (s *scene) report(b *testing.B, from, to time.Duration) {
	s.view.mu.Lock()
	shown := slices.Clone(s.view.shown)
	s.view.mu.Unlock()
	var latencies []time.Duration
	frames, gaps, longest, last := 0, 0, time.Duration(0), from
	for _, f := range shown {
		if f.at < from || f.at >= to {
			continue
		}
		frames++
		latencies = append(latencies, f.latency)
		if gap := f.at - last; gap > 0 {
			longest = max(longest, gap)
			if gap > 150*time.Millisecond {
				gaps++
			}
		}
		last = f.at
	}
	slices.Sort(latencies)
	seconds := (to - from).Seconds()
	b.ReportMetric(float64(frames)/seconds, "fps")
	if len(latencies) > 0 {
		b.ReportMetric(milliseconds(latencies[len(latencies)/2]), "p50-ms")
		b.ReportMetric(milliseconds(latencies[len(latencies)*95/100]), "p95-ms")
	}
	b.ReportMetric(float64(gaps)*10/seconds, "gaps150/10s")
	b.ReportMetric(milliseconds(longest), "longest-gap-ms")
}

// reached is when the target was first at least bps after from.
func (s *scene) reached(bps int, from time.Duration) time.Duration {
	for _, t := range s.targets {
		if t.at >= from && int(t.latency) >= bps {
			return t.at - from
		}
	}
	return -time.Second
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// BenchmarkPath makes calls over simulated lines, with everything that a call
// has but codecs: synthetic frames of the target's size. It takes real time.
// Pion's are its own NACK and congestion control, with retransmissions made
// known to the latter; run with -benchtime=1x.
func BenchmarkPath(b *testing.B) {
	if testing.Short() {
		b.Skip("a long measurement; make bench takes it")
	}
	lossy := func(loss float64, reorder bool) linksim.Profile {
		return linksim.Profile{Delay: 25 * time.Millisecond, Jitter: 20 * time.Millisecond, Loss: loss, Reorder: reorder}
	}
	quiet := linksim.Profile{Delay: 25 * time.Millisecond}
	for _, kind := range []flowKind{{"tring", func(*testing.B) func() int { return nil }}, {"pion", usePion}} {
		b.Run("start/"+kind.name, func(b *testing.B) {
			s := kind.scene(b, quiet, quiet, 2_500_000)
			s.run(10 * time.Second)
			b.ReportMetric(s.reached(2_250_000, 0).Seconds(), "s-to-2250k")
			s.report(b, 2*time.Second, 10*time.Second)
		})
		b.Run("opening/"+kind.name, func(b *testing.B) {
			narrow, wide := quiet, quiet
			narrow.RateBPS, wide.RateBPS = 500_000, 3_000_000
			s := kind.scene(b, narrow, quiet, 2_500_000)
			s.run(15 * time.Second)
			s.there.Change(wide)
			s.run(15 * time.Second)
			b.ReportMetric(s.reached(2_000_000, 15*time.Second).Seconds(), "s-to-2000k")
			s.report(b, 5*time.Second, 30*time.Second)
		})
		for _, loss := range []float64{0.02, 0.05, 0.1} {
			for _, maxBPS := range []int{2_500_000, 1_000_000} {
				for _, reorder := range []bool{false, true} {
					name := fmt.Sprintf("loss-%v/%dk/reorder-%v/%s", loss, maxBPS/1000, reorder, kind.name)
					b.Run(name, func(b *testing.B) {
						s := kind.scene(b, lossy(loss, reorder), lossy(loss, reorder), maxBPS)
						s.run(3 * time.Second)
						_, _, before := s.there.Counts()
						s.run(20 * time.Second)
						_, _, after := s.there.Counts()
						b.ReportMetric(float64(after-before)*8/20/1e6, "Mbit/s-sent")
						s.report(b, 3*time.Second, 23*time.Second)
					})
				}
			}
		}
	}
}
