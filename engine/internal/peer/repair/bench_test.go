package repair

import (
	"testing"
	"time"
)

// BenchmarkRequester takes packets at 5 % loss, each of which is repaired.
func BenchmarkRequester(b *testing.B) {
	var r Requester
	var list []uint16
	now := start
	requests := 0
	for i := 0; b.Loop(); i++ {
		now = now.Add(4 * time.Millisecond)
		if i%20 == 3 {
			continue
		}
		r.Received(uint16(i), Original, now)
		list = r.Due(now, list[:0])
		requests += len(list)
		for _, seq := range list {
			r.Received(seq, Repeated, now)
		}
	}
	b.ReportMetric(float64(requests)/float64(b.N), "requests/packet")
}
