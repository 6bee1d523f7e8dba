package core

import (
	"context"
	"sync/atomic"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/call"
	"tring/engine/internal/i420"
	"tring/engine/internal/peer"
	"tring/engine/internal/video"
)

// media is one call's media: the peer, what is sent into it, what comes out.
//
//	microphone ─ audio.Outbound ─┐          ┌─ audio.Inbound ─ speaker
//	                             peer.Conn ─┤
//	camera ──── video.Sender ────┘          └─ video.Receiver ─ renderers
//
// The loop owns the fields; the parts are safe to use from jobs.
type media struct {
	conn     *peer.Conn
	outbound *audio.Outbound
	sender   *video.Sender
	inbound  *audio.Inbound

	soundTrack *peer.InboundTrack // what inbound plays

	receiver *video.Receiver
	warm     func() // lets go of the camera that is kept open while it rings
	closed   bool
	doubted  bool // a lost path is told only if it stays so for a moment

	keyFrame atomic.Pointer[video.Sender] // for Pion's goroutine
}

// mostWaiting is for how long frames may wait to leave before pictures are left
// out.
const mostWaiting = 150 * time.Millisecond

// doubt is how long a lost path is watched before it is told.
const doubt = 500 * time.Millisecond

// negotiate lets the peer do a step in a job.
func (c *Core) negotiate(e *entry, effect call.Effect) {
	if e.media == nil {
		if e.st.Phase.Final() {
			return // too late
		}
		m, err := c.newMedia(e)
		if err != nil {
			p := problemOf(err, "The media engine could not be started.", "Restart Tring and try again.")
			c.post(func() { c.step(e, call.PeerRefused{Problem: p}) })
			return
		}
		e.media = m
	}
	m := e.media
	want := wanted(e.st, effect)
	if want.Video.Send && m.warm == nil {
		m.warm = c.hubOf(e).Subscribe(func(*i420.Picture) {})
	}
	if _, ok := effect.(call.AbandonOffer); ok {
		m.conn.AbandonOffer()
		return
	}
	ctx := e.ctx
	c.job(func(context.Context) {
		in := m.negotiate(ctx, effect, want)
		c.post(func() { c.step(e, in) })
	})
}

// wanted is what our next description says. The far end's video is always
// taken; a video section is offered only if one of us has something to send in
// it, and stays once it is there (RFC 3264 §8).
func wanted(s call.State, effect call.Effect) peer.Wanted {
	var w call.Media
	var video bool
	switch f := effect.(type) {
	case call.MakeOffer:
		w, video = f.Want, f.Want.Video || s.Agreed.Video || s.Remote.HasVideo
	case call.MakeAnswer:
		w, video = f.Want, true
	default:
		return peer.Wanted{}
	}
	return peer.Wanted{
		Audio: peer.Wish{Send: true, Recv: true},
		Video: peer.Wish{Send: w.Video, Recv: video},
		Hold:  w.Hold,
	}
}

func (m *media) negotiate(ctx context.Context, effect call.Effect, want peer.Wanted) call.Input {
	switch f := effect.(type) {
	case call.MakeOffer:
		sdp, err := m.offer(ctx, f, want)
		if err != nil {
			return peerRefused(err)
		}
		return call.OfferMade{SDP: sdp}
	case call.MakeAnswer:
		sdp, r, err := m.conn.Answer(ctx, f.Offer, want)
		if err != nil {
			return peerRefused(err)
		}
		m.outbound.SetPacketTime(r.PacketTime)
		return call.AnswerMade{SDP: sdp, Remote: remoteOf(r)}
	case call.ApplyAnswer:
		r, err := m.conn.SetAnswer(ctx, f.Answer)
		if err != nil {
			return peerRefused(err)
		}
		m.outbound.SetPacketTime(r.PacketTime)
		return call.AnswerApplied{Remote: remoteOf(r)}
	}
	return call.PeerRefused{}
}

func (m *media) offer(ctx context.Context, f call.MakeOffer, w peer.Wanted) (string, error) {
	switch {
	case f.Fresh:
		return m.conn.FreshOffer(ctx, w)
	case f.Restart:
		return m.conn.RestartICE(ctx, w)
	}
	return m.conn.Offer(ctx, w)
}

func peerRefused(err error) call.Input {
	return call.PeerRefused{Problem: problemOf(err, "The media of the two programs do not fit together.", "Try a voice call.")}
}

