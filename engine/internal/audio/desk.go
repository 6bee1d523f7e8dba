package audio

import (
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"tring/engine/internal/audio/apm"
	"tring/engine/internal/codec"
)

// DeskConfig is what a desk needs.
type DeskConfig struct {
	Log    *slog.Logger  // nil discards
	Linger time.Duration // the device stays open so long after its last use; 0 is a second
}

// Desk mixes what is received and the tones into one sound device and hands its
// microphone to what is sent. See the package comment. Its methods may be
// called from any goroutine and do not wait for a device.
type Desk struct {
	log         *slog.Logger
	began       time.Time
	wakePlay    chan struct{} // → mixer
	wakeCapture chan struct{} // → capture loop
	wakeManager chan struct{}
	done        chan struct{} // closed by Close
	joined      sync.WaitGroup

	current    atomic.Pointer[session]    // the one that is mixed for and listened to; nil for none
	processing atomic.Pointer[Processing] // of the microphone
	ringGain   atomic.Uint64              // float64 bits
	linger     time.Duration
	watch      watch

	mu        sync.Mutex
	closed    bool
	open      OpenDevice
	openGen   int // counts SetDevice
	onProblem func(error)
	inbound   []*Inbound
	outbound  []*Outbound
	voices    []*voice
	taps      []*tap
	tail      [mixSamples]float32 // end of what was taken off; goes into the next block
	hasTail   bool
}

// NewDesk makes a desk without a device: an internal clock plays.
func NewDesk(config DeskConfig) *Desk {
	d := &Desk{
		log:         orDiscard(config.Log),
		began:       time.Now(),
		wakePlay:    make(chan struct{}, 1),
		wakeCapture: make(chan struct{}, 1),
		wakeManager: make(chan struct{}, 1),
		done:        make(chan struct{}),
		linger:      config.Linger,
	}
	if d.linger <= 0 {
		d.linger = linger
	}
	d.processing.Store(&apm.All)
	d.SetRingVolume(1)
	d.joined.Go(d.mix)
	d.joined.Go(d.listen)
	d.joined.Go(newManager(d).run)
	return d
}

// now is the desk's time in samples; never 0.
func (d *Desk) now() int64 {
	return int64(time.Since(d.began))*6/125000 + 1 // 48000 a second, without overflow for decades
}

// SetDevice changes the device, at once also under running sound. nil is none:
// then an internal clock plays into the void and silence is captured.
func (d *Desk) SetDevice(open OpenDevice) {
	d.mu.Lock()
	d.open = open
	d.openGen++
	d.mu.Unlock()
	wake(d.wakeManager)
}

// OnProblem sets who is told when the device cannot be opened or is lost. f is
// called from the desk's goroutine and must not block.
func (d *Desk) OnProblem(f func(error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onProblem = f
}

// NewInbound begins to play a far end.
func (d *Desk) NewInbound(config InboundConfig) *Inbound {
	in := newInbound(d, config, d.newDecoder())
	d.mu.Lock()
	if d.closed {
		in.closed = true
	} else {
		d.inbound = append(d.inbound, in)
	}
	d.mu.Unlock()
	go in.run() // Inbound.Close waits
	wake(d.wakeManager)
	return in
}

// newDecoder falls back to one that refuses everything: only a lack of memory
// leads there.
func (d *Desk) newDecoder() decoder {
	dec, err := codec.NewOpusDecoder()
	if err != nil {
		d.report(problemCodec(err))
		return noDecoder{err}
	}
	return dec
}

// NewOutbound begins to send the microphone.
func (d *Desk) NewOutbound(config OutboundConfig) *Outbound {
	enc, err := newEncoder(config)
	if err != nil {
		d.report(problemCodec(err))
	}
	out := newOutbound(d, config, enc)
	d.mu.Lock()
	if !d.closed {
		d.outbound = append(d.outbound, out)
	}
	d.mu.Unlock()
	go out.run() // Outbound.Close waits
	wake(d.wakeManager)
	return out
}

// Play begins a tone. It goes on until stop is called or, for those that end by
// themselves, until its end; stop can be called more than once. Ring is as loud as
// SetRingVolume says.
func (d *Desk) Play(t Tone) (stop func()) {
	v := newVoice(t)
	if v.score.rings {
		v.at(&d.ringGain)
	}
	return d.sound(v)
}

// PlayRinging is Play as loud as SetRingVolume says, whatever the tone is.
func (d *Desk) PlayRinging(t Tone) (stop func()) { return d.sound(newVoice(t).at(&d.ringGain)) }

// SetRingVolume says how loud Ring is, 0 to 1, also while it sounds. The volume is
// that of a person's slider: its square is the gain.
func (d *Desk) SetRingVolume(volume float64) {
	d.ringGain.Store(math.Float64bits(volume * volume))
}

// Runs says whether a device plays now, rather than the internal clock.
func (d *Desk) Runs() bool {
	s := d.current.Load()
	return s != nil && !s.internal
}

func (d *Desk) sound(v *voice) (stop func()) {
	d.mu.Lock()
	if !d.closed && len(v.score.notes) > 0 {
		d.voices = append(d.voices, v)
	}
	d.mu.Unlock()
	wake(d.wakeManager)
	return v.release
}

// Close ends all sound, closes the device (2 s at the most) and joins every
// goroutine of the desk and of what was made by it. The Read of an Inbound must
// end by its Interrupt, or have ended. More than one call does no harm.
func (d *Desk) Close() error {
	d.mu.Lock()
	first := !d.closed
	d.closed = true
	inbound, outbound := append([]*Inbound(nil), d.inbound...), append([]*Outbound(nil), d.outbound...)
	d.mu.Unlock()
	for _, out := range outbound {
		_ = out.Close()
	}
	for _, in := range inbound {
		_ = in.Close()
	}
	if first {
		close(d.done)
	}
	d.joined.Wait()
	return nil
}

func (d *Desk) report(err error) {
	d.log.Warn("sound problem", "err", err)
	d.mu.Lock()
	f := d.onProblem
	d.mu.Unlock()
	if f != nil {
		f(err)
	}
}

func orDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}

// noDecoder stands for a decoder that could not be made.
type noDecoder struct{ err error }

func (n noDecoder) Decode([]byte, []float32) (int, error) { return 0, n.err }
func (n noDecoder) DecodeFEC([]byte, []float32) error     { return n.err }
func (n noDecoder) Conceal([]float32) error               { return n.err }
func (n noDecoder) Close() error                          { return nil }
