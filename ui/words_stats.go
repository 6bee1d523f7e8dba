package ui

import (
	"fmt"
	"strings"
	"time"

	"tring/engine"
)

// statsText is a call's numbers as text for whoever helps, which is read where
// logs are: in English, as they are.
func statsText(s engine.Stats) string {
	var b strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&b, format+"\n", values...) }
	line("Tring call statistics, %s", s.Time.Format(time.RFC3339))
	path := s.Transport
	if path == "" {
		path = "not chosen yet"
	}
	line("Path: %s, round trip %s", path, milliseconds(s.RoundTrip))
	if v := s.Video; v != nil {
		in, out := v.Inbound, v.Outbound
		line("Video received: %s %d×%d, %.1f pictures/s, %s, %d of %d packets lost, jitter %s",
			codecName(in.Codec), in.Width, in.Height, in.FPS, rate(in.BitrateBPS), in.PacketsLost,
			int64(in.Packets)+in.PacketsLost, milliseconds(in.Jitter))
		line("  decoded %d, dropped %d, frozen %d times for %s, key pictures asked for %d",
			in.FramesDecoded, in.FramesDropped, in.Freezes, milliseconds(in.FreezeTime), in.KeyFrameRequests)
		line("Video sent: %s %d×%d, %.1f pictures/s, %s, encoding %s each, key pictures %d, sent again %d",
			codecName(out.Codec), out.Width, out.Height, out.FPS, rate(out.BitrateBPS),
			milliseconds(out.EncodeTime), out.KeyFrames, out.Retransmitted)
	}
	if a := s.Audio; a != nil {
		in, out := a.Inbound, a.Outbound
		line("Sound received: %s, %s, %d of %d packets lost, jitter %s, made up %s, waiting %s",
			codecName(in.Codec), rate(in.BitrateBPS), in.PacketsLost, int64(in.Packets)+in.PacketsLost,
			milliseconds(in.Jitter), milliseconds(in.Concealed), milliseconds(in.BufferTime))
		line("Sound sent: %s, %s, %d packets", codecName(out.Codec), rate(out.BitrateBPS), out.Packets)
	}
	return b.String()
}

func codecName(name string) string {
	if name == "" {
		return "no codec yet"
	}
	return name
}

func rate(bitsPerSecond uint64) string {
	return fmt.Sprintf("%.0f kbit/s", float64(bitsPerSecond)/1000)
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
