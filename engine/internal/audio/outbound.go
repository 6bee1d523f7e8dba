package audio

import (
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"tring/engine/internal/codec"
)

// OutboundConfig says where the microphone goes.
type OutboundConfig struct {
	// Write sends one Opus packet of 20 or 10 ms. payload is used until Write returns;
	// rtpTime counts at 48 kHz, also while nothing is sent; marker is set on the
	// first packet after a pause (RFC 3551 §4.1). It should not block for long and
	// must return once the transport is closed. After an error the next packet is
	// tried as usual.
	Write      func(payload []byte, rtpTime uint32, marker bool) error
	BitrateBPS int          // 0 for the encoder's own choice
	DTX        bool         // send next to nothing while it is silent
	Log        *slog.Logger // nil discards
}

// OutboundStats measures one Outbound since its beginning.
type OutboundStats struct {
	Level   float64       // 0–1, peak of the microphone in the last moment, also while muted
	Energy  float64       // of the microphone: sum of squared samples × seconds
	Packets uint64        // written without an error
	Bytes   uint64        // payload of these
	Failed  uint64        // packets that could not be encoded or written
	Dropped time.Duration // captured sound given up because writing took too long
}

// encoder is what an Outbound needs of codec.OpusEncoder.
type encoder interface {
	Encode(pcm []float32, out []byte) (int, error)
	SetPacketLoss(percent int) error
	SetBitrate(bps int) error
	Close() error
}

// usualLoss is expected until the far end reports: enough that packets carry a
// copy of the one before.
const usualLoss = 5

func newEncoder(config OutboundConfig) (encoder, error) {
	enc, err := codec.NewOpusEncoder(codec.OpusConfig{
		BitrateBPS: config.BitrateBPS, FEC: true, DTX: config.DTX, PacketLossPercent: usualLoss,
	})
	if err != nil {
		return nil, err
	}
	return enc, nil
}

// Outbound sends the microphone to one far end. Its methods may be called from
// any goroutine.
type Outbound struct {
	desk    *Desk
	config  OutboundConfig
	log     *slog.Logger
	encoder encoder // nil if it could not be made
	pcm     *ring   // capture loop → run
	wake    chan struct{}
	stop    chan struct{}
	done    chan struct{}
	close   sync.Once

	muted   atomic.Bool
	paused  atomic.Bool
	dialing atomic.Pointer[dial] // nil while no digits are sent
	over    atomic.Uint64        // samples for which the ring had no room
	length  atomic.Int64         // of the next packet, in samples
	cadence cadence

	// Of run alone.
	rtpTime uint32
	marker  bool
	gain    float32 // of the end of the last frame
	quiet   bool    // the far end knows of the pause (DTX)
	frame   [frameSamples]float32
	payload [codec.MaxOpusPacket]byte

	mu    sync.Mutex
	meter meter
	stats OutboundStats
}

const (
	backlog     = 100 * millisecond // more than this waiting: the oldest is given up
	backlogKept = frameSamples
)

func newOutbound(d *Desk, config OutboundConfig, enc encoder) *Outbound {
	o := &Outbound{
		desk: d, config: config, log: orDiscard(config.Log), encoder: enc,
		pcm: newRing(), wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
		rtpTime: rand.Uint32(), // RFC 3550 §5.1: begins anywhere
		marker:  true, gain: 1,
	}
	o.length.Store(frameSamples)
	return o
}

// feed takes captured sound from the capture loop. Half a packet wakes nobody.
func (o *Outbound) feed(block []float32) {
	if n := o.pcm.put(block); n < len(block) {
		o.over.Add(uint64(len(block) - n))
	}
	if o.pcm.len() >= int(o.length.Load()) {
		wake(o.wake)
	}
}

// run encodes until Close, which waits for it.
func (o *Outbound) run() {
	defer close(o.done)
	for {
		select {
		case <-o.stop:
			return
		case <-o.wake:
		}
		for !o.stopped() {
			n := o.cadence.next()
			o.length.Store(int64(n))
			if o.pcm.len() < n {
				break
			}
			o.catchUp()
			o.pcm.take(o.frame[:n])
			o.send(o.frame[:n])
		}
	}
}

func (o *Outbound) stopped() bool {
	select {
	case <-o.stop:
		return true
	default:
		return false
	}
}

// catchUp gives up the oldest sound when too much waits. The RTP time passes
// over it: to the far end it is a pause.
func (o *Outbound) catchUp() {
	lost := int(o.over.Swap(0))
	if n := o.pcm.len(); n > backlog {
		lost += o.pcm.skip(n - backlogKept)
	}
	if lost == 0 {
		return
	}
	o.rtpTime += uint32(lost)
	o.cadence.passed(lost)
	o.marker = true
	o.mu.Lock()
	o.stats.Dropped += duration(int64(lost))
	o.mu.Unlock()
}

