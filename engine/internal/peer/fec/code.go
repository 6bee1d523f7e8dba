package fec

import (
	"math"
	"math/bits"
)

// MaxBlock is how many packets are protected together at most, and MaxParity
// how many parities they get.
const (
	MaxBlock  = longMask
	MaxParity = 10
)

// column says which parities protect a packet: bit i stands for parity i.
type column uint16

// code is a block's columns. Losses can be repaired when the columns of what was
// lost are independent, the parities' own among them, which have one bit each.
// So two columns must not be alike, and no three should make up nothing.
//
// The columns are chosen one by one: each time the one that makes the fewest
// dependent pairs, triples and quadruples, weighted by how seldom so many
// packets are lost together, and of equals the one with the fewest bits.
func makeCode(packets, parities int) []column {
	if parities == 1 {
		columns := make([]column, packets)
		for i := range columns {
			columns[i] = 1
		}
		return columns
	}
	// What the chosen columns, none, one, two or three of them, add up to.
	size := 1 << parities
	singles, pairs, triples := make([]float64, size), make([]float64, size), make([]float64, size)
	var chosen []column
	add := func(c column) {
		for i, a := range chosen {
			for _, b := range chosen[:i] {
				triples[c^a^b]++
			}
			pairs[c^a]++
		}
		singles[c]++
		chosen = append(chosen, c)
	}
	for i := range parities {
		add(1 << i)
	}
	const seldom = 0.1 // that one more is lost
	for len(chosen) < parities+packets {
		best, least := column(0), math.Inf(1)
		for c := 1; c < size; c++ {
			price := singles[c] + seldom*pairs[c] + seldom*seldom*triples[c] + 1e-4*float64(bits.OnesCount(uint(c)))
			if price < least {
				best, least = column(c), price
			}
		}
		add(best)
	}
	return chosen[parities:]
}

// Parities is how many parities a block of so many packets should get where that
// share of packets is lost, so that no more than a share of misses of such
// blocks needs more; most bounds it.
func Parities(packets int, loss, misses float64, most int) int {
	most = min(most, MaxParity)
	for k := 1; k < most; k++ {
		if missed(packets, k, loss) <= misses {
			return k
		}
	}
	return max(most, 0)
}

// missed estimates the share of blocks that cannot be repaired: those with more
// losses than parities, and some of those with nearly as many (TestMissed).
func missed(packets, parities int, loss float64) float64 {
	n := packets + parities
	// How much seldomer one parity more makes those; large blocks have more ways
	// to be dependent.
	seldomer := min(0.22+0.006*float64(packets), 0.5)
	chance := math.Pow(1-loss, float64(n)) // of so many losses
	enough := 0.0
	for lost := 0; lost <= parities; lost++ {
		solved := 1.0
		if lost > 1 {
			solved -= min(0.25+0.008*float64(packets), 0.6) * math.Pow(seldomer, float64(parities-lost))
		}
		enough += solved * chance
		chance *= float64(n-lost) / float64(lost+1) * loss / (1 - loss)
	}
	return 1 - enough
}
