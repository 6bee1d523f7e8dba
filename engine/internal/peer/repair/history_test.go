package repair

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/rtp"
)

func keep(h *History, seq uint16, now time.Time, size int) {
	h.Keep(&rtp.Header{
		Version: 2, SSRC: 7, PayloadType: 96, SequenceNumber: seq, Timestamp: uint32(seq) * 3, Marker: true,
		Extension: true, ExtensionProfile: rtp.ExtensionProfileOneByte,
	}, bytes.Repeat([]byte{byte(seq)}, size), now)
}

func TestHistoryRepeats(t *testing.T) {
	h := new(History)
	for seq := range uint16(2000) {
		keep(h, seq, at(float64(seq)), 100)
	}
	if _, _, ok := h.Repeat(2000-historySize-1, at(2000), 0); ok {
		t.Error("kept too many")
	}
	header, payload, ok := h.Repeat(1999, at(2000), 0)
	if !ok || header.SequenceNumber != 1999 || header.Timestamp != 1999*3 || !header.Marker || header.Extension || header.SSRC != 7 {
		t.Errorf("%v %+v", ok, header)
	}
	if !bytes.Equal(payload, bytes.Repeat([]byte{1999 & 0xff}, 100)) {
		t.Error("payload damaged")
	}
	if _, _, ok := h.Repeat(1999+2*historySize, at(2000), 0); ok {
		t.Error("a packet yet to come")
	}
	if _, _, ok := h.Repeat(1990, at(1990).Add(historyAge+1), 0); ok {
		t.Error("a packet of no use")
	}
}

func TestHistorySuppressesDuplicates(t *testing.T) {
	h := new(History)
	const rtt = 50 * time.Millisecond
	keep(h, 1, at(0), 100)
	for _, s := range []struct {
		ms   float64
		want bool
	}{{30, true}, {31, false}, {54, false}, {55, true}, {60, false}} {
		if _, _, ok := h.Repeat(1, at(s.ms), rtt); ok != s.want {
			t.Errorf("after %v ms: %v", s.ms, ok)
		}
	}
	n := 0
	for ms := 100.0; ms < 2000; ms += 30 {
		if _, _, ok := h.Repeat(1, at(ms), rtt); ok {
			n++
		}
	}
	if n != maxRepeats-2 {
		t.Errorf("repeated %d times more", n)
	}
}

func TestHistoryBoundsWhatAFloodOfRequestsCosts(t *testing.T) {
	h := new(History)
	sent, repeated := 0, 0
	for i := range 10_000 { // 40 s of packets, all asked for again and again
		now := at(float64(4 * i))
		keep(h, uint16(i), now, 1000)
		sent += 1000
		for back := range 100 {
			if _, payload, ok := h.Repeat(uint16(i-back), now, 0); ok {
				repeated += len(payload)
			}
		}
	}
	if repeated > sent/repeatShare+usualReserve || repeated < sent/repeatShare {
		t.Errorf("%d bytes repeated of %d", repeated, sent)
	}
}

func TestHistoryDoesNotAllocate(t *testing.T) {
	h := new(History)
	header, payload := &rtp.Header{Version: 2}, make([]byte, 1100)
	send := func() {
		header.SequenceNumber++
		h.Keep(header, payload, start)
	}
	for range 2 * historySize {
		send()
	}
	if n := testing.AllocsPerRun(100, send); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
	h.Keep(&rtp.Header{SequenceNumber: 60000}, make([]byte, maxPacket+1), start)
	if _, _, ok := h.Repeat(60000, start, 0); ok {
		t.Error("kept a giant")
	}
}

func TestWrap(t *testing.T) {
	wrapped := Wrap(nil, 0xabcd, []byte{1, 2, 3})
	seq, payload, ok := Unwrap(&rtp.Packet{Payload: wrapped})
	if !ok || seq != 0xabcd || !bytes.Equal(payload, []byte{1, 2, 3}) {
		t.Errorf("%x %x %v", seq, payload, ok)
	}
	for _, short := range [][]byte{nil, {1}, {1, 2}} {
		if _, _, ok := Unwrap(&rtp.Packet{Payload: short}); ok {
			t.Errorf("%x is taken for a packet", short)
		}
	}
}

func TestHistoryForgets(t *testing.T) {
	h := new(History)
	for seq := range uint16(20) {
		keep(h, seq, at(float64(seq)), 100)
	}
	h.Forget()
	keep(h, 20, at(20), 100)
	for seq := range uint16(21) {
		if _, _, ok := h.Repeat(seq, at(21), 0); ok != (seq == 20) {
			t.Errorf("packet %d: repeated %v", seq, ok)
		}
	}
	if _, _, ok := h.Filler(at(22)); !ok {
		t.Error("nothing to probe with")
	}
}
