package peer

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"

	"tring/engine/internal/peer/congestion"
	"tring/engine/internal/peer/repair"
)

// link is what the transports to one far end share in repairing losses and in
// watching the path. Video may come to run over another transport, and goes on
// there with what was known. There is one numbering and one recorder for all
// transports, and only video is numbered: a browser that numbers packets over
// all its transports would otherwise take for lost what another one got.
type link struct {
	reported func() time.Duration // the round trip by reports; 0 while not known
	onTarget func(bps int)        // must not block
	onRuin   func()               // a key frame is needed at once; must not block
	// onRecovered is told how many packets parity has brought back; nil if nobody
	// wants to know. It must not block.
	onRecovered func(n int)
	fecSSRC     uint32        // of our parity
	fecType     atomic.Uint32 // payload type of parity, both ways; 0 for none
	begun       time.Time
	backlog     atomic.Int64 // time.Duration that video waits here before it leaves

	mu         sync.Mutex
	tracks     map[uint32]*InboundTrack // by their SSRC, and by that of their retransmissions
	readers    map[uint32]*mediaBuffer  // by SSRC, of what comes in; see media_buffer.go
	ledger     congestion.Ledger
	estimator  congestion.Estimator
	redundancy repair.Redundancy
	probe      congestion.Probe // what is left of it
	rtt        time.Duration    // of feedback, the queue on the way included; 0 while not known
	sent       rate             // video with all that belongs to it
	again      rate             // of it, sent again or parity
	maxVideo   int              // bit/s for the encoder at most
	target     int              // bit/s for the encoder, as told last
	lossy      float64          // share of our video that is reported lost, of late

	recorder *twcc.Recorder
	media    uint32 // SSRC that feedback is said to be about
}

// headroom is what may leave above the encoder's rate: headers, and what is
// sent again at 10 % loss.
const headroom = 1.4

func newLink(maxVideo int, reported func() time.Duration, onTarget func(bps int), onRuin func()) *link {
	l := &link{
		reported: reported, onTarget: onTarget, onRuin: onRuin, maxVideo: maxVideo, begun: time.Now(),
		tracks: make(map[uint32]*InboundTrack), readers: make(map[uint32]*mediaBuffer),
		estimator: congestion.NewPath(congestion.Limits{
			Start: min(congestion.StartBPS, maxVideo), Min: congestion.MinBPS, Max: int(headroom * float64(maxVideo)),
		}),
		recorder: twcc.NewRecorder(rand.Uint32()),
	}
	l.target = l.encoderRate(l.begun)
	return l
}

// setMax changes the most that the encoder is given.
func (l *link) setMax(maxVideo int) {
	l.mu.Lock()
	if maxVideo == l.maxVideo {
		l.mu.Unlock()
		return
	}
	l.maxVideo = maxVideo
	l.estimator.SetMax(int(headroom * float64(maxVideo)))
	l.follow(time.Now())
}

// NewInterceptor makes the interceptors of one PeerConnection, nearest to the
// wire first.
func (l *link) NewInterceptor(string) (interceptor.Interceptor, error) {
	repairs := newRepairInterceptor(l)
	return interceptor.NewChain([]interceptor.Interceptor{
		newFeedbackInterceptor(l), newPaceInterceptor(l, repairs), repairs,
	}), nil
}

// register tells where packets belong that were repaired. There are at most
// maxInbound tracks.
func (l *link) register(t *InboundTrack, rtxSSRC uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tracks[t.ssrc] = t
	if rtxSSRC != 0 {
		l.tracks[rtxSSRC] = t
	}
}

func (l *link) trackOf(ssrc uint32) *InboundTrack {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tracks[ssrc]
}

// protect says under which payload type parity goes both ways; 0 for none.
func (l *link) protect(payloadType uint8) {
	l.mu.Lock()
	l.fecType.Store(uint32(payloadType))
	l.redundancy.Protect(payloadType != 0)
	l.follow(time.Now())
}

// isParity reports whether a marshalled RTP packet is parity.
func (l *link) isParity(b []byte) bool {
	payloadType := l.fecType.Load()
	return payloadType != 0 && len(b) > 1 && uint32(b[1]&0x7f) == payloadType
}

// parity is how many parities so many packets get.
func (l *link) parity(packets int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.redundancy.Parity(packets, l.estimator.Calm())
}

// roundTrip is the newest that is known, 0 if nothing is.
func (l *link) roundTrip() time.Duration {
	l.mu.Lock()
	rtt := l.rtt
	l.mu.Unlock()
	if rtt > 0 {
		return rtt
	}
	return l.reported()
}

// leaves notes a packet of video that goes to the wire now, and gives its
// number. extra says that it was sent before, or is parity.
func (l *link) leaves(size int, extra bool, now time.Time) uint16 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent.add(now, size)
	if extra {
		l.again.add(now, size)
	}
	cluster := 0
	if l.probe.Bytes > 0 {
		cluster = l.probe.Cluster
		l.probe.Bytes -= size
	}
	return l.ledger.Sent(size, cluster, now)
}

