package peer

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	pionnet "github.com/pion/transport/v4"

	"tring/engine"
	"tring/engine/internal/peer/congestion"
)

// Conn is a call's media connection.
type Conn struct {
	config  Config
	log     *slog.Logger
	network pionnet.Net
	meter   *meter
	events  *events
	writers [kinds]*writer
	dialing chan struct{} // holds a token while digits are sent

	turn    chan struct{} // holds a token while a step of negotiation runs
	current *session      // the far end we are settled with; guarded by turn
	pending *pendingOffer // our offer that waits for its answer; guarded by turn

	live      atomic.Pointer[[]*transport] // those of current, for readers without the turn
	link      atomic.Pointer[link]         // that of current
	maxVideo  atomic.Int64                 // bit/s
	lastState engine.MediaState            // last told; used by the events goroutine only

	done      chan struct{}
	mu        sync.Mutex // guards closed, and wg.Add against wg.Wait
	closed    bool
	wg        sync.WaitGroup
	closeOnce sync.Once
}

// New makes a Conn. Nothing is opened before the first offer or answer.
func New(config Config) (*Conn, error) {
	n, err := newNetwork()
	if err != nil {
		return nil, &engine.Problem{
			Cause: "The network interfaces of this computer cannot be read.",
			Next:  "Check the network settings and try again.",
			Err:   err,
		}
	}
	return newConn(config, n)
}

func newConn(config Config, n pionnet.Net) (*Conn, error) {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	c := &Conn{
		config: config, log: config.Log, network: n, events: newEvents(),
		dialing: make(chan struct{}, 1), turn: make(chan struct{}, 1), done: make(chan struct{}),
	}
	c.maxVideo.Store(int64(config.maxVideo()))
	c.meter = newMeter(c.keyFrameRequested)
	for k := range c.writers {
		// A low start leaves room below 2^15, as RFC 3711 section 3.3.1 advises.
		c.writers[k] = &writer{next: uint16(rand.N(1 << 14)), picture: uint16(rand.N(1 << 15))}
	}
	return c, nil
}

// begin takes the turn for a step of negotiation.
func (c *Conn) begin(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
	case <-c.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-c.done:
		c.end()
		return errClosed
	default:
		return nil
	}
}

func (c *Conn) end() { <-c.turn }

// spawn runs f in a goroutine that Close waits for. It reports false, and runs
// nothing, once the Conn is closing.
func (c *Conn) spawn(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		f()
	}()
	return true
}

// Close ends all transports and waits for every goroutine. Handlers that run
// are waited for, too: they must not call Close. It can be called more than
// once; each call waits.
func (c *Conn) Close() error {
	c.closeOnce.Do(func() {
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
		close(c.done)
	})
	c.turn <- struct{}{} // steps that run see done and give up
	defer c.end()
	if c.pending != nil && c.pending.session != c.current {
		c.pending.session.close()
	}
	if c.current != nil {
		c.current.close()
	}
	c.pending, c.current = nil, nil
	c.wg.Wait()
	c.events.close()
	return nil
}

// publish makes the outcome of a step known to writers, statistics and the
// state handler. The caller has the turn.
func (c *Conn) publish() {
	var transports []*transport
	if c.current != nil {
		transports = append(transports, c.current.transports...)
	}
	for k := range kinds {
		c.writers[k].flow.Store(c.flowOf(k))
	}
	c.live.Store(&transports)
	if c.current != nil && c.link.Swap(c.current.link) != c.current.link {
		c.targetRate(0)
	}
	if c.current != nil { // it may have been made before the limit was changed
		c.current.link.setMax(int(c.maxVideo.Load()))
	}
	c.stateChanged()
}

// flowOf says where media of one kind goes. While an offer of ours waits, what
// it takes away is already withheld; what it adds waits for the answer.
func (c *Conn) flowOf(k Kind) *flow {
	if c.current == nil || c.current.broken {
		return nil
	}
	index, s := c.current.find(k)
	if s == nil {
		return nil
	}
	may := s.local.send && s.remote.recv
	if p := c.pending; p != nil && p.session == c.current {
		may = may && p.dirs[index].send
	} else if p != nil {
		may = may && !p.wanted.Hold
	}
	return &flow{track: c.current.tracks[k], transport: s.transport, may: may}
}

