package linksim

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"tring/engine/internal/peer/congestion"
	"tring/engine/internal/peer/fec"
	"tring/engine/internal/peer/repair"
)

// CallConfig sets up a simulated call.
type CallConfig struct {
	There, Back Profile // the lines for video and for feedback
	Seed        uint64
	Estimator   congestion.Estimator
	MaxBPS      int           // of the encoder
	Wait        time.Duration // how long the receiver waits for a missing packet; 0 is 300 ms
	FPS         int           // 0 is 30
	NoParity    bool          // the receiver does not take parity
	NoRequests  bool          // and asks for nothing again
}

// Call is one direction of video with synthetic frames: an encoder that follows
// the target with a scatter of 30 %, with key frames of four and a half times the usual
// size, ours for the rest.
type Call struct {
	Clock   Clock
	There   *Link
	Back    *Link
	Results Results

	config   CallConfig
	random   *rand.Rand
	pacer    congestion.Pacer[packet]
	ledger   congestion.Ledger
	history  repair.History
	repeat   repair.Redundancy
	parity   fec.Encoder
	sequence uint16
	fresh    uint16 // of a picture that began anew: nothing before it is repeated
	probe    congestion.Probe
	wakeAt   time.Time
	rtt      time.Duration
	slots    []int // bytes that left, in slots of 250 ms; the last is being filled
	again    int   // bytes repeated within the last second, fading
	key      bool
	keyAt    time.Time
	encoder  int // bit/s
	receiver receiver
}

// packet is what goes over the line.
type packet struct {
	seq      uint16
	frame    int
	part, of int
	size     int
	number   uint16 // of the ledger
	repeated bool
	parity   []byte // of a parity: its payload
}

// raw is a packet as its parity is made of it: what it is, without its length.
func (p packet) raw() []byte {
	b, _ := (&rtp.Packet{
		Header:  rtp.Header{Version: 2, SSRC: source, SequenceNumber: p.seq, Timestamp: uint32(p.frame)},
		Payload: binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(p.part)), uint32(p.of)),
	}).Marshal()
	return b
}

// unraw undoes it.
func unraw(b []byte) (p packet) {
	var r rtp.Packet
	if r.Unmarshal(b) == nil && len(r.Payload) == 8 {
		p = packet{seq: r.SequenceNumber, frame: int(r.Timestamp), part: int(binary.BigEndian.Uint32(r.Payload)), of: int(binary.BigEndian.Uint32(r.Payload[4:]))}
	}
	return p
}

const (
	source        = 1 // SSRC
	payloadSize   = 1140
	rtpHeader     = 20
	feedbackEvery = 50 * time.Millisecond
	slotLength    = 250 * time.Millisecond
)

// NewCall makes a call that begins when its clock runs.
func NewCall(config CallConfig) *Call {
	if config.Wait == 0 {
		config.Wait = 300 * time.Millisecond
	}
	if config.FPS == 0 {
		config.FPS = 30
	}
	c := &Call{
		config: config, There: NewLink(config.There, config.Seed), Back: NewLink(config.Back, config.Seed+1),
		random: rand.New(rand.NewPCG(config.Seed, 2)), key: true, slots: make([]int, 4),
	}
	c.Results.begun = c.Clock.Now()
	c.repeat.Protect(!config.NoParity)
	c.receiver = receiver{call: c, frames: make(map[int]*frame), recorder: twcc.NewRecorder(1), decoder: fec.NewDecoder(source)}
	c.encoder = min(config.Estimator.Target(), config.MaxBPS)
	c.Clock.After(0, c.capture)
	c.Clock.After(feedbackEvery, c.receiver.feedback)
	c.Clock.After(slotLength, c.tick)
	return c
}

// capture encodes one frame and queues its packets.
func (c *Call) capture() {
	now := c.Clock.Now()
	c.Clock.After(time.Second/time.Duration(c.config.FPS), c.capture)
	if c.pacer.Delay() > 150*time.Millisecond {
		return // a frame left out before it is encoded breaks nothing
	}
	size := float64(c.encoder) / 8 / float64(c.config.FPS)
	if c.key {
		size *= 4.5
	} else {
		size *= 0.7 + 0.6*c.random.Float64()
	}
	key := c.key
	if key {
		c.keyAt = now
	}
	c.key = false
	of := int(size)/payloadSize + 1
	id := c.Results.encoded(now, key)
	for part := range of {
		p := packet{seq: c.sequence, frame: id, part: part, of: of, size: rtpHeader + int(size)/of}
		c.sequence++
		c.history.Keep(&rtp.Header{SequenceNumber: p.seq, Timestamp: uint32(id), SSRC: uint32(part)<<16 | uint32(of)}, make([]byte, p.size-rtpHeader), now)
		c.pacer.Push(p, p.size, congestion.Media, now)
		c.parity.Add(p.raw())
		if c.parity.Len() == fec.MaxBlock || part == of-1 {
			c.protect(p.size, now)
		}
	}
	for n := c.repeat.Tail(of, c.config.Estimator.Calm()); n > 0; n-- {
		if header, payload, ok := c.history.Repeat(c.sequence-uint16(n), now, c.rtt); ok {
			c.pacer.Push(c.repack(header, payload), len(payload)+rtpHeader+2, congestion.Media, now)
		}
	}
	c.drain()
}

