package peer

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"sync"
	"testing"
)

// roleOfCheck gives the tie-breaker of a STUN binding request (RFC 8489 section
// 5), from ICE-CONTROLLED or ICE-CONTROLLING (RFC 8445 section 16.1).
func roleOfCheck(packet []byte) (tieBreaker uint64, ok bool) {
	const header, controlled, controlling = 20, 0x8029, 0x802a
	if len(packet) < header || binary.BigEndian.Uint16(packet) != 1 {
		return 0, false
	}
	for rest := packet[header:]; len(rest) >= 4; {
		name, size := binary.BigEndian.Uint16(rest), int(binary.BigEndian.Uint16(rest[2:]))
		if len(rest) < 4+size {
			return 0, false
		}
		if (name == controlled || name == controlling) && size == 8 {
			return binary.BigEndian.Uint64(rest[4:]), true
		}
		rest = rest[min(4+(size+3)&^3, len(rest)):]
	}
	return 0, false
}

// TestRestartsKeepOneTieBreaker: a browser has one ICE role for all transports
// of a call. Ours must then be one agent as well, and the one that yields.
func TestRestartsKeepOneTieBreaker(t *testing.T) {
	inAllModes(t, func(t *testing.T, c *call, _ bool) {
		var mu sync.Mutex
		seen := map[*party]map[uint64]int{c.a: {}, c.b: {}}
		for p := range seen {
			makeLossy(p, func(packet []byte) bool {
				if tie, ok := roleOfCheck(packet); ok {
					mu.Lock()
					seen[p][tie]++
					mu.Unlock()
				}
				return false
			})
		}
		c.exchange(c.a, c.b, withVideo, withVideo)
		c.check("start", everything)
		c.exchangeBy(c.b, c.a, c.b.conn.RestartICE, withVideo, withVideo)
		c.check("b restarts", everything)

		mu.Lock()
		defer mu.Unlock()
		for p, ties := range seen {
			list := slices.Collect(maps.Keys(ties))
			if len(list) != 1 || list[0] > math.MaxUint32 {
				t.Errorf("%s checked with the tie-breakers %x; want one below 2^32", p.name, list)
			}
		}
		for tie := range seen[c.a] {
			if seen[c.b][tie] > 0 {
				t.Errorf("both sides have the tie-breaker %x: neither would yield", tie)
			}
		}
	})
}
