package video

import (
	"time"

	"github.com/pion/rtp"
)

const (
	// reorderSize is how many packets can wait for an earlier one: two seconds
	// at 6 Mbit/s.
	reorderSize = 1024
	// reorderStray is after how many packets in a row from far behind the
	// sender is taken to have begun anew.
	reorderStray = 32
	// reorderKey is how long a missing packet is worth waiting for when a later
	// key frame is whole: it may only have been overtaken.
	reorderKey = 20 * time.Millisecond
)

// reorder puts packets into the order of their sequence numbers. It knows no
// clock: the caller brings the time, and tells by wait how long a missing packet
// is worth waiting for.
type reorder struct {
	wait    time.Duration
	begun   bool
	next    int64 // extended sequence number of the packet to come out next
	highest int64 // of all that came in
	waiting int   // packets in ring
	entries int   // those of them at which decoding can begin
	stray   int
	missing time.Time // since when next is missing while later ones wait; zero if not
	jumped  bool      // packets before next were given up
	ring    [reorderSize]queued
}

// queued is a waiting packet; none if packet is nil.
type queued struct {
	packet *rtp.Packet
	at     time.Time // of its arrival
	entry  bool      // decoding can begin here
}

func (r *reorder) slot(seq int64) *queued { return &r.ring[seq%reorderSize] }

// push takes a packet; entry says that decoding can begin with it. Packets that
// came twice or too late are left out.
func (r *reorder) push(p *rtp.Packet, entry bool, now time.Time) {
	if !r.begun {
		r.restart(int64(p.SequenceNumber))
	}
	seq := r.highest + int64(int16(p.SequenceNumber-uint16(r.highest)))
	switch {
	case seq < r.next:
		if r.next-seq < reorderSize {
			return // twice, or too late
		}
		if r.stray++; r.stray < reorderStray {
			return
		}
		r.restart(seq)
	case seq-r.next >= reorderSize:
		r.restart(seq) // so much is lost that nothing waiting is of use
	}
	r.stray = 0
	if slot := r.slot(seq); slot.packet == nil {
		*slot = queued{p, now, entry}
		r.waiting++
		if entry {
			r.entries++
		}
	}
	r.highest = max(r.highest, seq)
	r.look()
}

// restart forgets everything and goes on with seq.
func (r *reorder) restart(seq int64) {
	jumped := r.begun
	wait := r.wait
	*r = reorder{wait: wait, begun: true, jumped: jumped}
	for seq < reorderSize { // stays positive whatever comes before it
		seq += 1 << 16
	}
	r.next, r.highest = seq, seq
}

// look notes since when a packet is missing: since the first one behind it came,
// which is also when it could be asked for again.
func (r *reorder) look() {
	if r.waiting == 0 || r.slot(r.next).packet != nil {
		r.missing = time.Time{}
		return
	}
	if !r.missing.IsZero() {
		return
	}
	for seq, left := r.next, r.waiting; left > 0; seq++ {
		if q := r.slot(seq); q.packet != nil {
			left--
			if r.missing.IsZero() || q.at.Before(r.missing) {
				r.missing = q.at
			}
		}
	}
}

// pop gives the next packet, or nil if it has yet to come. lost says that
// packets before it were given up.
func (r *reorder) pop(now time.Time) (p *rtp.Packet, lost bool) {
	if r.waiting == 0 {
		return nil, false
	}
	if r.slot(r.next).packet == nil {
		key, whole := r.wholeKey()
		switch {
		case now.Before(r.deadline()):
			return nil, false
		case whole:
			r.skipTo(key)
		default:
			for r.slot(r.next).packet == nil {
				r.next++
			}
			r.jumped = true
		}
	}
	p = r.remove(r.next)
	r.next++
	lost, r.jumped = r.jumped, false
	r.missing = time.Time{}
	r.look()
	return p, lost
}

// skip gives up everything before the first waiting packet at which decoding can
// begin, if there is one.
func (r *reorder) skip() {
	if r.entries == 0 {
		return
	}
	seq := r.next
	for !r.slot(seq).entry {
		seq++
	}
	r.skipTo(seq)
}

// skipTo gives up everything before seq.
func (r *reorder) skipTo(seq int64) {
	for ; r.next < seq; r.next++ {
		r.remove(r.next)
		r.jumped = true
		r.missing = time.Time{}
	}
	r.look()
}

// wholeKey looks for a key frame of which all is there: whatever is missing
// before it is of no use any more.
func (r *reorder) wholeKey() (seq int64, ok bool) {
	if r.entries == 0 {
		return 0, false
	}
	inside := false
	for at := r.next; at <= r.highest; at++ {
		switch q := r.slot(at); {
		case q.packet == nil:
			inside = false
			continue
		case q.entry:
			seq, inside = at, true
		}
		if inside && r.slot(at).packet.Marker {
			return seq, true
		}
	}
	return 0, false
}

// remove takes out what waits at seq, if anything.
func (r *reorder) remove(seq int64) *rtp.Packet {
	slot := r.slot(seq)
	p := slot.packet
	if p != nil {
		r.waiting--
	}
	if slot.entry {
		r.entries--
	}
	*slot = queued{}
	return p
}

// deadline is when pop will give up waiting; zero if it does not wait.
func (r *reorder) deadline() time.Time {
	if r.missing.IsZero() {
		return time.Time{}
	}
	wait := r.wait
	if _, whole := r.wholeKey(); whole {
		wait = min(wait, reorderKey)
	}
	return r.missing.Add(wait)
}
