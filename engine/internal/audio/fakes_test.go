package audio

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
)

// fakeDevice is driven by the test: tick hands over a block and takes one.
type fakeDevice struct {
	io     DeviceIO
	closed atomic.Bool
	hang   chan struct{} // Close waits for it; nil: does not
	at     int
}

func (f *fakeDevice) Close() error {
	if f.hang != nil {
		<-f.hang
	}
	f.closed.Store(true)
	return nil
}

// tick lets 10 ms pass: in goes a 440 Hz sine of half level, out what is heard.
func (f *fakeDevice) tick(heard []float32) {
	if f.io.NeedCapture {
		f.io.Capture(sine(blockSamples, f.at, 440, 0.5))
		f.at += blockSamples
	}
	f.io.Playout(heard)
	time.Sleep(10 * time.Millisecond)
	synctest.Wait()
}

// play runs the device for a while and returns what was heard.
func (f *fakeDevice) play(d time.Duration) (heard []float32) {
	var block [blockSamples]float32
	for range d / (10 * time.Millisecond) {
		f.tick(block[:])
		heard = append(heard, block[:]...)
	}
	return heard
}

// bench opens fakeDevices and remembers them.
type bench struct {
	mu     sync.Mutex
	opened []*fakeDevice
	hang   chan struct{}
	fail   error
}

func (b *bench) open(_ context.Context, io DeviceIO) (Device, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return nil, b.fail
	}
	f := &fakeDevice{io: io, hang: b.hang}
	b.opened = append(b.opened, f)
	return f, nil
}

// device waits until n devices were opened in all and returns the last.
func (b *bench) device(t *testing.T, n int) *fakeDevice {
	t.Helper()
	time.Sleep(3 * settle)
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.opened) != n {
		t.Fatalf("%d devices opened, want %d", len(b.opened), n)
	}
	if n == 0 {
		return nil
	}
	return b.opened[n-1]
}

func (b *bench) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.opened)
}

// network carries packets from an Outbound to an Inbound; what it does to them
// is up to each test.
type network struct {
	packets chan *rtp.Packet
	seq     uint16
	mangle  func(seq uint16) (drop bool, delay time.Duration)
	sent    atomic.Int64
	stop    chan struct{}
	once    sync.Once
	flying  sync.WaitGroup
}

func newNetwork() *network {
	return &network{packets: make(chan *rtp.Packet, 1024), stop: make(chan struct{})}
}

func (n *network) write(payload []byte, rtpTime uint32, marker bool) error {
	n.seq++
	n.sent.Add(1)
	p := &rtp.Packet{Header: rtp.Header{
		Version: 2, PayloadType: 111, SequenceNumber: n.seq, Timestamp: rtpTime, Marker: marker, SSRC: 5,
	}, Payload: append([]byte(nil), payload...)}
	var delay time.Duration
	if n.mangle != nil {
		var drop bool
		if drop, delay = n.mangle(n.seq); drop {
			return nil
		}
	}
	n.flying.Go(func() {
		select {
		case <-time.After(delay):
			n.packets <- p
		case <-n.stop:
		}
	})
	return nil
}

func (n *network) read() (*rtp.Packet, error) {
	select {
	case p := <-n.packets:
		return p, nil
	case <-n.stop:
		return nil, io.EOF
	}
}

func (n *network) interrupt() { n.once.Do(func() { close(n.stop); n.flying.Wait() }) }

// call is a desk whose Outbound feeds its own Inbound.
type call struct {
	desk  *Desk
	bench *bench
	net   *network
	in    *Inbound
	out   *Outbound
	first atomic.Int32
}

func newCall(t *testing.T, mangle func(uint16) (bool, time.Duration)) *call {
	c := &call{desk: NewDesk(DeskConfig{}), bench: &bench{}, net: newNetwork()}
	c.net.mangle = mangle
	c.desk.OnProblem(func(err error) { t.Errorf("problem: %v", err) })
	c.desk.SetProcessing(Processing{}) // these tests send tones, which are noise to it
	c.desk.SetDevice(c.bench.open)
	c.out = c.desk.NewOutbound(OutboundConfig{Write: c.net.write})
	c.in = c.desk.NewInbound(InboundConfig{
		Read: c.net.read, Interrupt: c.net.interrupt, PayloadType: 111,
		OnFirstSound: func() { c.first.Add(1); c.desk.Play(Silence) },
	})
	return c
}

func (c *call) end(t *testing.T) {
	t.Helper()
	for range 2 { // both are idempotent
		c.in.Close()
		c.out.Close()
		c.desk.Close()
	}
	for i, f := range c.bench.opened {
		if !f.closed.Load() {
			t.Errorf("device %d left open", i)
		}
	}
}
