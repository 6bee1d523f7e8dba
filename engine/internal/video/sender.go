package video

import (
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"

	"tring/engine/internal/i420"
)

// EncodedFrame is one access unit on its way to the network.
type EncodedFrame struct {
	Data          []byte // valid until Write returns
	RTPTime       uint32 // when it was captured, in 90 kHz from anywhere
	KeyFrame      bool
	Width, Height int
}

// SenderConfig says what to encode and where to.
type SenderConfig struct {
	Hub        *Hub
	Builder    codec.VideoEncoderBuilder
	BitrateBPS int     // to start with; 0 is 1.5 Mbit/s
	MaxFPS     float64 // pictures beyond it are left out; 0 for no limit

	// Behind, if set, says that what was written waits too long to leave: pictures
	// are left out before they are encoded, so that those which are sent are in
	// time. It must not block.
	Behind func() bool
	// Write sends a frame. It is called from one goroutine. Errors are counted
	// as network trouble: the next frame is tried all the same.
	Write func(EncodedFrame) error
	Log   *slog.Logger
}

const defaultBitrateBPS = 1_500_000

// Sender encodes the pictures of a hub. It starts inactive. Its methods may be
// called from any goroutine, and none but Close waits for the encoder.
type Sender struct {
	write  func(EncodedFrame) error
	behind func() bool
	log    *slog.Logger
	slot   *slot
	ended  chan struct{}

	bitrate  atomic.Int64
	lines    atomic.Int64  // of a picture at most; 0 for no limit
	loss     atomic.Uint64 // float64 bits
	keyFrame atomic.Bool   // asked for by the far end
	fresh    atomic.Bool   // nothing was sent of this source yet: a key frame, at once
	active   atomic.Bool

	mu          sync.Mutex // over the subscription
	hub         *Hub
	unsubscribe func() // nil while inactive
	closed      bool

	statsMu sync.Mutex
	stats   SenderStats
	rate    rateMeter
	camera  rateMeter

	// Of the encode loop alone:
	now     func() time.Time // by which encoding is timed
	encoder *frameEncoder
	maxFPS  float64
	pace    pacer
	clock   rtpClock
	fit     fitter
	govern  governor
	keys    keyGate
	shield  shield
}

// NewSender makes a sender that waits for SetActive. Close ends it.
func NewSender(config SenderConfig) *Sender {
	s := &Sender{
		hub: config.Hub, write: config.Write, behind: config.Behind, log: logger(config.Log),
		slot: newSlot(), ended: make(chan struct{}),
		now: time.Now, encoder: newFrameEncoder(config.Builder), maxFPS: config.MaxFPS, pace: newPacer(config.MaxFPS),
		clock: newRTPClock(), govern: newGovernor(),
	}
	s.SetTargetBitRate(config.BitrateBPS)
	go s.run() // Close waits for ended
	return s
}

// SetActive says whether to send. An inactive sender does not use the camera.
// The first frame after it became active is a key frame.
func (s *Sender) SetActive(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || on == s.active.Load() {
		return
	}
	s.active.Store(on)
	if on {
		s.fresh.Store(true)
		s.unsubscribe = s.hub.Subscribe(s.take)
		return
	}
	s.unsubscribe()
	s.unsubscribe = nil
	s.slot.clear()
}

// SetHub takes the pictures from another hub from now on: a screen in place of
// the camera, or the camera again. The next frame is a key frame, since nothing
// of the picture stays.
func (s *Sender) SetHub(hub *Hub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || hub == s.hub {
		return
	}
	s.hub = hub
	if !s.active.Load() {
		return
	}
	s.unsubscribe()
	s.slot.clear()
	s.fresh.Store(true)
	s.unsubscribe = hub.Subscribe(s.take)
}

// ForceKeyFrame makes the next frame a key frame, as the far end asks for after
// a loss; one asked for within keyInterval of the last comes when that is over.
func (s *Sender) ForceKeyFrame() { s.keyFrame.Store(true) }

// SetTargetBitRate changes the target, in bit/s of encoded video without
// packets' headers, from the next frame on; 0 or less is 1.5 Mbit/s. Where it
// is too small for the size of the picture, the picture is made smaller. It may
// be called for every report of an estimator: small changes cost nothing.
func (s *Sender) SetTargetBitRate(bps int) {
	if bps <= 0 {
		bps = defaultBitrateBPS
	}
	s.bitrate.Store(int64(bps))
}

