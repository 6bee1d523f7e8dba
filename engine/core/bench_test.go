package core_test

import (
	"slices"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/switchboard"
)

// BenchmarkAnswerToFirstFrame makes video calls between two engines over
// loopback and reports how long it takes from the answer to the far end's
// first decoded picture, on each side, and from the call to its ringing.
func BenchmarkAnswerToFirstFrame(b *testing.B) {
	o := newOffice(b, switchboard.Timers{})
	o.addUser("alice")
	o.addUser("bob")
	alice, bob := o.phone("alice"), o.phone("bob")
	var caller, callee, ringing []time.Duration
	first := func(p *phone) time.Duration {
		return p.await("picture", func(ev engine.Event) bool {
			return ev.Name == engine.EventCallMedia && ev.MediaKind == "video"
		}).SinceAnswer
	}
	for b.Loop() {
		start := time.Now()
		id, err := alice.Call("bob", engine.CallOptions{Video: true})
		alice.must(err)
		at := bob.awaitCall()
		alice.awaitState(engine.Ringing)
		ringing = append(ringing, time.Since(start))
		bob.must(bob.Accept(at, true))
		callee = append(callee, first(bob))
		caller = append(caller, first(alice))
		alice.must(alice.Hangup(id))
		alice.awaitState(engine.Ended)
		bob.awaitState(engine.Ended)
	}
	report(b, callee, "callee-p50-ms", 0.5)
	report(b, callee, "callee-p95-ms", 0.95)
	report(b, caller, "caller-p50-ms", 0.5)
	report(b, ringing, "ringing-p50-ms", 0.5)
	b.ReportMetric(0, "ns/op")
}

func report(b *testing.B, all []time.Duration, name string, quantile float64) {
	slices.Sort(all)
	at := all[int(quantile*float64(len(all)-1))]
	b.ReportMetric(float64(at.Microseconds())/1000, name)
}
