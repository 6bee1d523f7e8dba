package echo

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tring/engine/internal/peer"
	"tring/engine/switchboard"
)

// dialog is one call.
//
//	InboundTrack.ReadRTP → bounce → Conn.WriteRTP
//	caller's PLI or FIR about the picture it gets back → PLI to the caller
type dialog struct {
	conn    *peer.Conn
	video   atomic.Pointer[peer.InboundTrack] // the newest
	last    atomic.Int64                      // Unix nanoseconds of the last packet
	done    chan struct{}                     // closed when the call went silent
	closing chan struct{}
	workers sync.WaitGroup // bounce, one for each track, and watch
	once    sync.Once
	release func()
}

var _ switchboard.ContactDialog = (*dialog)(nil)

// everything is what an echo wants: what the caller does not send or receive
// falls away in the negotiation.
var everything = peer.Wanted{
	Audio: peer.Wish{Send: true, Recv: true},
	Video: peer.Wish{Send: true, Recv: true},
}

func newDialog(options Options, release func()) (*dialog, error) {
	d := &dialog{done: make(chan struct{}), closing: make(chan struct{}), release: release}
	var servers []peer.ICEServer
	if len(options.STUN) > 0 {
		servers = []peer.ICEServer{{URLs: options.STUN}}
	}
	conn, err := peer.New(peer.Config{
		ICEServers: servers, LoopbackOnly: options.LoopbackOnly, Log: options.Log,
		Handlers: peer.Handlers{OnInbound: d.inbound, OnKeyFrameRequest: d.requestKeyFrame},
	})
	if err != nil {
		return nil, err
	}
	d.conn = conn
	d.heard()
	d.workers.Go(func() { d.watch(options.Silence) })
	return d, nil
}

// Update answers an offer: the first, a hold, an addition, an ICE restart.
func (d *dialog) Update(ctx context.Context, offer string) (string, error) {
	answer, _, err := d.conn.Answer(ctx, offer, everything)
	if err != nil {
		return "", err
	}
	d.heard() // a sign of life, if no media
	d.requestKeyFrame()
	return answer, nil
}

// Done is closed when the caller has sent nothing for too long.
func (d *dialog) Done() <-chan struct{} { return d.done }

// Close ends the call and waits for its goroutines.
func (d *dialog) Close() error {
	d.once.Do(func() { close(d.closing) })
	err := d.conn.Close()
	d.workers.Wait() // no handler runs after Conn.Close, so none adds to it
	d.release()
	return err
}

func (d *dialog) inbound(t *peer.InboundTrack) {
	if t.Kind() == peer.Video {
		d.video.Store(t)
	}
	d.workers.Go(func() { d.bounce(t) })
}

// bounce sends back what comes on t until it ends.
func (d *dialog) bounce(t *peer.InboundTrack) {
	for {
		packet, err := t.ReadRTP()
		if err != nil {
			return
		}
		d.heard()
		// A packet that cannot be sent is lost, as on any path.
		_ = d.conn.WriteRTP(t.Kind(), packet)
	}
}

// requestKeyFrame asks the caller for what the caller asked us for: only its
// own encoder can make a key frame.
func (d *dialog) requestKeyFrame() {
	if t := d.video.Load(); t != nil {
		t.RequestKeyFrame()
	}
}

func (d *dialog) heard() { d.last.Store(time.Now().UnixNano()) }

// watch closes done when nothing has been heard for the time of silence.
func (d *dialog) watch(silence time.Duration) {
	tick := time.NewTicker(silence / 4)
	defer tick.Stop()
	for {
		select {
		case <-d.closing:
			return
		case now := <-tick.C:
			if now.Sub(time.Unix(0, d.last.Load())) >= silence {
				close(d.done)
				return
			}
		}
	}
}