// transports are those in use.
func (c *Conn) transports() []*transport {
	if live := c.live.Load(); live != nil {
		return *live
	}
	return nil
}

// MediaState is the state of the media path now, over all transports.
func (c *Conn) MediaState() engine.MediaState {
	state := engine.MediaNew
	worst := -1
	// From the best to the worst that one transport can do to the whole.
	order := []engine.MediaState{engine.MediaFlowing, engine.MediaConnecting, engine.MediaInterrupted, engine.MediaFailed}
	for _, t := range c.transports() {
		s := t.state()
		for rank, o := range order {
			if s == o && rank > worst {
				worst, state = rank, s
			}
		}
	}
	return state
}

// stateChanged tells the handler, if the state is another one by then.
func (c *Conn) stateChanged() {
	if c.config.OnState == nil {
		return
	}
	c.events.merge("state", func() {
		if state := c.MediaState(); state != c.lastState {
			c.lastState = state
			c.config.OnState(state)
		}
	})
}

// keyFrameRequested tells of a request, unless a key frame that left within the
// last round trip has crossed it: on a full path another one would make it
// worse. The far end asks again if that one is lost.
func (c *Conn) keyFrameRequested() {
	if c.config.OnKeyFrameRequest == nil {
		return
	}
	if s := c.link.Load(); s != nil {
		age := time.Since(time.Unix(0, c.writers[Video].lastKey.Load()))
		if age < min(s.roundTrip(), maxCrossing) {
			return
		}
	}
	c.events.merge("keyframe", c.config.OnKeyFrameRequest)
}

// keyFrameNeeded asks for one where so much was lost that nothing else helps.
func (c *Conn) keyFrameNeeded() {
	if c.config.OnKeyFrameRequest != nil {
		c.events.merge("keyframe", c.config.OnKeyFrameRequest)
	}
}

// maxCrossing bounds what is believed of a round trip: the far end tells it.
const maxCrossing = 500 * time.Millisecond

// targetRate tells the newest rate for the encoder. It may be called with any
// lock of a link held by nobody, from any goroutine.
func (c *Conn) targetRate(int) {
	if c.config.OnTargetRate != nil {
		c.events.merge("target", func() { c.config.OnTargetRate(c.TargetRate()) })
	}
}

// TargetRate is how many bits a second the encoder of video shall make now.
func (c *Conn) TargetRate() int {
	if s := c.link.Load(); s != nil {
		return s.targetRate()
	}
	return min(congestion.StartBPS, int(c.maxVideo.Load()))
}

// SetMaxVideoBPS changes Config.MaxVideoBPS, at once and without a new offer. The
// path is found out anew where more is allowed than before.
func (c *Conn) SetMaxVideoBPS(bps int) {
	c.maxVideo.Store(int64(Config{MaxVideoBPS: bps}.maxVideo()))
	if l := c.link.Load(); l != nil {
		l.setMax(int(c.maxVideo.Load()))
	}
}

// VideoDelay is how long a frame of video that is written now waits before it
// leaves. A sender that leaves out pictures before encoding them while it is
// more than 100 ms or so stays in time when the path has become narrow; frames
// that are written are never left out.
func (c *Conn) VideoDelay() time.Duration {
	if s := c.link.Load(); s != nil {
		return time.Duration(s.backlog.Load())
	}
	return 0
}

func (c *Conn) digit(digit rune) {
	if c.config.OnDTMF != nil {
		c.events.post(func() { c.config.OnDTMF(digit) })
	}
}

func (c *Conn) inbound(t *InboundTrack) {
	if c.config.OnInbound != nil {
		c.events.post(func() { c.config.OnInbound(t) })
	}
}

// retire closes a session that was replaced, without making anybody wait.
func (c *Conn) retire(s *session) {
	if s != nil && !c.spawn(s.close) {
		s.close()
	}
}
