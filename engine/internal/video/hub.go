package video

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tring/engine/internal/i420"
)

// Source is a camera, or what stands for one.
type Source interface {
	// Read waits for the next picture and hands over its ownership.
	Read() (*i420.Picture, error)
	// Close ends a Read that waits and frees the camera. It may take seconds.
	Close() error
}

// Opener opens a source. It gives up when ctx ends, if it can.
type Opener func(ctx context.Context) (Source, error)

// Waiting times between attempts to open a camera that fails.
const (
	firstRetry = 500 * time.Millisecond
	lastRetry  = 10 * time.Second
)

// Hub shares one camera between self-views and senders. The camera is open while
// somebody is subscribed, and only then. No method waits for the camera but
// Close.
type Hub struct {
	log    *slog.Logger
	out    fanout
	wake   chan struct{}
	cancel context.CancelFunc // ends run
	ended  chan struct{}

	mu        sync.Mutex
	opener    Opener
	changes   int // how often opener was set
	watchers  int
	session   context.CancelFunc // ends the use of the camera that is open; nil if none
	onProblem func(error)
}

// NewHub starts a hub without a camera; Close ends it.
func NewHub(log *slog.Logger) *Hub {
	ctx, cancel := context.WithCancel(context.Background())
	h := &Hub{
		log: logger(log), wake: make(chan struct{}, 1),
		cancel: cancel, ended: make(chan struct{}),
	}
	go h.run(ctx) // Close waits for ended
	return h
}

// SetOpener chooses the camera; nil for none. A camera that is open is closed,
// and the new one opened if somebody is subscribed.
func (h *Hub) SetOpener(open func(ctx context.Context) (Source, error)) {
	h.mu.Lock()
	h.opener = open
	h.changes++
	h.endSessionLocked()
	h.mu.Unlock()
	h.nudge()
}

// OnProblem sets what is told when the camera cannot be opened or fails, once
// for each different failure until it works again. It is called from the hub's
// goroutine and must not block.
func (h *Hub) OnProblem(tell func(error)) {
	h.mu.Lock()
	h.onProblem = tell
	h.mu.Unlock()
}

// Subscribe delivers the camera's pictures until cancel, one call at a time;
// pictures that come during a call are left out but for the newest. The picture
// is lent for the call: who keeps it retains it. A delivery under way may end
// after cancel has returned.
func (h *Hub) Subscribe(deliver func(*i420.Picture)) (cancel func()) {
	h.mu.Lock()
	h.watchers++
	h.mu.Unlock()
	stop := h.out.subscribe(deliver, nil)
	h.nudge()
	return sync.OnceFunc(func() {
		stop()
		h.mu.Lock()
		if h.watchers--; h.watchers == 0 {
			h.endSessionLocked()
		}
		h.mu.Unlock()
		h.nudge()
	})
}

// Close ends all deliveries, closes the camera and waits for both. It must not
// be called from a delivery. More than one call does no harm.
func (h *Hub) Close() {
	h.cancel()
	<-h.ended
	h.out.close()
}

func (h *Hub) endSessionLocked() {
	if h.session != nil {
		h.session()
	}
}

func (h *Hub) nudge() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

func (h *Hub) tell(err error) {
	h.mu.Lock()
	tell := h.onProblem
	h.mu.Unlock()
	if tell != nil {
		tell(err)
	}
}