// protect queues the parity of what was queued last.
func (c *Call) protect(size int, now time.Time) {
	count := c.repeat.Parity(c.parity.Len(), c.config.Estimator.Calm())
	c.parity.Parity(count, func(payload []byte) {
		p := packet{size: size + fec.Overhead, parity: append([]byte(nil), payload...)}
		c.pacer.Push(p, p.size, congestion.Media, now)
	})
}

// drain lets leave what may.
func (c *Call) drain() {
	now := c.Clock.Now()
	if probe, ok := c.config.Estimator.Probe(now); ok {
		c.probe = probe
	}
	for {
		rate := c.config.Estimator.Pace(c.pacer.Bytes())
		if c.probe.Bytes > 0 {
			rate = max(rate, c.probe.RateBPS)
			if c.pacer.Queued() == 0 && !c.pacer.Free().After(now) {
				c.fill(now)
			}
		}
		c.pacer.SetRate(rate)
		p, size, ok := c.pacer.Pop(now)
		if !ok {
			break
		}
		c.leave(p, size, now)
	}
	if (c.pacer.Queued() > 0 || c.probe.Bytes > 0) && !c.wakeAt.After(now) {
		c.wakeAt = c.pacer.Free()
		if !c.wakeAt.After(now) {
			c.wakeAt = now.Add(time.Millisecond)
		}
		if c.pacer.Stopped() {
			c.wakeAt = now.Add(10 * time.Millisecond)
		}
		c.Clock.At(c.wakeAt, c.drain)
	}
}

// fill queues a retransmission for a probe.
func (c *Call) fill(now time.Time) {
	header, payload, ok := c.history.Filler(now)
	if !ok {
		c.probe = congestion.Probe{}
		return
	}
	c.pacer.Push(c.repack(header, payload), len(payload)+rtpHeader+2, congestion.Again, now)
}

func (c *Call) repack(header rtp.Header, payload []byte) packet {
	return packet{
		seq: header.SequenceNumber, frame: int(header.Timestamp), part: int(header.SSRC >> 16), of: int(header.SSRC & 0xffff),
		size: len(payload) + rtpHeader + 2, repeated: true,
	}
}

func (c *Call) leave(p packet, size int, now time.Time) {
	cluster := 0
	if c.probe.Bytes > 0 {
		cluster = c.probe.Cluster
		if c.probe.Bytes -= size; c.probe.Bytes <= 0 {
			c.probe = congestion.Probe{}
		}
	}
	p.number = c.ledger.Sent(size, cluster, now)
	c.slots[len(c.slots)-1] += size
	if p.repeated {
		c.Results.Repeated++
		c.again += size
	}
	if p.parity != nil {
		c.Results.Parities++
		c.again += size
	}
	if at, ok := c.There.Send(size+10, now); ok {
		c.Clock.At(at, func() { c.receiver.take(p) })
	}
}

// tick is the sender's clock.
func (c *Call) tick() {
	now := c.Clock.Now()
	c.Clock.After(slotLength/5, c.tick)
	if now.Sub(c.Results.begun)%slotLength == 0 {
		copy(c.slots, c.slots[1:])
		c.slots[len(c.slots)-1] = 0
		c.again -= c.again / 4
	}
	sum := 0
	for _, s := range c.slots[:len(c.slots)-1] {
		sum += s
	}
	c.config.Estimator.Tick(int(float64(sum)*8/(time.Duration(len(c.slots)-1)*slotLength).Seconds()), c.ledger.Waiting(now), now)
	c.follow()
	c.anew()
	c.drain()
}

// anew gives up what waits for a picture that begins anew.
func (c *Call) anew() {
	if c.config.Estimator.Ruined() {
		c.key = true
		c.fresh = c.sequence
		c.pacer.Clear()
	}
}

// follow sets the encoder's rate.
func (c *Call) follow() {
	media := float64(c.config.Estimator.Target()) * 0.97
	c.encoder = min(int(max(media-float64(c.again*8), media*0.6)), c.config.MaxBPS)
	c.Results.target(c.Clock.Now(), c.config.Estimator.Target(), c.encoder)
}