func remoteOf(r peer.Remote) call.Remote {
	return call.Remote{HasVideo: r.HasVideo, SendsVideo: r.SendsVideo && !r.Held, TakesVideo: r.ReceivesVideo, Held: r.Held}
}

// offersVideo looks into an invitation before anything is made for it.
func offersVideo(offer string) (bool, *engine.Problem) {
	if offer == "" {
		return false, nil
	}
	r, err := peer.Inspect(offer)
	if err != nil {
		return false, problemOf(err, "The caller's offer could not be read.", "Call back.")
	}
	return r.HasVideo && r.SendsVideo, nil
}

func (c *Core) newMedia(e *entry) (*media, error) {
	c.refreshICE()
	m := &media{}
	servers := make([]peer.ICEServer, 0, len(c.account.ice))
	for _, s := range c.account.ice {
		servers = append(servers, peer.ICEServer(s))
	}
	conn, err := peer.New(peer.Config{
		ICEServers: servers, RelayOnly: c.cfg.RelayOnly, Unbundled: c.cfg.Unbundled, Log: c.log.With("call", e.id),
		MaxVideoBPS: c.videoLimits().MaxBitrateBPS,
		Handlers: peer.Handlers{
			OnInbound: func(t *peer.InboundTrack) { c.post(func() { c.inboundTrack(e, t) }) },
			OnState:   func(engine.MediaState) { c.post(func() { c.mediaChanged(e) }) },
			OnKeyFrameRequest: func() {
				if s := m.keyFrame.Load(); s != nil {
					s.ForceKeyFrame()
				}
			},
			OnTargetRate: func(bps int) {
				if s := m.keyFrame.Load(); s != nil {
					s.SetTargetBitRate(bps)
				}
			},
			OnDTMF: func(digit rune) {
				c.post(func() {
					if !e.st.Phase.Final() {
						c.emit(engine.Event{Name: engine.EventCallDTMF, CallID: e.id, Operation: string(digit)})
					}
				})
			},
		},
	})
	if err != nil {
		return nil, err
	}
	m.conn = conn
	m.outbound = c.desk.NewOutbound(audio.OutboundConfig{Write: conn.WriteAudio, DTX: true, Log: c.log})
	m.outbound.SetMuted(e.muted)
	m.outbound.SetActive(false)
	c.watchPath(e, m)
	return m, nil
}

// update lets media flow as the call's state and the path allow.
func (m *media) update(e *entry) {
	if m.closed {
		return
	}
	m.outbound.SetActive(m.conn.Sending(peer.Audio))
	sending := e.st.Agreed.Video && e.st.Want.Video && m.conn.Sending(peer.Video)
	if m.sender != nil {
		m.sender.SetActive(sending)
	}
	if sending || !e.st.SendsVideo() || e.st.LocalHold || e.st.RemoteHold {
		m.cool()
	}
	if m.inbound != nil {
		m.inbound.SetHeld(e.st.LocalHold || e.st.RemoteHold)
	}
	if m.receiver != nil && !e.st.Remote.SendsVideo {
		m.receiver.Interrupt() // on purpose: no freeze
	}
}

// cool lets go of the camera.
func (m *media) cool() {
	if m.warm != nil {
		m.warm()
		m.warm = nil
	}
}

func (m *media) setMuted(muted bool) {
	if !m.closed {
		m.outbound.SetMuted(muted)
	}
}

// mediaChanged takes the peer's present state: callbacks may come in the wrong
// order, so what they said is not used.
func (c *Core) mediaChanged(e *entry) {
	if e.media == nil || e.media.closed {
		return
	}
	state := e.media.conn.MediaState()
	if state == engine.MediaFlowing {
		c.startSender(e)
	}
	if lost := state == engine.MediaInterrupted || state == engine.MediaFailed; lost && state != e.mediaState && !e.media.doubted {
		// The far end's last packets overtake the server's word that it hung
		// up: an end is no loss.
		e.media.doubted = true
		m := e.media
		time.AfterFunc(doubt, func() {
			c.post(func() {
				if e.media == m {
					c.mediaChanged(e)
				}
			})
		})
		return
	} else if !lost {
		e.media.doubted = false
	}
	if state != e.mediaState {
		e.mediaState = state
		c.dirty = true
		c.emit(engine.Event{Name: engine.EventCallMediaConnection, CallID: e.id, Media: state})
		c.step(e, call.PathChanged{State: state}) // which tells a check
		return
	}
	e.media.update(e)
}
