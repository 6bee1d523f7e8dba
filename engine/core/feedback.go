package core

import (
	"context"
	"time"

	"tring/engine/internal/audio"
	"tring/engine/internal/peer"
	"tring/engine/internal/video"
)

// feedbackEvery is how often what is known of a call's path is told to those
// who make and play its media.
const feedbackEvery = 500 * time.Millisecond

// roomyBPS is the video target from which on a path has room for the headers of
// short packets of sound, 16 kbit/s.
const roomyBPS = 200_000

// watchPath begins to tell, until the media is closed.
func (c *Core) watchPath(e *entry, m *media) {
	time.AfterFunc(feedbackEvery, func() {
		c.post(func() {
			if e.media != m || m.closed {
				return
			}
			// The parts are safe to use from jobs, the fields are not.
			conn, out, sender, in, track, receiver := m.conn, m.outbound, m.sender, m.inbound, m.soundTrack, m.receiver
			c.job(func(context.Context) {
				stats := conn.Stats()
				tellLoss(stats, out, sender)
				out.SetNarrow(stats.SoundTwice || sender != nil && conn.TargetRate() < roomyBPS)
				if receiver != nil {
					receiver.SetWait(repairTime(stats.RoundTrip))
					tellSound(receiver, in, track)
				}
			})
			c.watchPath(e, m)
		})
	})
}

// tellLoss prepares what is sent for the losses that the far end reports.
func tellLoss(stats peer.Stats, out *audio.Outbound, sender *video.Sender) {
	out.SetPacketLoss(100 * stats.Audio.Outbound.LossReported)
	if sender != nil {
		sender.SetLoss(stats.Video.Outbound.LossReported)
	}
}

// repairTime is how long a missing packet may take to come again: long enough
// for the second and mostly the third request to be met. A frame that is given
// up costs more: nothing can be shown before the next key frame.
func repairTime(roundTrip time.Duration) time.Duration {
	return min(max(roundTrip*5/2+120*time.Millisecond, 200*time.Millisecond), 600*time.Millisecond)
}

// tellSound tells the pictures how late their sound is heard.
func tellSound(receiver *video.Receiver, in *audio.Inbound, track *peer.InboundTrack) {
	if in == nil || track == nil {
		return
	}
	rtp, heard, playing := in.Playing()
	captured, known := track.CaptureTime(rtp)
	receiver.SetAudioDelay(heard.Sub(captured), playing && known)
}
