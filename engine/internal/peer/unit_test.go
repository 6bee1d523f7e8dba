package peer

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

func TestPacketizeVP8(t *testing.T) {
	for _, size := range []int{1, 100, maxPayload - vp8Descriptor, maxPayload - vp8Descriptor + 1, 5000, 200_000} {
		frame := make([]byte, size)
		for i := range frame {
			frame[i] = byte(i * 7)
		}
		var whole []byte
		for i, payload := range packetizeVP8(frame, 0x7abc) {
			if len(payload) > maxPayload {
				t.Errorf("size %d: payload of %d bytes", size, len(payload))
			}
			var p codecs.VP8Packet
			part, err := p.Unmarshal(payload)
			if err != nil {
				t.Fatal(err)
			}
			if (p.S == 1) != (i == 0) || p.PID != 0 || p.I != 1 || p.PictureID != 0x7abc {
				t.Errorf("size %d, packet %d: %+v", size, i, p)
			}
			whole = append(whole, part...)
		}
		if !bytes.Equal(whole, frame) {
			t.Errorf("size %d: frame damaged", size)
		}
	}
}

func TestSeenWindow(t *testing.T) {
	var w seenWindow
	steps := []struct {
		seq  uint16
		want bool
	}{
		{65530, true},
		{65530, false},
		{65535, true},
		{2, true},
		{65534, true},
		{65534, false},
		{0, true},
		{2, false},
		{2050, true},
		{2, false},
		{3, true},
		{3, false},
		{2049, true},
		{6000, true},
		{2050, false},
		{2049, false},
	}
	for i, s := range steps {
		if got := w.first(s.seq); got != s.want {
			t.Errorf("step %d: %d is new: %v", i, s.seq, got)
		}
	}
	// A source that begins anew is taken after a while.
	n := 0
	for seq := uint16(100); !w.first(seq); seq++ {
		if n++; n > 2*seenRestart {
			t.Fatal("a restarted source stays unheard")
		}
	}
}

func TestRawSequence(t *testing.T) {
	w := &writer{next: 1000}
	for i, s := range []struct{ in, want uint16 }{
		{5, 1000}, {6, 1001}, {8, 1003}, {7, 1002}, // gaps and order are kept
		{40000, 1004}, {40001, 1005}, // another source follows on
		{3, 1006}, {65535, 1002}, // a wrap backwards is near
	} {
		if got := w.rawSequence(s.in); got != s.want {
			t.Errorf("step %d: %d became %d, want %d", i, s.in, got, s.want)
		}
	}
	if seq := w.take(); seq != 1007 {
		t.Errorf("next own packet %d", seq)
	}
	if got := w.rawSequence(4); got != 1007 && got != 1008 {
		t.Errorf("raw after own: %d", got)
	}
}

func TestRate(t *testing.T) {
	now := time.Unix(1000, 0)
	var r rate
	if r.bps(now) != 0 {
		t.Error("rate of nothing")
	}
	for range 400 { // 100 bytes every 10 ms: 80 kbit/s
		r.add(now, 100)
		now = now.Add(10 * time.Millisecond)
	}
	if got := r.bps(now); got < 76_000 || got > 84_000 {
		t.Errorf("%d bit/s", got)
	}
	if got := r.bps(now.Add(10 * time.Second)); got != 0 {
		t.Errorf("%d bit/s after a silence", got)
	}
}

func TestLossAndJitterCounts(t *testing.T) {
	m := newMeter(func() {})
	info := &interceptor.StreamInfo{ClockRate: 90000}
	for i := range 100 {
		if i%10 == 3 {
			continue
		}
		m.received(info, Video, true, &rtp.Header{SSRC: 1, SequenceNumber: uint16(65500 + i), Timestamp: uint32(i) * 3000}, 100)
	}
	in, _, _ := m.snapshot()
	if in[Video].PacketsLost != 10 || in[Video].Packets != 90 || in[Video].Bytes != 9000 {
		t.Errorf("%+v", in[Video])
	}
	m.received(info, Video, true, &rtp.Header{SSRC: 2, SequenceNumber: 7}, 100)
	if in, _, _ := m.snapshot(); in[Video].PacketsLost != 10 {
		t.Errorf("another source changes the loss to %d", in[Video].PacketsLost)
	}

	var j jitterCount
	j.clockRate = 1000
	now := time.Unix(0, 0)
	for i := range 1000 { // packets that come 10 ms early and late in turn
		j.add(now.Add(time.Duration(20*i+i%2*10)*time.Millisecond), uint32(20*i))
	}
	if v := j.value(); v < 9*time.Millisecond || v > 11*time.Millisecond {
		t.Errorf("jitter %v", v)
	}
}

