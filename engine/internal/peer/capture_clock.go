package peer

import (
	"time"

	"github.com/pion/rtcp"
)

// captureClock ties RTP time to the far end's own clock, by its sender reports
// (RFC 3550 section 6.4.1): each names one moment in both.
type captureClock struct {
	rtp uint32
	at  time.Time
}

// maxSources bounds the clocks that are kept: reports name any source they
// like.
const maxSources = 32

// report notes a sender report.
func (m *meter) report(p *rtcp.SenderReport) {
	if _, known := m.clocks[p.SSRC]; !known && len(m.clocks) >= maxSources {
		clear(m.clocks) // those in use report again within seconds
	}
	m.clocks[p.SSRC] = captureClock{p.RTPTime, ntpTime(p.NTPTime)}
}

// ntpTime is RFC 3550 section 4: seconds since 1900 in 32.32 bits.
func ntpTime(ntp uint64) time.Time {
	const ntpEpoch = 2208988800 // 1970 in seconds since 1900
	seconds := int64(ntp>>32) - ntpEpoch
	return time.Unix(seconds, int64(ntp&0xffffffff)*1e9>>32)
}

// captured is when the sample or picture of an RTP time was captured, by the
// far end's clock.
func (m *meter) captured(ssrc, rtp, clockRate uint32) (time.Time, bool) {
	m.mu.Lock()
	clock, known := m.clocks[ssrc]
	m.mu.Unlock()
	if !known || clockRate == 0 {
		return time.Time{}, false
	}
	ticks := int64(int32(rtp - clock.rtp)) // 12 hours of sound, 6 of pictures, before it wraps
	return clock.at.Add(time.Duration(ticks * int64(time.Second) / int64(clockRate))), true
}

// CaptureTime is when what bears an RTP time was captured, by the far end's
// clock, which may be any: times of sound and pictures of one far end compare
// with each other. ok is false before the far end's first report, which comes
// within a second or two.
func (t *InboundTrack) CaptureTime(rtp uint32) (captured time.Time, ok bool) {
	return t.transport.session.conn.meter.captured(t.ssrc, rtp, t.ClockRate())
}
