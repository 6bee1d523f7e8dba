package peer

import "time"

// rate measures a bit rate over the last second and a bit: eight slots of a
// quarter of a second, of which the one being filled is not counted.
type rate struct {
	slots [8]int // bytes
	slot  int64  // number of the newest slot since the zero time
	start int64  // number of the first slot
}

const slotLength = 250 * time.Millisecond

func slotOf(now time.Time) int64 { return now.UnixNano() / int64(slotLength) }

func (r *rate) add(now time.Time, bytes int) {
	r.advance(slotOf(now))
	r.slots[r.slot%int64(len(r.slots))] += bytes
}

func (r *rate) advance(slot int64) {
	if r.slot == 0 {
		r.slot, r.start = slot, slot
	}
	if slot-r.slot >= int64(len(r.slots)) {
		r.slots = [8]int{}
		r.slot = slot
	}
	for r.slot < slot {
		r.slot++
		r.slots[r.slot%int64(len(r.slots))] = 0
	}
}

// bps is the rate in bits per second.
func (r *rate) bps(now time.Time) uint64 {
	if r.slot == 0 {
		return 0
	}
	r.advance(slotOf(now))
	full := min(int64(len(r.slots))-1, r.slot-r.start)
	if full <= 0 { // less than a slot yet: count what there is as one slot
		return uint64(r.slots[r.slot%int64(len(r.slots))]) * 8 * uint64(time.Second/slotLength)
	}
	bytes := 0
	for i := int64(1); i <= full; i++ {
		bytes += r.slots[(r.slot-i)%int64(len(r.slots))]
	}
	return uint64(bytes) * 8 * uint64(time.Second/slotLength) / uint64(full)
}
