package peer

import (
	"math"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

func TestCaptureTime(t *testing.T) {
	m := newMeter(func() {})
	if _, ok := m.captured(1, 0, 90000); ok {
		t.Error("a time without any report")
	}
	// 2026-11-22 12:00:00.5 UTC; RTP time just before it wraps.
	at := time.Date(2026, 11, 22, 12, 0, 0, 5e8, time.UTC)
	ntp := uint64(at.Unix()+2208988800)<<32 | 1<<31
	m.feedback([]rtcp.Packet{&rtcp.SenderReport{SSRC: 1, NTPTime: ntp, RTPTime: math.MaxUint32}})
	for _, c := range []struct {
		rtp  uint32
		want time.Duration
	}{
		{math.MaxUint32, 0}, {90000 - 1, time.Second}, {math.MaxUint32 - 45000, -time.Second / 2},
	} {
		got, ok := m.captured(1, c.rtp, 90000)
		if !ok || !got.Equal(at.Add(c.want)) {
			t.Errorf("RTP time %d was captured at %v, %v; want %v", c.rtp, got, ok, at.Add(c.want))
		}
	}
	if _, ok := m.captured(1, 0, 0); ok {
		t.Error("a time without a clock rate")
	}
	for ssrc := range uint32(1000) {
		m.feedback([]rtcp.Packet{&rtcp.SenderReport{SSRC: ssrc}})
	}
	if len(m.clocks) > maxSources {
		t.Errorf("%d clocks are kept", len(m.clocks))
	}
}
