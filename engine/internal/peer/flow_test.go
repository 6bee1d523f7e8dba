package peer

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/transport/v4/packetio"

	"tring/engine/internal/peer/congestion"
	"tring/engine/internal/peer/repair"
)

const (
	mainSSRC = 1001
	rtxSSRC  = 2002
)

// TestFrameIsSpread sees a large frame leave in steps, in order and numbered,
// while sound passes by.
func TestFrameIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		video, audio := w.sender(mimeVP8, mainSSRC), w.sender(mimeOpus, 7)
		begun := time.Now()
		for seq := range uint16(40) {
			if _, err := video.Write(header(mainSSRC, seq), make([]byte, 1000), nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := audio.Write(header(7, 1), make([]byte, 80), nil); err != nil {
			t.Fatal(err)
		}
		sent, _ := w.take()
		// What may leave at the very beginning (RFC 6928), the first that is paced,
		// and the sound.
		if last := sent[len(sent)-1]; last.SSRC != 7 || len(sent) > 15+1+3 {
			t.Fatalf("%d packets at once, the last of source %d", len(sent), last.SSRC)
		}
		seen := len(sent) - 1
		time.Sleep(time.Second)
		rest, at := w.take()
		if seen+len(rest) != 40 {
			t.Fatalf("%d packets left", seen+len(rest))
		}
		for i, p := range rest {
			number := p.GetExtension(3)
			if int(p.SequenceNumber) != seen+i || len(number) != 2 || int(binary.BigEndian.Uint16(number)) != seen+i {
				t.Errorf("packet %d, number %x at place %d", p.SequenceNumber, number, seen+i)
			}
		}
		if took := at[len(at)-1].Sub(begun); took < 110*time.Millisecond || took > 360*time.Millisecond {
			t.Errorf("40 kB left within %v at 600 kbit/s", took)
		}
	})
}

func TestRetransmissionReallyLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		video := w.sender(mimeVP8, mainSSRC)
		for seq := range uint16(3) {
			_, _ = video.Write(header(mainSSRC, seq), []byte{1, byte(seq)}, nil)
		}
		time.Sleep(time.Second)
		w.take()
		ask := func(wait time.Duration, seqs ...uint16) []*rtp.Packet {
			w.hear(t, &rtcp.TransportLayerNack{MediaSSRC: mainSSRC, Nacks: rtcp.NackPairsFromSequenceNumbers(seqs)})
			time.Sleep(wait)
			sent, _ := w.take()
			return sent
		}
		got := ask(10*time.Millisecond, 1, 2, 900) // 900 was never sent
		if len(got) != 2 {
			t.Fatalf("%d retransmissions", len(got))
		}
		for i, p := range got {
			seq, payload, ok := repair.Unwrap(p)
			if p.SSRC != rtxSSRC || p.PayloadType != 97 || !ok || seq != uint16(1+i) || !bytes.Equal(payload, []byte{1, byte(1 + i)}) || p.GetExtension(3) == nil {
				t.Errorf("%+v", p)
			}
		}
		if got[1].SequenceNumber != got[0].SequenceNumber+1 {
			t.Error("retransmissions have a gap in their numbers")
		}
		if again := ask(10*time.Millisecond, 1); len(again) != 0 {
			t.Error("sent again within half a round trip")
		}
		if again := ask(10*time.Millisecond, 1); len(again) != 1 {
			t.Error("not sent again later")
		}
		if other := ask(10*time.Millisecond, 1); len(other) != 0 {
			t.Error("sent again too soon")
		}
	})
}

// Video that is dropped and comes back has its sources again, in the same SRTP
// context: their numbers go on.
func TestNumbersGoOnAfterVideoComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		var last uint16
		for round := range uint16(4) {
			video := w.sender(mimeVP8, mainSSRC)
			_, _ = video.Write(header(mainSSRC, round), []byte{1, 2}, nil)
			time.Sleep(time.Second)
			w.take()
			w.hear(t, &rtcp.TransportLayerNack{MediaSSRC: mainSSRC, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{round})})
			time.Sleep(10 * time.Millisecond)
			sent, _ := w.take()
			if len(sent) != 1 || sent[0].SSRC != rtxSSRC {
				t.Fatalf("%d retransmissions", len(sent))
			}
			if round > 0 && sent[0].SequenceNumber != last+1 {
				t.Errorf("number %d after %d", sent[0].SequenceNumber, last)
			}
			last = sent[0].SequenceNumber
			w.flow.UnbindLocalStream(streamInfo(mimeVP8, mainSSRC))
		}
	})
}

func TestRequestsFloodIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		video := w.sender(mimeVP8, mainSSRC)
		bytes := 0
		for seq := range uint16(500) {
			_, _ = video.Write(header(mainSSRC, seq), make([]byte, 1000), nil)
			bytes += 1000
			time.Sleep(5 * time.Millisecond)
			all := make([]uint16, 0, 500)
			for s := range seq {
				all = append(all, s)
			}
			if len(all) > 0 {
				w.hear(t, &rtcp.TransportLayerNack{MediaSSRC: mainSSRC, Nacks: rtcp.NackPairsFromSequenceNumbers(all)})
			}
		}
		time.Sleep(time.Second)
		sent, _ := w.take()
		if repeated := len(sent) - 500; repeated < 50 || repeated > 300 {
			t.Errorf("%d packets repeated on demand of a flood, of 500", repeated)
		}
	})
}

// TestFeedbackMovesTheTarget plays a far end that gets everything in time.
func TestFeedbackMovesTheTarget(t *testing.T) {
	for name, ssrc := range map[string]uint32{"about the stream": mainSSRC, "about its retransmissions": rtxSSRC} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { reachTheTop(t, ssrc) })
		})
	}
}

func reachTheTop(t *testing.T, about uint32) {
	w := newWire(t)
	video := w.sender(mimeVP8, mainSSRC)
	buffer := w.link.buffers(rtxSSRC)(packetio.RTCPBufferPacket, rtxSSRC)
	far := newLink(1_000_000, func() time.Duration { return 0 }, nil, nil)
	seq := uint16(0)
	for range 100 {
		for range max(w.link.targetRate()/8/30/1000, 1) {
			_, _ = video.Write(header(mainSSRC, seq), make([]byte, 1000), nil)
			seq++
		}
		time.Sleep(time.Second / 30)
		sent, at := w.take()
		for i, p := range sent {
			far.arrived(mainSSRC, binary.BigEndian.Uint16(p.GetExtension(3)), true, at[i].Add(20*time.Millisecond))
		}
		for _, p := range far.report() {
			p.(*rtcp.TransportLayerCC).MediaSSRC = about
			if about == mainSSRC {
				w.hear(t, p)
				continue
			}
			raw, err := p.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			if n, err := buffer.Write(raw); n != len(raw) || err != nil {
				t.Errorf("%d %v", n, err)
			}
		}
	}
	if got := w.link.targetRate(); got != 2_500_000 || w.target != got {
		t.Errorf("reached %d bit/s, told %d", got, w.target)
	}
	if n, err := buffer.Write([]byte{1, 2, 3}); n != 3 || err != nil {
		t.Errorf("nonsense: %d %v", n, err)
	}
	if err := buffer.Close(); err != nil {
		t.Error(err)
	}
}

// TestAsksForAGap sees a gap asked for, and what fills it end the asking.
func TestAsksForAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		var raw []byte
		reader := w.flow.BindRemoteStream(streamInfo(mimeVP8, 9), interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
			return copy(b, raw), a, nil
		}))
		receive := func(seq uint16) {
			p := &rtp.Packet{Header: *header(9, seq), Payload: []byte{0x10, 1, 2}}
			if err := p.SetExtension(3, []byte{0, byte(seq)}); err != nil {
				t.Fatal(err)
			}
			raw, _ = p.Marshal()
			if _, _, err := reader.Read(make([]byte, 1500), nil); err != nil {
				t.Fatal(err)
			}
		}
		requests := func() (n int) {
			time.Sleep(time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, p := range w.control {
				if nack, ok := p.(*rtcp.TransportLayerNack); ok {
					if nack.MediaSSRC != 9 || len(nack.Nacks) != 1 || nack.Nacks[0].PacketID != 11 {
						t.Errorf("asks for %+v", nack)
					}
					n++
				}
			}
			return n
		}
		receive(10)
		receive(12)
		asked := requests()
		if asked < 3 || asked > 10 {
			t.Errorf("asked %d times for a packet that stays away", asked)
		}
		receive(11)
		if more := requests() - asked; more != 0 {
			t.Errorf("asked %d times for what came", more)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		var numbers int
		for _, p := range w.control {
			if f, ok := p.(*rtcp.TransportLayerCC); ok {
				numbers += int(f.PacketStatusCount)
			}
		}
		if numbers < 3 {
			t.Errorf("feedback on %d packets", numbers)
		}
		w.flow.UnbindRemoteStream(streamInfo(mimeVP8, 9))
	})
}