// ruined reports, once, that what waits or was lost is not worth sending any
// more.
func (l *link) ruined() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.estimator.Ruined()
}

// pace is how fast packets may follow one another while that many bytes wait; 0
// if nothing may leave. fill says that the path is being probed, and that
// something has to be sent for it if nothing waits.
func (l *link) pace(waiting int, now time.Time) (bps int, fill bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.probe.Bytes <= 0 {
		if probe, ok := l.estimator.Probe(now); ok {
			l.probe = probe
		}
	}
	if bps = l.estimator.Pace(waiting); bps == 0 {
		l.probe.Bytes = 0
		return 0, false
	}
	if l.probe.Bytes > 0 {
		return max(bps, l.probe.RateBPS), true
	}
	return bps, false
}

// stopProbe is for when there is nothing to probe with.
func (l *link) stopProbe() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.probe.Bytes = 0
}

// tick is called some times a second while video is sent.
func (l *link) tick(now time.Time) {
	l.mu.Lock()
	l.estimator.Tick(int(l.sent.bps(now)), l.ledger.Waiting(now), now)
	l.follow(now)
}

// feedback takes the far end's word on packets of ours.
func (l *link) feedback(p *rtcp.TransportLayerCC, now time.Time) {
	l.mu.Lock()
	r := l.ledger.Feedback(p, now)
	if r.RoundTrip > 0 {
		l.rtt = max(l.rtt-l.rtt/8, min(r.RoundTrip, 2*time.Second))
	}
	l.estimator.Feedback(r, now)
	l.redundancy.Note(r.Settled, r.Lost, l.estimator.Calm(), now)
	l.follow(now)
}

// lost takes the share of loss of a receiver report on our video.
func (l *link) lost(share float64, now time.Time) {
	l.mu.Lock()
	l.estimator.Loss(share, now)
	l.lossy += (share - l.lossy) / 5
	l.follow(now)
}

// Where so much is lost that a frame of many packets is seldom whole, smaller
// frames look better: with them fewer are late or given up (linksim's calls at
// 10 % loss, and make bench-media). Parity bears more.
const (
	lossBegins = 0.06 // share of loss from which the encoder gets less
	lossSpan   = 0.03 // as much more, and it gets the least
	lossLeast  = 0.4  // of its most
	lossBorne  = 0.05 // by parity
)

// lossLimit is the most that the encoder is given at a share of loss.
func lossLimit(most int, share float64, protected bool) int {
	if protected {
		share -= lossBorne
	}
	part := min(max((share-lossBegins)/lossSpan, 0), 1)
	return int(float64(most) * (1 - part*(1-lossLeast)))
}

// mostNow is the most that the encoder is given now.
func (l *link) mostNow() int {
	return lossLimit(l.maxVideo, l.lossy, l.fecType.Load() != 0)
}

// encoderRate is what is left for the encoder: without headers, and without
// what has to be sent again.
func (l *link) encoderRate(now time.Time) int {
	const headers = 0.97
	all := headers * float64(l.estimator.Target())
	left := max(all-float64(l.again.bps(now)), 0.6*all) // repairs must not eat up the picture
	return min(int(left), l.mostNow())
}

// follow tells the encoder's rate if it has changed; each bit counts downwards.
// It unlocks l.
func (l *link) follow(now time.Time) {
	rate := l.encoderRate(now)
	tell := rate < l.target*98/100 || rate > l.target*102/100 || rate == l.mostNow() && l.target != rate
	if tell {
		l.target = rate
	}
	l.mu.Unlock()
	if tell && l.onTarget != nil {
		l.onTarget(rate)
	}
}

// targetRate is the bit rate for the encoder.
func (l *link) targetRate() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.target
}

// repeatLimits says what may be sent again: how many bytes at once, and how
// often each packet.
func (l *link) repeatLimits() (reserve, copies int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.estimator.Reserve(), l.redundancy.Copies(l.estimator.Calm())
}

// tail is how many packets at the end of a frame go out twice.
func (l *link) tail(packets int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.redundancy.Tail(packets, l.estimator.Calm())
}

// arrived notes a numbered packet of the far end. original is false for
// retransmissions: feedback is always said to be about a stream itself, since
// Pion gives that on others to nobody.
func (l *link) arrived(ssrc uint32, number uint16, original bool, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if original {
		l.media = ssrc
	}
	if l.media == 0 {
		return
	}
	l.recorder.Record(l.media, number, now.Sub(l.begun).Microseconds())
}

// report is what there is to tell the far end of its packets.
func (l *link) report() []rtcp.Packet {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recorder.BuildFeedbackPacket()
}