func TestReports(t *testing.T) {
	asked := 0
	m := newMeter(func() { asked++ })
	m.local[1], m.local[2] = Audio, Video
	now := time.Now()
	middle := uint32((uint64(now.Unix())+2208988800)<<16) | uint32(uint64(now.Nanosecond())<<16/1e9)
	m.feedback([]rtcp.Packet{
		&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{
			{SSRC: 2, FractionLost: 64, LastSenderReport: middle - 6554 - 3277, Delay: 3277}, // 100 ms and what this takes
			{SSRC: 99, FractionLost: 255},
		}},
		&rtcp.PictureLossIndication{MediaSSRC: 1}, // of audio: nonsense
		&rtcp.PictureLossIndication{MediaSSRC: 99},
	})
	_, out, rtt := m.snapshot()
	if out[Video].LossReported != 0.25 || out[Audio].LossReported != 0 {
		t.Errorf("loss %v, %v", out[Video].LossReported, out[Audio].LossReported)
	}
	if rtt < 99*time.Millisecond || rtt > 5*time.Second {
		t.Errorf("round trip %v", rtt)
	}
	if asked != 0 {
		t.Error("key frame asked for by nonsense")
	}
	m.feedback([]rtcp.Packet{&rtcp.FullIntraRequest{FIR: []rtcp.FIREntry{{SSRC: 2}}}})
	m.feedback([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: 2}})
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
}

func TestToneDetector(t *testing.T) {
	var d toneDetector
	event := func(ts uint32, payload ...byte) *rtp.Packet {
		return &rtp.Packet{Header: rtp.Header{Timestamp: ts}, Payload: payload}
	}
	var got []rune
	for _, p := range []*rtp.Packet{
		event(1000, 1, 10, 0, 160), event(1000, 1, 10, 1, 64), event(1000, 1, 138, 3, 32),
		event(1000, 1, 138, 3, 32),
		event(900, 9, 10, 0, 0),  // late
		event(2000, 11, 138),     // cut off
		event(3000, 77, 0, 0, 0), // no digit
		event(4000, 11, 138, 3, 32),
	} {
		if r, ok := d.digit(p); ok {
			got = append(got, r)
		}
	}
	if string(got) != "1#" {
		t.Errorf("got %q", string(got))
	}
}

func TestDirections(t *testing.T) {
	for word, d := range directionWords {
		if d.String() != word || d.mirror().mirror() != d || d.and(sendrecv) != d {
			t.Errorf("%s: %+v", word, d)
		}
		got, ok := directionOf([]string{"a=mid:0", "a=" + word})
		if !ok || got != d {
			t.Errorf("%s read as %v", word, got)
		}
	}
	if _, ok := directionOf([]string{"a=sendrecw", "m=audio"}); ok {
		t.Error("a direction from nowhere")
	}
}

func TestLossLimit(t *testing.T) {
	for share, want := range map[float64]int{0: 2_500_000, 0.05: 2_500_000, 0.075: 1_750_000, 0.1: 1_000_000, 1: 1_000_000} {
		if got := lossLimit(2_500_000, share, false); got < want-10 || got > want+10 {
			t.Errorf("at %v lost the limit is %d, want %d", share, got, want)
		}
		if got := lossLimit(2_500_000, share+lossBorne, true); got < want-10 || got > want+10 {
			t.Errorf("at %v lost and with parity the limit is %d, want %d", share+lossBorne, got, want)
		}
	}
}
