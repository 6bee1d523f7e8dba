package peer

import (
	"bytes"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkAnswerToFirstPacket measures from SetAnswer to the far end's first
// packets, on loopback.
func BenchmarkAnswerToFirstPacket(b *testing.B) {
	for _, mode := range modes {
		b.Run(mode.name, func(b *testing.B) {
			measureAnswer(b, func() *call { return newCall(b, mode.munge, mode.change) })
		})
	}
	// Browsers do not answer a check with one of their own, as Pion does, which
	// lets Pion nominate at once. Such a far end is where kicks count.
	b.Run("lazy", func(b *testing.B) {
		measureAnswer(b, func() *call { return lazyCall(b) })
	})
	b.Run("lazy without kicks", func(b *testing.B) {
		with := kicks
		kicks = nil
		defer func() { kicks = with }()
		measureAnswer(b, func() *call { return lazyCall(b) })
	})
}

// lazyCall is a call whose b sends no checks before a has nominated a path.
func lazyCall(b *testing.B) *call {
	c := newCall(b, untouched)
	var nominated atomic.Bool
	isRequest := func(p []byte) bool { return len(p) > 20 && p[0] == 0 && p[1] == 1 }
	makeLossy(c.a, func(p []byte) bool {
		// USE-CANDIDATE, RFC 8445 section 7.1.2: type 0x0025, no content
		if isRequest(p) && bytes.Contains(p[20:], []byte{0, 0x25, 0, 0}) {
			nominated.Store(true)
		}
		return false
	})
	makeLossy(c.b, func(p []byte) bool { return isRequest(p) && !nominated.Load() })
	return c
}

func measureAnswer(b *testing.B, start func() *call) {
	var total [kinds]time.Duration
	for range b.N {
		c := start()
		ctx := testContext(b)
		offer, err := c.a.conn.Offer(ctx, withVideo)
		if err != nil {
			b.Fatal(err)
		}
		answer, _, err := c.b.conn.Answer(ctx, c.munge(offer), withVideo)
		if err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		if _, err := c.a.conn.SetAnswer(ctx, c.munge(answer)); err != nil {
			b.Fatal(err)
		}
		for k := range kinds {
			c.deliver("start", c.b, c.a, k, uint32(100+k))
			total[k] += time.Since(begun)
		}
		c.a.close()
		c.b.close()
	}
	b.ReportMetric(float64(total[Audio].Microseconds())/float64(b.N)/1000, "ms-to-audio")
	b.ReportMetric(float64(total[Video].Microseconds())/float64(b.N)/1000, "ms-to-video")
}