// send encodes and writes the frame, or lets its time pass while on hold.
func (o *Outbound) send(frame []float32) {
	at := o.rtpTime
	o.rtpTime += uint32(len(frame))
	o.cadence.passed(len(frame))
	o.mu.Lock()
	o.meter.measure(frame)
	o.mu.Unlock()

	gain := float32(1)
	if o.muted.Load() {
		gain = 0
	}
	fade(frame[:edgeSamples], o.gain, gain)
	fade(frame[edgeSamples:], gain, gain)
	o.gain = gain
	o.mixDial(frame)
	o.cadence.heard(peakOf(frame))

	if o.paused.Load() {
		o.marker, o.quiet = true, false
		return
	}
	if o.encoder == nil {
		return
	}
	n, err := o.encoder.Encode(frame, o.payload[:])
	if err == nil && n <= quietPayload && o.config.DTX {
		if o.quiet { // need not be sent, RFC 7587 §3.1.3
			o.marker = true
			return
		}
		o.quiet = true
	} else {
		o.quiet = false
	}
	if err == nil {
		err = o.config.Write(o.payload[:n], at, o.marker)
	}
	o.account(n, err)
}

func (o *Outbound) account(n int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		if o.stats.Failed == 0 {
			o.log.Debug("sound not sent", "err", err)
		}
		o.stats.Failed++
		return
	}
	o.marker = false
	o.stats.Packets++
	o.stats.Bytes += uint64(n)
}

// SetMuted sends silence in place of the microphone. It stays open, so that
// the end of it cuts nothing off and Level tells who talks while muted.
func (o *Outbound) SetMuted(muted bool) { o.muted.Store(muted) }

// SetActive says whether anything is sent at all: not while on hold.
func (o *Outbound) SetActive(active bool) { o.paused.Store(!active) }

// SetPacketLoss tells how much of what is sent gets lost, in percent, as the far
// end reports it. The more it is, the more packets carry a copy of the one
// before, and none makes packets short after a while.
func (o *Outbound) SetPacketLoss(percent float64) {
	o.cadence.reported(percent)
	if o.encoder == nil {
		return
	}
	if err := o.encoder.SetPacketLoss(expectedLoss(percent)); err != nil {
		o.log.Debug("expected loss not set", "err", err)
	}
}

// expectedLoss is what the encoder is told of a reported loss, both in percent.
// By itself it begins late to spend bits on copies: at 2 % loss they repaired
// 46 % of what was lost, at 5 % 52 %; told of twice as much and 5 more, 71 % and
// 74 % (BenchmarkLoss).
func expectedLoss(percent float64) int {
	if !(percent > 0) { // not a number, too
		return usualLoss
	}
	return int(math.Ceil(min(2*percent+usualLoss, 100)))
}

// SetPacketTime says what the far end wants a packet to last at least.
func (o *Outbound) SetPacketTime(least time.Duration) {
	o.cadence.refused.Store(least > duration(shortSamples))
}

// SetNarrow says that the path has little room: headers of packets count.
func (o *Outbound) SetNarrow(narrow bool) { o.cadence.narrow.Store(narrow) }

// SetBitrate changes the bit rate from the next packet on, pulled in to
// minBitrateBPS to maxBitrateBPS.
func (o *Outbound) SetBitrate(bps int) {
	if o.encoder == nil {
		return
	}
	if err := o.encoder.SetBitrate(min(max(bps, minBitrateBPS), maxBitrateBPS)); err != nil {
		o.log.Debug("bit rate not set", "err", err)
	}
}

// Below is telephone quality, above nobody hears a difference in speech.
const (
	minBitrateBPS = 24000
	maxBitrateBPS = 64000
)

// Level is the peak of the microphone in the last moment, 0 to 1, also while
// muted.
func (o *Outbound) Level() float64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.meter.level
}

// Stats measures the stream now.
func (o *Outbound) Stats() OutboundStats {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.stats
	s.Level, s.Energy = o.meter.level, o.meter.energy
	return s
}

// Close ends sending and waits for the encoder's goroutine. More than one call
// does no harm.
func (o *Outbound) Close() error {
	o.close.Do(func() {
		o.desk.removeOutbound(o)
		close(o.stop)
	})
	<-o.done
	if o.encoder == nil {
		return nil
	}
	return o.encoder.Close()
}
