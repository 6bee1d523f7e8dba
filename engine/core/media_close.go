package core

import (
	"context"

	"tring/engine/internal/audio"
	"tring/engine/internal/video"
)

// close ends all media in a job: first what is sent, then the transports
// (which ends the reading of what is received), then the rest.
func (m *media) close(c *Core) {
	if m.closed {
		return
	}
	m.closed = true
	m.keyFrame.Store(nil)
	m.cool()
	sender, outbound, inbound, receiver := m.sender, m.outbound, m.inbound, m.receiver
	c.job(func(context.Context) {
		c.sumUp(inbound, receiver)
		_ = outbound.Close()
		if sender != nil {
			_ = sender.Close()
		}
		if err := m.conn.Close(); err != nil {
			c.log.Warn("closing a peer", "error", err)
		}
		if inbound != nil {
			_ = inbound.Close()
		}
		if receiver != nil {
			_ = receiver.Close()
		}
	})
}

// sumUp writes down how a call's picture and sound were received, for whoever
// is asked afterwards why it was bad.
func (c *Core) sumUp(inbound *audio.Inbound, receiver *video.Receiver) {
	if inbound == nil && receiver == nil {
		return
	}
	var sound audio.InboundStats
	var picture video.ReceiverStats
	if inbound != nil {
		sound = inbound.Stats()
	}
	if receiver != nil {
		picture = receiver.Stats()
	}
	c.log.Info("received in this call", "pictures", picture.FramesDecoded, "gapsOver150ms", picture.LongGaps, "longestGapMs", picture.LongestGap.Milliseconds(),
		"soundPackets", sound.PacketsReceived, "soundLost", sound.PacketsLost, "soundMadeUpMs", sound.Concealed.Milliseconds())
}