// SetMaxHeight bounds the lines of a picture, from the next one on; 0 for as many
// as it has. A larger one is scaled down in its shape.
func (s *Sender) SetMaxHeight(lines int) { s.lines.Store(int64(max(lines, 0))) }

// SetLoss tells the share of packets that the far end reports as lost, 0 to 1:
// frames are made so that a loss does the least harm while there is some.
func (s *Sender) SetLoss(fraction float64) {
	if !(fraction >= 0) { // also NaN
		fraction = 0
	}
	s.loss.Store(math.Float64bits(min(fraction, 1)))
}

// Close ends sending and waits for a Write under way. It must not be called from
// Write. More than one call does no harm.
func (s *Sender) Close() error {
	s.SetActive(false)
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.slot.close()
	<-s.ended
	return nil
}

func (s *Sender) run() {
	defer close(s.ended)
	defer s.fit.pool.Close()
	defer s.encoder.close()
	for range s.slot.filled {
		p, open := s.slot.take()
		if p != nil {
			if open && s.active.Load() {
				s.send(p)
			}
			p.Release()
		}
		if !open {
			return
		}
	}
}

// take takes a picture of the hub.
func (s *Sender) take(p *i420.Picture) {
	s.statsMu.Lock()
	s.camera.add(time.Now())
	s.statsMu.Unlock()
	s.slot.put(p)
}

// send encodes one picture and writes its frame.
func (s *Sender) send(p *i420.Picture) {
	at := p.CapturedAt
	if at.IsZero() {
		at = time.Now()
	}
	if s.behind != nil && s.behind() || !s.pace.due(at) {
		return
	}
	begun := s.now()
	rung := s.govern.rung()
	w := wishes{
		bitrate: int(s.bitrate.Load()), speed: rung.speed,
		resilient: s.shield.up(at, math.Float64frombits(s.loss.Load())),
	}
	small, err := s.fit.picture(p, at, limits{
		bitrate: w.bitrate, fps: slower(s.maxFPS, rung.fps, 30), least: rung.step, lines: int(s.lines.Load()),
	})
	if err != nil {
		s.log.Debug("picture left out", "error", err)
		return
	}
	defer small.Release()
	s.encode(small, at, begun, w)
	ended := s.now()
	if s.govern.observe(ended, ended.Sub(begun), s.slot.misses()) {
		rung = s.govern.rung()
		s.pace.limit(slower(s.maxFPS, rung.fps))
		s.log.Debug("encoder governed", "rung", s.govern.at, "speed", rung.speed, "size", eighths[rung.step], "fps", rung.fps)
	}
}

// encode makes the frame of a picture in its final size and writes it.
func (s *Sender) encode(small *i420.Picture, at, begun time.Time, w wishes) {
	fresh, asked := s.fresh.Swap(false), s.keyFrame.Swap(false)
	key := fresh || asked && s.keys.due(at)
	frame, err := s.encoder.encode(small, w, key)
	if err != nil {
		s.log.Warn("encoder failed and is made anew", "error", err)
	}
	if made := frame.data != nil && frame.key; asked && !made {
		s.keyFrame.Store(true) // still owed
	} else if fresh && !made {
		s.fresh.Store(true)
	}
	if s.encoder.enc != nil {
		s.fit.strain.note(at, frame.data == nil)
	}
	if frame.data == nil {
		return
	}
	defer frame.release()
	if frame.key {
		s.keys.sent(at)
	}
	s.count(frame.key, small, s.now().Sub(begun))
	err = s.write(EncodedFrame{
		Data: frame.data, RTPTime: s.clock.at(at), KeyFrame: frame.key,
		Width: small.Width(), Height: small.Height(),
	})
	if err != nil {
		s.log.Debug("frame not sent", "error", err)
	}
}

// slower gives the lowest of the rates that are limits; 0 if none is.
func slower(rates ...float64) (fps float64) {
	for _, r := range rates {
		if r > 0 && (fps == 0 || r < fps) {
			fps = r
		}
	}
	return fps
}
