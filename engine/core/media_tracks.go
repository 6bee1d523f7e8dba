package core

import (
	"context"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/codec"
	"tring/engine/internal/peer"
	"tring/engine/internal/video"
)

// startSender makes the video sender once there is a path: an encoder costs
// memory and a voice call needs none.
func (c *Core) startSender(e *entry) {
	m := e.media
	if m.sender != nil {
		return
	}
	builder, err := codec.VP8Builder(c.cfg.VP8)
	if err != nil {
		c.log.Error("no VP8 encoder", "error", err)
		return
	}
	m.sender = video.NewSender(video.SenderConfig{
		Hub: c.hubOf(e), Builder: builder, BitrateBPS: m.conn.TargetRate(), MaxFPS: c.cfg.FPS, Log: c.log,
		Behind: func() bool { return m.conn.VideoDelay() > mostWaiting },
		Write:  func(f video.EncodedFrame) error { return m.conn.WriteVideo(f.Data, f.RTPTime, f.KeyFrame) },
	})
	m.sender.SetMaxHeight(c.sentHeight(e))
	m.keyFrame.Store(m.sender)
	m.sender.SetTargetBitRate(m.conn.TargetRate()) // it may have changed before the line above
}

// inboundTrack begins to play or decode a received track. A track that follows
// a former one of its kind (new transports) replaces it.
func (c *Core) inboundTrack(e *entry, t *peer.InboundTrack) {
	m := e.media
	if m == nil || m.closed {
		return
	}
	if t.Kind() == peer.Audio {
		old := m.inbound
		m.soundTrack = t
		m.inbound = c.desk.NewInbound(audio.InboundConfig{
			Read: t.ReadRTP, PayloadType: t.PayloadType(), Log: c.log,
			OnFirstSound: func() { c.post(func() { c.firstMedia(e, "audio", 0, 0) }) },
		})
		if old != nil {
			c.job(func(context.Context) { _ = old.Close() })
		}
		m.update(e)
		return
	}
	old := m.receiver
	m.receiver = video.NewReceiver(video.ReceiverConfig{
		Read: t.ReadRTP, RequestKeyFrame: t.RequestKeyFrame, Log: c.log,
		OnFirstFrame: func(w, h int) { c.post(func() { c.firstMedia(e, "video", w, h) }) },
	})
	m.receiver.SetClock(t.CaptureTime)
	c.updateRemoteSinks(e)
	if old != nil {
		c.job(func(context.Context) { _ = old.Close() })
	}
}

// firstMedia tells of the first picture or sound of the far end.
func (c *Core) firstMedia(e *entry, kind string, w, h int) {
	if e.st.Phase.Final() {
		return
	}
	var since time.Duration
	if !e.answeredAt.IsZero() {
		since = time.Since(e.answeredAt)
	}
	c.emit(engine.Event{Name: engine.EventCallMedia, CallID: e.id, MediaKind: kind, Width: w, Height: h, SinceAnswer: since})
}
