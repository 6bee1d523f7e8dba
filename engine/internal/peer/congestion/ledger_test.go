package congestion

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
)

var start = time.Unix(1_000_000, 0)

func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// feedback is what a far end writes that got those numbers at those times, in
// milliseconds.
func feedback(r *twcc.Recorder, arrivals map[uint16]int) *rtcp.TransportLayerCC {
	for number := range uint16(1000) {
		if ms, ok := arrivals[number]; ok {
			r.Record(7, number, int64(ms)*1000)
		}
	}
	return r.BuildFeedbackPacket()[0].(*rtcp.TransportLayerCC)
}

func TestLedgerReadsFeedback(t *testing.T) {
	var l Ledger
	for n := range 10 {
		l.Sent(100+n, n/5, at(10*n))
	}
	recorder := twcc.NewRecorder(1)
	r := l.Feedback(feedback(recorder, map[uint16]int{0: 640, 1: 650, 3: 671}), at(100))
	want := []Arrival{
		{0, 100, at(0), 640 * time.Millisecond, 0},
		{1, 101, at(10), 650 * time.Millisecond, 0},
		{3, 103, at(30), 671 * time.Millisecond, 0},
	}
	if len(r.Arrivals) != len(want) {
		t.Fatalf("%+v", r.Arrivals)
	}
	for i, a := range r.Arrivals {
		if a != want[i] {
			t.Errorf("%+v, want %+v", a, want[i])
		}
	}
	if r.Settled != 0 || r.RoundTrip != 70*time.Millisecond || r.Restarted {
		t.Errorf("%+v", r)
	}
	// 2 comes late after all, and does not count as lost; 4 to 7 stay away.
	r = l.Feedback(feedback(recorder, map[uint16]int{2: 690, 8: 700, 9: 710}), at(200))
	if len(r.Arrivals) != 3 || r.Arrivals[0].Number != 2 || r.Arrivals[2].Cluster != 1 || r.Settled != 4 || r.Lost != 0 {
		t.Errorf("%+v", r)
	}
	for n := range 20 {
		l.Sent(100, 0, at(100+10*n))
	}
	r = l.Feedback(feedback(recorder, map[uint16]int{29: 900}), at(400))
	if r.Settled != 20 || r.Lost != 4+14 || len(r.Arrivals) != 1 {
		t.Errorf("%d settled, %d lost", r.Settled, r.Lost)
	}
}

func TestLedgerCountsEachPacketOnce(t *testing.T) {
	var l Ledger
	for n := range 3 {
		l.Sent(100, 0, at(n))
	}
	f := feedback(twcc.NewRecorder(1), map[uint16]int{0: 64, 1: 65, 2: 66})
	if r := l.Feedback(f, at(50)); len(r.Arrivals) != 3 {
		t.Errorf("%+v", r)
	}
	if r := l.Feedback(f, at(51)); len(r.Arrivals) != 0 {
		t.Errorf("again: %+v", r)
	}
}

func TestLedgerKnowsWhatNoFeedbackToldOf(t *testing.T) {
	var l Ledger
	recorder := twcc.NewRecorder(1)
	for n := range 20 {
		l.Sent(100, 0, at(10*n))
	}
	feedback(recorder, map[uint16]int{0: 64, 1: 70, 2: 75, 3: 80}) // gets lost
	r := l.Feedback(feedback(recorder, map[uint16]int{19: 200}), at(300))
	if r.Unreported != 400 || r.Lost != 10 || r.Settled != 10 {
		t.Errorf("%+v", r)
	}
}

