package congestion

import "time"

// arrivalRate measures at which rate the far end gets packets, on its clock.
type arrivalRate struct {
	slots  [arrivalSlots]int // bytes
	newest int64             // number of the newest slot
	oldest int64             // number of the first slot since the beginning or a hole
	begun  bool
}

const (
	arrivalSlot  = 25 * time.Millisecond
	arrivalSlots = 64 // a power of two: numbers may be negative
)

func (r *arrivalRate) add(at time.Duration, bytes int) {
	n := int64(at / arrivalSlot)
	if !r.begun || n-r.newest > arrivalSlots || n < r.newest-arrivalSlots {
		*r = arrivalRate{begun: true, newest: n, oldest: n}
	}
	for r.newest < n {
		r.newest++
		r.slots[r.newest&(arrivalSlots-1)] = 0
	}
	if n > r.newest-arrivalSlots {
		r.slots[n&(arrivalSlots-1)] += bytes
	}
}

// over is the rate in bits a second over the last span, without the slot that is
// still being filled; 0 if less than half of it was measured.
func (r *arrivalRate) over(span time.Duration) int {
	want := int64(span / arrivalSlot)
	have := min(want, r.newest-r.oldest, arrivalSlots-1)
	if !r.begun || have < max(want/2, 1) {
		return 0
	}
	bytes := 0
	for i := int64(1); i <= have; i++ {
		bytes += r.slots[(r.newest-i)&(arrivalSlots-1)]
	}
	return int(float64(bytes) * 8 / (time.Duration(have) * arrivalSlot).Seconds())
}