// control takes what the receiver says.
func (c *Call) control(packets []rtcp.Packet) {
	now := c.Clock.Now()
	for _, packet := range packets {
		switch p := packet.(type) {
		case *rtcp.TransportLayerCC:
			r := c.ledger.Feedback(p, now)
			c.rtt = max(c.rtt-c.rtt/8, r.RoundTrip)
			c.history.SetReserve(c.config.Estimator.Reserve())
			c.config.Estimator.Feedback(r, now)
			c.repeat.Note(r.Settled, r.Lost, c.config.Estimator.Calm(), now)
			c.follow()
			c.anew()
		case *rtcp.PictureLossIndication:
			if now.Sub(c.keyAt) > max(c.rtt, 200*time.Millisecond) { // else it crossed the last one
				c.key = true
				c.Results.KeyFrames++
			}
		case *rtcp.TransportLayerNack:
			for _, pair := range p.Nacks {
				pair.Range(func(seq uint16) bool { c.asked(seq, now); return true })
			}
		}
	}
	c.drain()
}

// asked repeats a packet.
func (c *Call) asked(seq uint16, now time.Time) {
	c.Results.Requests++
	if int16(seq-c.fresh) < 0 {
		return
	}
	header, payload, ok := c.history.Repeat(seq, now, c.rtt)
	if !ok {
		return
	}
	for range c.repeat.Copies(c.config.Estimator.Calm()) {
		c.pacer.Push(c.repack(header, payload), len(payload)+rtpHeader+2, congestion.Again, now)
	}
}

// Results is what came of a call.
type Results struct {
	Requests, Repeated, KeyFrames int
	Parities, Recovered           int

	begun    time.Time
	captured []time.Time
	keys     []bool
	shown    []shown
	targets  []target
	Arrived  int // bytes of media packets
}

type shown struct {
	at      time.Time
	latency time.Duration
}

type target struct {
	at           time.Time
	bps, encoder int
}

func (r *Results) encoded(now time.Time, key bool) int {
	r.captured, r.keys = append(r.captured, now), append(r.keys, key)
	return len(r.captured) - 1
}

func (r *Results) decoded(frame int, now time.Time) {
	r.shown = append(r.shown, shown{now, now.Sub(r.captured[frame])})
}

func (r *Results) target(now time.Time, bps, encoder int) {
	r.targets = append(r.targets, target{now, bps, encoder})
}

// FPS is how many frames were shown in a second, from a time on.
func (r *Results) FPS(from, to time.Duration) float64 {
	n := 0
	for _, s := range r.shown {
		if at := s.at.Sub(r.begun); at >= from && at < to {
			n++
		}
	}
	return float64(n) / (to - from).Seconds()
}

// Latency is a quantile of the time from capture to showing.
func (r *Results) Latency(quantile float64, from time.Duration) time.Duration {
	var all []time.Duration
	for _, s := range r.shown {
		if s.at.Sub(r.begun) >= from {
			all = append(all, s.latency)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[int(quantile*float64(len(all)-1))]
}

// Gaps counts the gaps longer than limit between frames, and gives the longest.
func (r *Results) Gaps(limit time.Duration, from, to time.Duration) (n int, longest time.Duration) {
	for i := 1; i < len(r.shown); i++ {
		if at := r.shown[i].at.Sub(r.begun); at < from || at > to {
			continue
		}
		gap := r.shown[i].at.Sub(r.shown[i-1].at)
		longest = max(longest, gap)
		if gap > limit {
			n++
		}
	}
	return n, longest
}

// Reached is when the encoder's rate was first at least bps, since from; -1 if
// never.
func (r *Results) Reached(bps int, from time.Duration) time.Duration {
	for _, t := range r.targets {
		if at := t.at.Sub(r.begun); at >= from && t.encoder >= bps {
			return at - from
		}
	}
	return -1
}

// Fell is when the encoder's rate was first at most bps, since from; -1 if
// never.
func (r *Results) Fell(bps int, from time.Duration) time.Duration {
	for _, t := range r.targets {
		if at := t.at.Sub(r.begun); at >= from && t.encoder <= bps {
			return at - from
		}
	}
	return -1
}

// Mean is the encoder's mean rate in a time.
func (r *Results) Mean(from, to time.Duration) int {
	sum, n := 0, 0
	for _, t := range r.targets {
		if at := t.at.Sub(r.begun); at >= from && at < to {
			sum, n = sum+t.encoder, n+1
		}
	}
	return sum / max(n, 1)
}
