package linksim

import (
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"

	"tring/engine/internal/peer/fec"
	"tring/engine/internal/peer/repair"
)

// receiver is the far end of a Call: it asks for what is missing, reports on
// what came, and shows frames in order.
type receiver struct {
	call      *Call
	requester repair.Requester
	decoder   *fec.Decoder
	recorder  *twcc.Recorder
	frames    map[int]*frame
	next      int       // frame to be shown
	needKey   bool      // nothing before a key frame is of use
	blocked   time.Time // since when next is missing while a later one is there
	asked     time.Time // for a key frame
	pollAt    time.Time
}

// frame is one that is not shown yet.
type frame struct {
	have  map[int]bool
	of    int
	since time.Time
}

func (r *receiver) take(p packet) {
	now := r.call.Clock.Now()
	r.recorder.Record(1, p.number, now.UnixMicro())
	if p.parity != nil {
		recovered, last, ok := r.decoder.Parity(p.parity)
		r.recovered(recovered, now)
		if ok {
			r.requester.Parity(last, now)
		}
		r.poll()
		return
	}
	way := repair.Original
	key := r.call.Results.keys[p.frame]
	switch {
	case p.repeated:
		way = repair.Repeated
	case key && p.of == 1:
		way = repair.KeyWhole
	case key && p.part == 0:
		way = repair.KeyStart
	case p.part == p.of-1:
		way = repair.FrameEnds
	}
	r.requester.SetRoundTrip(r.call.config.There.Delay + r.call.config.Back.Delay)
	r.requester.Received(p.seq, way, now)
	r.have(p, now)
	r.recovered(r.decoder.Packet(p.raw()), now)
	r.poll()
}

// recovered takes packets that parity has brought back.
func (r *receiver) recovered(packets [][]byte, now time.Time) {
	for _, b := range packets {
		p := unraw(b)
		r.call.Results.Recovered++
		r.requester.Received(p.seq, repair.Recovered, now)
		r.have(p, now)
	}
}

// have puts a packet into its frame.
func (r *receiver) have(p packet, now time.Time) {
	if p.frame >= r.next {
		f := r.frames[p.frame]
		if f == nil {
			f = &frame{have: make(map[int]bool), of: p.of, since: now}
			r.frames[p.frame] = f
		}
		f.have[p.part] = true
	}
}

// poll asks and shows what is due.
func (r *receiver) poll() {
	now := r.call.Clock.Now()
	r.show(now)
	var next time.Time
	if !r.call.config.NoRequests {
		if list := r.requester.Due(now, nil); len(list) > 0 {
			r.say(&rtcp.TransportLayerNack{Nacks: rtcp.NackPairsFromSequenceNumbers(list)})
		}
		next = r.requester.Next()
	}
	if wait := r.blocked.Add(r.call.config.Wait); !r.blocked.IsZero() && (next.IsZero() || wait.Before(next)) {
		next = wait
	}
	if !next.IsZero() && (r.pollAt.IsZero() || !r.pollAt.After(now) || next.Before(r.pollAt)) {
		r.pollAt = next
		if !next.After(now) {
			r.pollAt = now.Add(time.Millisecond)
		}
		r.call.Clock.At(r.pollAt, r.poll)
	}
}

func (r *receiver) whole(id int) bool {
	f := r.frames[id]
	return f != nil && len(f.have) == f.of
}

// show shows complete frames in order, and gives up what is missing for too
// long.
func (r *receiver) show(now time.Time) {
	for {
		for r.whole(r.next) && (!r.needKey || r.call.Results.keys[r.next]) {
			r.call.Results.decoded(r.next, now)
			delete(r.frames, r.next)
			r.next++
			r.needKey, r.blocked = false, time.Time{}
		}
		skip := r.nextKey()
		switch {
		case skip >= 0:
			r.jump(skip)
			continue
		case len(r.frames) == 0 || r.needKey:
		case r.blocked.IsZero():
			if r.later() {
				r.blocked = now
			}
		case now.Sub(r.blocked) >= r.call.config.Wait:
			r.needKey = true
		}
		break
	}
	if r.needKey && now.Sub(r.asked) >= 200*time.Millisecond {
		r.asked = now
		r.say(&rtcp.PictureLossIndication{})
	}
}

// nextKey is a whole key frame behind a hole, or -1.
func (r *receiver) nextKey() int {
	best := -1
	for id := range r.frames {
		if id > r.next && r.call.Results.keys[id] && r.whole(id) && id > best {
			best = id
		}
	}
	return best
}

func (r *receiver) jump(id int) {
	for old := range r.frames {
		if old < id {
			delete(r.frames, old)
		}
	}
	r.next, r.blocked = id, time.Time{}
}

func (r *receiver) later() bool {
	for id := range r.frames {
		if id > r.next {
			return true
		}
	}
	return false
}

func (r *receiver) feedback() {
	r.call.Clock.After(feedbackEvery, r.feedback)
	if packets := r.recorder.BuildFeedbackPacket(); len(packets) > 0 {
		r.say(packets...)
	}
}

// say sends RTCP back.
func (r *receiver) say(packets ...rtcp.Packet) {
	for _, p := range packets {
		if at, ok := r.call.Back.Send(p.MarshalSize()+14, r.call.Clock.Now()); ok {
			r.call.Clock.At(at, func() { r.call.control([]rtcp.Packet{p}) })
		}
	}
}
