package core

import (
	"context"
	"time"

	"tring/engine"
)

// Stats implements engine.Engine.
func (c *Core) Stats(_ context.Context, id engine.CallID) (engine.Stats, error) {
	var m media
	err := c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if e.media == nil || e.media.closed {
			if e.st.Phase.Final() {
				return callOver()
			}
			return &engine.Problem{Cause: "The call has no sound or picture yet.", Next: "Wait until it is answered.", Err: engine.ErrWrongState}
		}
		m.conn, m.outbound, m.sender, m.inbound, m.receiver = e.media.conn, e.media.outbound, e.media.sender, e.media.inbound, e.media.receiver
		return nil
	})
	if err != nil {
		return engine.Stats{}, err
	}
	s := m.conn.Stats()
	out := engine.Stats{CallID: id, Time: time.Now(), RoundTrip: s.RoundTrip, Transport: s.Transport, Protocol: s.Protocol, Audio: &engine.AudioStats{
		Inbound:  engine.AudioInbound{InboundStats: s.Audio.Inbound.InboundStats},
		Outbound: s.Audio.Outbound.OutboundStats,
	}}
	if m.inbound != nil {
		in, a := m.inbound.Stats(), &out.Audio.Inbound
		a.Level, a.Energy, a.Concealed, a.BufferTime = in.Level, in.Energy, in.Concealed, in.BufferTime
		a.Recovered = in.PacketsRecovered
	}
	if m.receiver == nil && m.sender == nil {
		return out, nil
	}
	out.Video = &engine.VideoStats{
		Inbound:  engine.VideoInbound{InboundStats: s.Video.Inbound.InboundStats, KeyFrameRequests: s.Video.Inbound.KeyFrameRequests},
		Outbound: engine.VideoOutbound{OutboundStats: s.Video.Outbound.OutboundStats},
	}
	if m.receiver != nil {
		in, v := m.receiver.Stats(), &out.Video.Inbound
		v.FramesDecoded, v.FramesDropped = in.FramesDecoded, in.FramesDropped
		v.Width, v.Height, v.FPS, v.Freezes, v.FreezeTime = in.Width, in.Height, in.FPS, in.Freezes, in.FreezeTime
		v.LongGaps, v.LongestGap, v.PlayoutDelay, v.AgeP50, v.AgeP95 = in.LongGaps, in.LongestGap, in.PlayoutDelay, in.AgeP50, in.AgeP95
	}
	if m.sender != nil {
		o, v := m.sender.Stats(), &out.Video.Outbound
		v.FramesEncoded, v.Width, v.Height, v.FPS, v.EncodeTime, v.KeyFrames = o.FramesEncoded, o.Width, o.Height, o.FPS, o.EncodeTime, o.KeyFrames
		v.TargetBPS, v.CameraFPS, v.Limited = o.TargetBPS, o.CameraFPS, o.Limited
	}
	return out, nil
}
