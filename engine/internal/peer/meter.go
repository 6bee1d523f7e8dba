package peer

import (
	"math"
	"strings"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"tring/engine"
)

// meter counts what crosses the wire, over all transports of a Conn, and
// listens to the far end's reports and key-frame requests. It is an
// interceptor that sits next to the wire: retransmissions pass it too.
type meter struct {
	onKeyFrameRequest func()
	repeat            soundRepeat // by the reports on our sound

	mu     sync.Mutex
	local  map[uint32]Kind         // SSRCs we send with, retransmissions left out
	clocks map[uint32]captureClock // of the far end's SSRCs
	in     [kinds]inboundCount
	out    [kinds]outboundCount
	rtt    time.Duration // from receiver reports, RFC 3550 section 6.4.1
}

func newMeter(onKeyFrameRequest func()) *meter {
	return &meter{onKeyFrameRequest: onKeyFrameRequest, local: make(map[uint32]Kind), clocks: make(map[uint32]captureClock)}
}

type inboundCount struct {
	packets, bytes uint64
	lostBefore     int64 // by SSRCs that are over
	sequence       sequenceCount
	jitter         jitterCount
	rate           rate
	keyFrameAsked  uint64
	recovered      uint64 // packets
}

type outboundCount struct {
	packets, bytes, again uint64
	rate                  rate
	lossReported          float64
}

// sequenceCount is RFC 3550 appendix A.3 for one SSRC.
type sequenceCount struct {
	ssrc           uint32
	started        bool
	first, highest int64
	received       int64
}

func (s *sequenceCount) lost() int64 {
	if !s.started {
		return 0
	}
	return s.highest - s.first + 1 - s.received
}

func (s *sequenceCount) add(seq uint16) {
	if !s.started {
		s.started, s.first, s.highest = true, int64(seq), int64(seq)
		s.received = 1
		return
	}
	s.received++
	if ext := extend(s.highest, seq); ext > s.highest {
		s.highest = ext
	}
}

// extend gives seq the cycles that bring it nearest to reference.
func extend(reference int64, seq uint16) int64 {
	return reference + int64(int16(seq-uint16(reference)))
}

// jitterCount is RFC 3550 appendix A.8.
type jitterCount struct {
	clockRate   float64
	started     bool
	arrival     time.Time
	rtpTime     uint32
	jitterTicks float64
}

func (j *jitterCount) add(now time.Time, rtpTime uint32) {
	if j.started && rtpTime != j.rtpTime {
		d := now.Sub(j.arrival).Seconds()*j.clockRate - float64(int32(rtpTime-j.rtpTime))
		if math.Abs(d) < 10*j.clockRate { // a jump of the stream's clock is no jitter
			j.jitterTicks += (math.Abs(d) - j.jitterTicks) / 16
		}
	}
	if !j.started || rtpTime != j.rtpTime {
		j.started, j.arrival, j.rtpTime = true, now, rtpTime
	}
}

func (j *jitterCount) value() time.Duration {
	if j.clockRate == 0 {
		return 0
	}
	return time.Duration(j.jitterTicks / j.clockRate * float64(time.Second))
}

func kindOf(mime string) Kind {
	if strings.HasPrefix(strings.ToLower(mime), "video/") {
		return Video
	}
	return Audio
}

func (m *meter) received(info *interceptor.StreamInfo, kind Kind, main bool, header *rtp.Header, size int) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	in := &m.in[kind]
	in.packets++
	in.bytes += uint64(size)
	in.rate.add(now, size)
	if !main {
		return
	}
	if !in.sequence.started || in.sequence.ssrc != header.SSRC {
		in.lostBefore += in.sequence.lost()
		in.sequence = sequenceCount{ssrc: header.SSRC}
		in.jitter = jitterCount{clockRate: float64(info.ClockRate), jitterTicks: in.jitter.jitterTicks}
	}
	in.sequence.add(header.SequenceNumber)
	in.jitter.add(now, header.Timestamp)
}

func (m *meter) sent(kind Kind, again bool, size int) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	out := &m.out[kind]
	out.packets++
	out.bytes += uint64(size)
	out.rate.add(now, size)
	if again {
		out.again++
	}
}

// feedback takes the far end's RTCP.
func (m *meter) feedback(packets []rtcp.Packet) {
	now := time.Now()
	asked := false
	m.mu.Lock()
	for _, packet := range packets {
		switch p := packet.(type) {
		case *rtcp.PictureLossIndication:
			asked = asked || m.sendsVideo(p.MediaSSRC)
		case *rtcp.FullIntraRequest:
			asked = asked || m.sendsVideo(p.MediaSSRC)
			for _, entry := range p.FIR {
				asked = asked || m.sendsVideo(entry.SSRC)
			}
		case *rtcp.ReceiverReport:
			m.reports(now, p.Reports)
		case *rtcp.SenderReport:
			m.report(p)
			m.reports(now, p.Reports)
		}
	}
	m.mu.Unlock()
	if asked {
		m.onKeyFrameRequest()
	}
}

func (m *meter) sendsVideo(ssrc uint32) bool {
	kind, ok := m.local[ssrc]
	return ok && kind == Video
}

func (m *meter) reports(now time.Time, reports []rtcp.ReceptionReport) {
	for _, report := range reports {
		kind, ok := m.local[report.SSRC]
		if !ok {
			continue
		}
		m.out[kind].lossReported = float64(report.FractionLost) / 256
		if kind == Audio {
			m.repeat.note(m.out[kind].lossReported, now)
		}
		if report.LastSenderReport != 0 {
			if rtt := reportRoundTrip(now, report); rtt > 0 && rtt < 10*time.Second {
				m.rtt = rtt
			}
		}
	}
}

// reportRoundTrip is RFC 3550 section 6.4.1, in units of 1/65536 s.
func reportRoundTrip(now time.Time, report rtcp.ReceptionReport) time.Duration {
	const ntpEpoch = 2208988800 // 1970 in seconds since 1900
	seconds := uint64(now.Unix()) + ntpEpoch
	middle := uint32(seconds<<16) | uint32(uint64(now.Nanosecond())<<16/1e9)
	ticks := int32(middle - report.LastSenderReport - report.Delay)
	return time.Duration(ticks) * time.Second / 65536
}

// asked counts a key-frame request that goes out.
func (m *meter) asked() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.in[Video].keyFrameAsked++
}

// wasRecovered counts packets of video that parity has brought back.
func (m *meter) wasRecovered(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.in[Video].recovered += uint64(n)
}

// roundTrip is the newest round trip that reports tell of; 0 if there is none.
func (m *meter) roundTrip() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rtt
}

// snapshot reads all counters.
func (m *meter) snapshot() (in [kinds]InboundStats, out [kinds]OutboundStats, rtt time.Duration) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	for k := range kinds {
		codec := "opus"
		if k == Video {
			codec = "VP8"
		}
		i, o := &m.in[k], &m.out[k]
		in[k] = InboundStats{InboundStats: engine.InboundStats{
			Codec: codec, Packets: i.packets, Bytes: i.bytes,
			PacketsLost: i.lostBefore + i.sequence.lost(),
			Jitter:      i.jitter.value(), BitrateBPS: i.rate.bps(now),
		}, KeyFrameRequests: i.keyFrameAsked, Recovered: i.recovered}
		out[k] = OutboundStats{OutboundStats: engine.OutboundStats{
			Codec: codec, Packets: o.packets, Bytes: o.bytes,
			BitrateBPS: o.rate.bps(now), Retransmitted: o.again, LossReported: o.lossReported,
		}}
	}
	return in, out, m.rtt
}