func TestLedgerAfterALongTime(t *testing.T) {
	var l Ledger
	for n := range 70_000 { // the numbers wrap
		l.Sent(100, 0, at(n))
	}
	f := &rtcp.TransportLayerCC{
		BaseSequenceNumber: uint16(69_990 % 65536), PacketStatusCount: 1, ReferenceTime: 5,
		PacketChunks: []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 1}},
		RecvDeltas:   []*rtcp.RecvDelta{{Delta: 1000}},
	}
	if r := l.Feedback(f, at(70_000)); len(r.Arrivals) != 1 || r.Arrivals[0].Number != 69_990 {
		t.Errorf("%+v", r)
	}
	f.BaseSequenceNumber = uint16((70_000 - ledgerSize - 1) % 65536)
	if r := l.Feedback(f, at(70_001)); len(r.Arrivals) != 0 {
		t.Errorf("remembers too much: %+v", r)
	}
	f.BaseSequenceNumber = uint16(70_000 % 65536)
	if r := l.Feedback(f, at(70_002)); len(r.Arrivals) != 0 {
		t.Errorf("a packet yet to leave: %+v", r)
	}
}

func TestFarClock(t *testing.T) {
	var c farClock
	first, _ := c.extend(1<<24-2, at(0))
	second, jumped := c.extend(1, at(200))
	if second-first != 3*tick || jumped {
		t.Errorf("%v later, jumped: %v", second-first, jumped)
	}
	if third, jumped := c.extend(0, at(210)); third >= second || jumped {
		t.Error("a step back is none")
	}
	if _, jumped := c.extend(5000, at(300)); !jumped {
		t.Error("a jump of minutes is not seen")
	}
}

// FuzzFeedback: whatever comes in, the ledger and the estimator stay within
// their bounds.
func FuzzFeedback(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		arrivals := make(map[uint16]int)
		for n := range uint16(50) {
			if r.IntN(10) > 0 {
				arrivals[n] = 100 + int(n)*3 + r.IntN(20)
			}
		}
		raw, err := feedback(twcc.NewRecorder(1), arrivals).Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, uint16(20))
	}
	f.Fuzz(func(t *testing.T, raw []byte, pause uint16) {
		packets, err := rtcp.Unmarshal(raw)
		if err != nil {
			return
		}
		limits := Limits{Start: StartBPS, Min: MinBPS, Max: 3_000_000}
		path := NewPath(limits)
		var l Ledger
		now := start
		for range 200 {
			now = now.Add(3 * time.Millisecond)
			l.Sent(1000, 0, now)
		}
		for _, p := range packets {
			p, ok := p.(*rtcp.TransportLayerCC)
			if !ok {
				continue
			}
			for range 3 {
				now = now.Add(time.Duration(pause) * time.Millisecond)
				r := l.Feedback(p, now)
				if len(r.Arrivals) > 200 || r.Lost > r.Settled || r.Settled > 200 {
					t.Fatalf("%+v", r)
				}
				path.Feedback(r, now)
				path.Tick(1_000_000, 0, now)
				if probe, ok := path.Probe(now); ok && (probe.Bytes > 100_000 || probe.RateBPS > 2*limits.Max) {
					t.Fatalf("probes with %+v", probe)
				}
				if bps := path.Target(); bps < limits.Min || bps > limits.Max {
					t.Fatalf("target %d", bps)
				}
				if pace := path.Pace(1000); pace != 0 && pace < limits.Min || pace > 60_000_000 {
					t.Fatalf("pace %d", pace)
				}
			}
		}
	})
}

func TestLedgerTellsWhatIsNewlyMissing(t *testing.T) {
	var l Ledger
	recorder := twcc.NewRecorder(1)
	for n := range 10 {
		l.Sent(100, 0, at(n))
	}
	r := l.Feedback(feedback(recorder, map[uint16]int{0: 64, 3: 66}), at(50))
	if r.Missing != 2 || r.Outstanding != 6 {
		t.Errorf("%d missing, %d under way", r.Missing, r.Outstanding)
	}
	r = l.Feedback(feedback(recorder, map[uint16]int{4: 70, 9: 75}), at(100))
	if r.Missing != 4 || r.Outstanding != 0 {
		t.Errorf("%d missing, %d under way", r.Missing, r.Outstanding)
	}
}
