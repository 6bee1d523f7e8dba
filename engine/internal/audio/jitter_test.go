package audio

import (
	"encoding/binary"
	"testing"
)

func TestJitterBufferIsBounded(t *testing.T) {
	var j jitterBuffer
	j.delay.reset()
	for k := range 10000 {
		j.insert(arrival{ssrc: 1, seq: uint16(k), ts: uint32(k * 120), samples: 120, payload: make([]byte, 1000)}, int64(k*120)+1)
	}
	if j.waiting > jitterSlots {
		t.Errorf("%d wait", j.waiting)
	}
	if p, missing := j.head(); p == nil || missing != 0 || p.seq != 10000-jitterSlots {
		t.Errorf("head %+v after %d missing", p, missing)
	}
	if v := j.insert(arrival{ssrc: 1, samples: 960, payload: make([]byte, maxPayload+1)}, 1); v != malformed {
		t.Errorf("a packet too large: %v", v)
	}
}

func TestOtherPayloadsAreNotLost(t *testing.T) {
	l := newLine(t)
	seq := uint16(65500)
	for k := range 200 {
		l.head.insert(arrival{
			ssrc: 1, seq: seq, ts: uint32(k * frameSamples), samples: frameSamples,
			payload: sinePacket(k*frameSamples, false),
		}, l.now)
		seq++
		if k%10 > 6 { // telephone-event: the time stands still
			l.head.insert(arrival{ssrc: 1, seq: seq, ts: uint32(k / 10 * 10 * frameSamples)}, l.now)
			seq++
		}
		l.play()
		l.play()
	}
	l.wantClean(440, 0.5)
	if l.head.lost != 0 || l.head.concealed != 0 {
		t.Errorf("lost %d, concealed %d", l.head.lost, l.head.concealed)
	}
}

func TestNumbersWithoutTimeAreNotLost(t *testing.T) {
	l := newLine(t)
	seq := uint16(7)
	for k := range 200 {
		l.head.insert(arrival{
			ssrc: 1, seq: seq, ts: uint32(k * frameSamples), samples: frameSamples,
			payload: sinePacket(k*frameSamples, false),
		}, l.now)
		seq += 1 + uint16(k%10/7) // an event is taken out now and then
		l.play()
		l.play()
	}
	l.wantClean(440, 0.5)
	if l.head.lost != 0 || l.head.concealed != 0 {
		t.Errorf("lost %d, concealed %d", l.head.lost, l.head.concealed)
	}
}

// FuzzJitterBuffer lets the network send anything and checks what must hold:
// every step makes sound, memory is bounded, nothing panics.
func FuzzJitterBuffer(f *testing.F) {
	f.Add([]byte{0, 1, 0, 1, 0, 0, 0, 0, 3, 0, 2, 0, 0, 3, 192, 3})
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 0, 9, 0, 0, 0, 0, 0, 0, 1})
	f.Add([]byte("the quick brown fox jumps over the lazy dog, again and again and again"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := newLine(t)
		if len(data) > 8*500 {
			data = data[:8*500]
		}
		for ; len(data) >= 8; data = data[8:] {
			a := arrival{
				ssrc: uint32(data[0] & 1), seq: binary.BigEndian.Uint16(data[1:]), ts: binary.BigEndian.Uint32(data[3:]),
				samples: int(data[7]>>3) * 240, payload: data[:data[7]&7],
			}
			if data[0]&2 != 0 { // close to the stream
				a.seq = uint16(l.head.jitter.high) + uint16(int8(data[1]))
				a.ts = uint32(l.head.jitter.highTS) + uint32(int32(int16(binary.BigEndian.Uint16(data[3:]))))
			}
			l.head.insert(a, l.now)
			for range data[0] >> 5 {
				l.play()
			}
			if h := &l.head; h.jitter.waiting < 0 || h.jitter.waiting > jitterSlots {
				t.Fatalf("%d packets wait", h.jitter.waiting)
			}
			if target := l.head.jitter.delay.target; target < minTarget || target > maxTarget {
				t.Fatalf("target %d", target)
			}
			if span := l.head.jitter.span(l.head.cursor); span < 0 || span > maxLate {
				t.Fatalf("span %d", span)
			}
		}
		for _, v := range l.out {
			if v != v || v > 1 || v < -1 {
				t.Fatalf("sample %v", v)
			}
		}
	})
}
