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
	stray   int
	missing time.Time // since when next is missing while later ones wait; zero if not
	jumped  bool      // packets before next were given up
	ring    [reorderSize]*rtp.Packet
}

// push takes a packet. Those that came twice or too late are left out.
func (r *reorder) push(p *rtp.Packet, now time.Time) {
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
	if slot := &r.ring[seq%reorderSize]; *slot == nil {
		*slot = p
		r.waiting++
	}
	r.highest = max(r.highest, seq)
	r.look(now)
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

// look notes since when a packet is missing.
func (r *reorder) look(now time.Time) {
	if r.waiting == 0 || r.ring[r.next%reorderSize] != nil {
		r.missing = time.Time{}
	} else if r.missing.IsZero() {
		r.missing = now
	}
}

// pop gives the next packet, or nil if it has yet to come. lost says that
// packets before it were given up.
func (r *reorder) pop(now time.Time) (p *rtp.Packet, lost bool) {
	if r.waiting == 0 {
		return nil, false
	}
	if r.ring[r.next%reorderSize] == nil {
		if now.Sub(r.missing) < r.wait {
			return nil, false
		}
		for r.ring[r.next%reorderSize] == nil {
			r.next++
		}
		r.jumped = true
	}
	slot := &r.ring[r.next%reorderSize]
	p, *slot = *slot, nil
	r.waiting--
	r.next++
	lost, r.jumped = r.jumped, false
	r.look(now)
	return p, lost
}

// skip gives up everything before the first waiting packet for which good is
// true; it reports whether there is one.
func (r *reorder) skip(good func(*rtp.Packet) bool, now time.Time) bool {
	for seq, left := r.next, r.waiting; left > 0; seq++ {
		p := r.ring[seq%reorderSize]
		if p == nil {
			continue
		}
		left--
		if !good(p) {
			continue
		}
		for ; r.next < seq; r.next++ {
			if slot := &r.ring[r.next%reorderSize]; *slot != nil {
				*slot = nil
				r.waiting--
			}
			r.jumped = true
		}
		r.look(now)
		return true
	}
	return false
}

// deadline is when pop will give up waiting; zero if it does not wait.
func (r *reorder) deadline() time.Time {
	if r.missing.IsZero() {
		return time.Time{}
	}
	return r.missing.Add(r.wait)
}