func TestPayloadOf(t *testing.T) {
	p := &rtp.Packet{Header: *header(9, 1), Payload: []byte{1, 2, 3}}
	p.CSRC = []uint32{1, 2}
	if err := p.SetExtension(3, []byte{0, 1}); err != nil {
		t.Fatal(err)
	}
	raw, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if n := payloadOf(raw); !bytes.Equal(raw[n:], p.Payload) {
		t.Errorf("payload at %d", n)
	}
	for n := range len(raw) - 3 {
		if payloadOf(raw[:n]) != 0 {
			t.Errorf("a payload in %d bytes", n)
		}
	}
}

// FuzzControl feeds RTCP and RTP of a far end to all that listens.
func FuzzControl(f *testing.F) {
	nack, _ := rtcp.Marshal([]rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: mainSSRC, Nacks: []rtcp.NackPair{{PacketID: 1, LostPackets: 0xffff}}}})
	report, _ := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: mainSSRC, FractionLost: 255}}}})
	remb, _ := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverEstimatedMaximumBitrate{SSRCs: []uint32{mainSSRC}}})
	packet, _ := (&rtp.Packet{Header: *header(mainSSRC, 5), Payload: []byte{0, 3, 0x90, 0x80}}).Marshal()
	parity, _ := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: parityPayload}, Payload: append(make([]byte, 8), 1, 0, 0, 0, 0, 0, 0, 9, 0, 5, 0xc0, 0, 1, 2, 3)}).Marshal()
	for _, seed := range [][]byte{nack, report, remb, packet, parity} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1500 {
			return
		}
		l := newLink(2_500_000, func() time.Duration { return 0 }, nil, nil)
		flow, err := l.NewInterceptor("")
		if err != nil {
			t.Fatal(err)
		}
		l.protect(parityPayload)
		w := &wire{link: l, flow: flow}
		video := w.sender(mimeVP8, mainSSRC)
		for seq := range uint16(20) {
			_, _ = video.Write(header(mainSSRC, seq), make([]byte, 100), nil)
		}
		w.hearRaw(raw)
		for _, info := range []*interceptor.StreamInfo{streamInfo(mimeVP8, 9), streamInfo("video/rtx", 10)} {
			left := 3
			reader := flow.BindRemoteStream(info, interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
				if left--; left <= 0 {
					return 0, nil, io.EOF // parity is read on and on
				}
				return copy(b, raw), a, nil
			}))
			for range 2 {
				_, _, _ = reader.Read(make([]byte, 1500), nil)
			}
		}
		if bps := l.targetRate(); bps < congestion.MinBPS/2 || bps > 2_500_000 {
			t.Fatalf("target %d", bps)
		}
		if n := len(l.report()); n > 10 {
			t.Fatalf("%d feedback packets", n)
		}
		if err := flow.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestRuinBeginsAnew: where a path becomes narrow at once, nothing leaves until
// all that left is told of; then a key frame is asked for, and what is lost is
// not sent again.
func TestRuinBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(t)
		video := w.sender(mimeVP8, mainSSRC)
		far := newLink(1_000_000, func() time.Duration { return 0 }, nil, nil)
		seq, free := uint16(0), time.Now()
		type arrival struct {
			number uint16
			at     time.Time
		}
		var coming []arrival
		frames := func(n int, each, most time.Duration) {
			for range n {
				for range max(w.link.targetRate()/8/30/1000, 1) {
					_, _ = video.Write(header(mainSSRC, seq), make([]byte, 1000), nil)
					seq++
				}
				time.Sleep(time.Second / 30)
				sent, at := w.take()
				for i, p := range sent {
					if at[i].After(free) {
						free = at[i]
					}
					if free.Sub(at[i]) <= most { // else the queue is full
						free = free.Add(each)
						coming = append(coming, arrival{binary.BigEndian.Uint16(p.GetExtension(3)), free.Add(20 * time.Millisecond)})
					}
				}
				for len(coming) > 0 && coming[0].at.Before(time.Now()) {
					far.arrived(mainSSRC, coming[0].number, true, coming[0].at)
					coming = coming[1:]
				}
				for _, p := range far.report() {
					w.hear(t, p)
				}
			}
		}
		frames(100, 0, time.Hour)
		lost := seq + 30
		frames(30, 16*time.Millisecond, 300*time.Millisecond) // 500 kbit/s
		w.mu.Lock()
		ruins := w.ruins
		w.mu.Unlock()
		if ruins != 1 {
			t.Fatalf("%d key frames were asked for", ruins)
		}
		time.Sleep(100 * time.Millisecond)
		w.take()
		w.hear(t, &rtcp.TransportLayerNack{MediaSSRC: mainSSRC, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{lost, lost + 1, lost + 2})})
		time.Sleep(100 * time.Millisecond)
		if sent, _ := w.take(); len(sent) != 0 {
			t.Errorf("%d packets from before are sent again", len(sent))
		}
	})
}
