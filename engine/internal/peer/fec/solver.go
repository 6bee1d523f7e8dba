package fec

import "math/bits"

// solver finds out which of the unknown packets the waiting parities determine.
type solver struct {
	seqs [unknowns]uint16
	n    int
	rows [pending]row
	m    int
}

// row is an equation: the sum of some parities is the sum of some unknown
// packets, and known ones.
type row struct {
	unknown  uint64 // bit i for seqs[i]
	parities uint32 // bit i for that of Decoder.parities
}

// solve gives the packets that can be recovered, and lets go of the parities
// that are of no use any more.
func (d *Decoder) solve() (recovered [][]byte) {
	d.work.n, d.work.m = 0, 0
	for i := range d.parities {
		if w := &d.parities[i]; w.inUse {
			d.equation(i, w)
		}
	}
	for _, r := range d.work.reduce() {
		if bits.OnesCount64(r.unknown) != 1 {
			continue
		}
		seq := d.work.seqs[bits.TrailingZeros64(r.unknown)]
		packet := d.restore(seq, r.parities)
		if packet == nil { // they do not fit together, and would not later
			for i := range d.parities {
				if r.parities>>i&1 == 1 {
					d.release(&d.parities[i])
				}
			}
			continue
		}
		recovered = append(recovered, packet)
	}
	for _, packet := range recovered {
		d.hold(sequence(packet), packet)
	}
	if len(recovered) > 0 {
		for i := range d.parities {
			if w := &d.parities[i]; w.inUse && d.complete(&w.parity) {
				d.release(w)
			}
		}
	}
	return recovered
}

// equation adds the one that a parity is, unless it is over: all is known, or
// too old to come.
func (d *Decoder) equation(index int, w *waiting) {
	if d.old(w.base) || d.complete(&w.parity) {
		d.release(w)
		return
	}
	r, unknown := row{parities: 1 << index}, d.work.n
	for i := range w.mask.last() + 1 {
		seq := w.base + uint16(i)
		if !w.mask.has(i) || d.has(seq) {
			continue
		}
		bit := d.work.index(seq)
		if bit < 0 {
			d.work.n = unknown // its packets must not take the place of others'
			return             // too much is lost; it may help later
		}
		r.unknown |= 1 << bit
	}
	d.work.rows[d.work.m] = r
	d.work.m++
}

// index is the bit of an unknown packet; -1 if there are too many.
func (s *solver) index(seq uint16) int {
	for i, known := range s.seqs[:s.n] {
		if known == seq {
			return i
		}
	}
	if s.n == unknowns {
		return -1
	}
	s.seqs[s.n] = seq
	s.n++
	return s.n - 1
}

// reduce solves the equations as far as they can be (Gauss and Jordan).
func (s *solver) reduce() []row {
	rows := s.rows[:s.m]
	done := 0
	for bit := 0; bit < s.n && done < len(rows); bit++ {
		pivot := -1
		for i := done; i < len(rows); i++ {
			if rows[i].unknown>>bit&1 == 1 {
				pivot = i
				break
			}
		}
		if pivot < 0 {
			continue
		}
		rows[done], rows[pivot] = rows[pivot], rows[done]
		for i := range rows {
			if i != done && rows[i].unknown>>bit&1 == 1 {
				rows[i].unknown ^= rows[done].unknown
				rows[i].parities ^= rows[done].parities
			}
		}
		done++
	}
	return rows[:done]
}
