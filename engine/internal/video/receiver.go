package video

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// ReceiverConfig says where packets come from.
type ReceiverConfig struct {
	// Read waits for the next packet, in any order, and hands it over. An error
	// is the end of the track.
	Read func() (*rtp.Packet, error)
	// RequestKeyFrame asks the far end for a key frame. It must not block.
	RequestKeyFrame func()
	// OnFirstFrame, if set, is told the size of the first picture, once. It must
	// not block.
	OnFirstFrame func(width, height int)
	// Wait is how long a missing packet is waited for, so that it can be sent
	// again; 0 is 150 ms.
	Wait time.Duration
	Log  *slog.Logger
}

// ReceiverStats counts what a Receiver has done.
type ReceiverStats struct {
	FramesDecoded uint64
	FramesDropped uint64 // incomplete, damaged, or of no use without others
	FramesSkipped uint64 // decoded, but so late that newer ones were shown instead
	Width, Height int    // of the last picture
	FPS           float64
	Freezes       uint64 // as in engine.VideoInbound
	FreezeTime    time.Duration
	LongGaps      uint64 // times that no new picture was shown for over 150 ms
	LongestGap    time.Duration
	// AgeP50 and AgeP95 say how long after its capture a picture is shown, by the
	// far end's clock and ours, which must agree for it to mean anything; 0 before
	// the far end's reports. Of the last ten seconds.
	AgeP50, AgeP95 time.Duration

	PlayoutDelay time.Duration // how long the last picture waits between complete and shown
	Synced       bool          // whether the sound is known that belongs to the pictures
	Skew         time.Duration // how much later than its sound the last picture is shown; less than 0: sooner
}

const (
	defaultWait = 150 * time.Millisecond
	// inboxSize bounds the packets that wait for the decoder: when it is so much
	// too slow, the newest are dropped and a key frame makes up for it.
	inboxSize = 512
)

// Waiting times between key-frame requests while none comes.
const (
	firstRequest = 200 * time.Millisecond
	lastRequest  = 2 * time.Second
)

// Receiver turns the packets of one track into pictures.
type Receiver struct {
	config  ReceiverConfig
	log     *slog.Logger
	out     fanout
	inbox   chan *rtp.Packet
	closed  chan struct{}
	close   sync.Once
	running sync.WaitGroup

	clock      atomic.Pointer[func(uint32) (time.Time, bool)]
	audioDelay atomic.Pointer[time.Duration]
	wait       atomic.Int64 // ns

	mu     sync.Mutex
	last   *i420.Picture
	stats  ReceiverStats
	rate   rateMeter
	freeze freezeMeter
	ages   ageMeter

	// Of the decode loop alone:
	pool     i420.Pool
	order    reorder
	assembly assembler
	emit     func(frame []byte, key bool) // decode, made once: each would be garbage
	decoder  *codec.VP8Decoder
	requests requests
	playout  playout
	gallery  gallery
}

// NewReceiver starts receiving. Close ends it.
func NewReceiver(config ReceiverConfig) *Receiver {
	if config.Wait <= 0 {
		config.Wait = defaultWait
	}
	r := &Receiver{
		config: config, log: logger(config.Log),
		inbox: make(chan *rtp.Packet, inboxSize), closed: make(chan struct{}),
		order:    reorder{wait: config.Wait},
		assembly: assembler{needKey: true},
	}
	r.wait.Store(int64(config.Wait))
	r.emit = r.decode
	r.running.Go(r.read)
	r.running.Go(r.run)
	return r
}

// Subscribe delivers the pictures until cancel, beginning with the last one if
// there is one. Pictures that come during a delivery are left out but for the
// newest. The picture is lent for the call: who keeps it retains it. A delivery
// under way may end after cancel has returned.
func (r *Receiver) Subscribe(deliver func(*i420.Picture)) (cancel func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.subscribe(deliver, r.last)
}

// Last gives the last picture, to be released by the caller, or nil.
func (r *Receiver) Last() *i420.Picture {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		return nil
	}
	return r.last.Retain()
}

// SetClock tells how to find out when a picture was captured, by the far end's
// clock, from its RTP time: what the RTCP sender reports of the track say (RFC
// 3550 §6.4.1). capture is called from the decode loop and must not block; nil
// takes it back. Without it, or without SetAudioDelay, pictures do not wait for
// the sound.
func (r *Receiver) SetClock(capture func(rtp uint32) (captured time.Time, ok bool)) {
	r.clock.Store(&capture)
}

// SetAudioDelay tells how much later than its capture by the far end's clock the
// sound is heard here: time.Now() less the capture time, by the sender reports
// of the sound, of the sample that leaves the loudspeaker. The difference of the
// two machines' clocks is in it, so it may be anything, negative too; it cancels
// out against that in SetClock. It changes all the time and may be told as often
// as it does. ok is false when there is no sound to wait for.
func (r *Receiver) SetAudioDelay(delay time.Duration, ok bool) {
	if !ok {
		r.audioDelay.Store(nil)
		return
	}
	r.audioDelay.Store(&delay)
}

// SetWait changes how long a missing packet is waited for, as the round trip to
// the far end becomes known.
func (r *Receiver) SetWait(wait time.Duration) { r.wait.Store(int64(wait)) }

// Stats gives the counts so far.
func (r *Receiver) Stats() ReceiverStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	stats := r.stats
	stats.FPS = r.rate.rate(time.Now())
	stats.Freezes, stats.FreezeTime = r.freeze.freezes, r.freeze.frozen
	stats.LongGaps, stats.LongestGap = r.freeze.longGaps, r.freeze.longest
	stats.AgeP50, stats.AgeP95 = r.ages.quantiles()
	return stats
}

// Interrupt says that the far end stops on purpose, as on hold: the gap until
// its next picture is not counted as a freeze.
func (r *Receiver) Interrupt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.freeze.interrupt()
}

// Close ends all deliveries and waits for everything it started. The last
// goroutine ends when Read does: end the track first. More than one call does
// no harm.
func (r *Receiver) Close() error {
	r.close.Do(func() { close(r.closed) })
	r.running.Wait()
	r.out.close()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last != nil {
		r.last.Release()
		r.last = nil
	}
	r.pool.Close() // whoever asks an ended call for its statistics holds the receiver
	return nil
}

// read keeps up with the network whatever the decoder does, since the answers
// to losses come out of Read.
func (r *Receiver) read() {
	defer close(r.inbox)
	for {
		p, err := r.config.Read()
		if err != nil {
			return
		}
		select {
		case <-r.closed:
			return
		default:
		}
		select {
		case r.inbox <- p:
		default:
		}
	}
}
