package audio

import (
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/pion/rtp"

	"tring/engine/internal/codec"
)

// InboundConfig says what a new Inbound plays.
type InboundConfig struct {
	// Read returns the next RTP packet, which is used until the next call. It
	// blocks; an error ends the stream, io.EOF being the usual one.
	Read func() (*rtp.Packet, error)
	// Interrupt makes a blocked Read return soon; Close calls it once. It may be
	// nil if the owner sees to that itself before Close.
	Interrupt func()
	// PayloadType is that of Opus. Packets of other types (telephone-event) only
	// count as received. 0 takes every packet for Opus.
	PayloadType uint8
	// OnFirstSound is called once, when the first packet goes to play-out, from
	// the goroutine that mixes: it must not block, and may come just after a
	// concurrent Close. May be nil.
	OnFirstSound func()
	Log          *slog.Logger // nil discards
}

// InboundStats measures one Inbound since its beginning.
type InboundStats struct {
	Level      float64       // 0–1, peak of the last moment
	Energy     float64       // sum of squared samples × seconds (webrtc-stats totalAudioEnergy)
	Concealed  time.Duration // made up for lost or late packets
	BufferTime time.Duration // waits in the jitter buffer now
	Target     time.Duration // what the jitter buffer aims to delay by

	PacketsReceived  uint64 // with sound, in time or not
	PacketsLate      uint64 // came after they were made up for
	PacketsDuplicate uint64
	PacketsDiscarded uint64 // refused, or given up to catch up with the sender
	PacketsLost      uint64 // were not there when they were due
	PacketsRecovered uint64 // of these, played from the copy in their successor
}

// Inbound is the sound of one far end on its way to play-out. Its methods may
// be called from any goroutine.
type Inbound struct {
	desk   *Desk
	config InboundConfig
	log    *slog.Logger
	done   chan struct{} // closed when the reader has ended
	close  sync.Once

	player player // the mixer's

	mu     sync.Mutex
	playsT uint32    // RTP time of what was given to play-out last
	playsA time.Time // and when it is heard; zero while nothing plays
	head   playhead
	held   bool
	closed bool
	meter  meter
	counts InboundStats // the packet counters of insert only
}

func newInbound(d *Desk, config InboundConfig, dec decoder) *Inbound {
	in := &Inbound{desk: d, config: config, log: orDiscard(config.Log), done: make(chan struct{})}
	in.head.jitter.delay.reset()
	in.player.steps, in.player.decoder = in, dec
	return in
}

// run reads until the stream ends; Close waits for it.
func (in *Inbound) run() {
	defer close(in.done)
	for {
		p, err := in.config.Read()
		if err != nil {
			if !errors.Is(err, io.EOF) && !in.isClosed() {
				in.log.Debug("inbound sound ended", "err", err)
			}
			return
		}
		in.receive(p, in.desk.now())
	}
}

// receive puts one packet into the jitter buffer.
func (in *Inbound) receive(p *rtp.Packet, now int64) {
	if p == nil {
		return
	}
	a := arrival{ssrc: p.SSRC, seq: p.SequenceNumber, ts: p.Timestamp}
	ok := true
	if in.config.PayloadType == 0 || p.PayloadType == in.config.PayloadType {
		n, err := codec.OpusPacketSamples(p.Payload)
		a.samples, a.payload, ok = n, p.Payload, err == nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.held || in.closed:
		return
	case !ok && len(p.Payload) == 0: // padding only, as bandwidth probes send
		a.samples, a.payload, ok = 0, nil, true
	case a.samples > 0 || !ok:
		in.counts.PacketsReceived++
	}
	v := malformed
	if ok {
		v = in.head.insert(a, now)
	}
	switch {
	case v == late:
		in.counts.PacketsLate++
	case v == duplicate:
		in.counts.PacketsDuplicate++
	case v == malformed, v == suspect && a.samples > 0:
		in.counts.PacketsDiscarded++
	}
}

// next, follow and stretched are the player's way to the playhead.
func (in *Inbound) next(now int64) step {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.head.next(now)
}

func (in *Inbound) follow() (payload []byte, samples int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.head.follow()
}

func (in *Inbound) stretched(by int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.head.shiftLow(by)
}

// Playing tells which RTP time is heard at what moment, as far as this program
// knows: the device's own delay is not in it. ok is false while nothing plays.
func (in *Inbound) Playing() (rtp uint32, heard time.Time, ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.playsT, in.playsA, !in.playsA.IsZero()
}

// pull fills a block for the mixer, whose end is heard after ahead samples, while
// the device takes as many as taken at a time; on
// hold it is silent, after a short fade. It reports whether the first packet is
// in it.
func (in *Inbound) pull(block []float32, now, ahead, taken int64) (first bool) {
	in.mu.Lock()
	held := in.held
	in.mu.Unlock()
	heard := in.player.first
	in.player.taken = taken
	switch {
	case !held:
		in.player.pull(block, now)
	case in.player.gain > 0:
		in.player.pull(block, now)
		fade(block, 1, 0)
		in.player.reset()
	default:
		in.player.reset()
		clear(block)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if held {
		in.head.stop()
	}
	in.playsA = time.Time{}
	if in.head.playing {
		in.playsT = uint32(in.head.cursor + in.head.filled - int64(in.player.held))
		in.playsA = time.Now().Add(duration(ahead))
	}
	in.meter.measure(block)
	return !heard && in.player.first
}

// SetHeld silences the stream and drops what arrives, or plays it again.
func (in *Inbound) SetHeld(held bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.held = held
}

// Stats measures the stream now.
func (in *Inbound) Stats() InboundStats {
	in.mu.Lock()
	defer in.mu.Unlock()
	s := in.counts
	s.Level, s.Energy = in.meter.level, in.meter.energy
	s.Concealed = duration(in.head.concealed)
	s.Target = duration(in.head.jitter.delay.target)
	if in.head.playing {
		s.BufferTime = duration(in.head.jitter.span(in.head.cursor))
	}
	s.PacketsDiscarded += in.head.jitter.discarded
	s.PacketsLost, s.PacketsRecovered = in.head.lost, in.head.recovered
	return s
}

// Close takes the stream off play-out, without a click, and waits for its
// reader. More than one call does no harm.
func (in *Inbound) Close() error {
	in.close.Do(func() {
		in.mu.Lock()
		in.closed = true
		in.mu.Unlock()
		in.desk.removeInbound(in)
		if in.config.Interrupt != nil {
			in.config.Interrupt()
		}
	})
	<-in.done
	return in.player.decoder.Close()
}

func (in *Inbound) isClosed() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.closed
}

func duration(samples int64) time.Duration {
	return time.Duration(samples * 125000 / 6) // 48000 a second, without overflow
}
