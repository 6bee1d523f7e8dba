package video

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtp"

	"tring/engine/internal/codec"
)

func numbered(seq uint16) *rtp.Packet {
	return &rtp.Packet{Header: rtp.Header{SequenceNumber: seq}}
}

// drain pops everything that comes out at the time.
func drain(r *reorder, now time.Time) (seqs []uint16, losses int) {
	for {
		p, lost := r.pop(now)
		if p == nil {
			return seqs, losses
		}
		if lost {
			losses++
		}
		seqs = append(seqs, p.SequenceNumber)
	}
}

func TestReorderAcrossTheWrap(t *testing.T) {
	r := reorder{wait: time.Second}
	now := time.Unix(1, 0)
	for _, seq := range []uint16{65533, 65535, 1, 0, 65534, 0, 65533} {
		r.push(numbered(seq), false, now)
	}
	seqs, losses := drain(&r, now)
	if len(seqs) != 5 || losses != 0 {
		t.Fatalf("%v, %d losses", seqs, losses)
	}
	for i, seq := range seqs {
		if seq != 65533+uint16(i) {
			t.Errorf("%v", seqs)
		}
	}
}

func TestReorderGivesUpAfterTheWait(t *testing.T) {
	r := reorder{wait: 100 * time.Millisecond}
	now := time.Unix(1, 0)
	r.push(numbered(10), false, now)
	r.push(numbered(12), false, now)
	r.push(numbered(14), false, now.Add(50*time.Millisecond))
	if seqs, _ := drain(&r, now); len(seqs) != 1 {
		t.Fatalf("%v", seqs)
	}
	if d := r.deadline().Sub(now); d != r.wait {
		t.Errorf("deadline in %v", d)
	}
	now = now.Add(r.wait)
	if seqs, losses := drain(&r, now); len(seqs) != 1 || losses != 1 || seqs[0] != 12 {
		t.Fatalf("%v, %d losses", seqs, losses)
	}
	// The next gap was noticed 50 ms later.
	if d := r.deadline().Sub(now); d != 50*time.Millisecond {
		t.Errorf("second deadline in %v", d)
	}
	if seqs, losses := drain(&r, now.Add(50*time.Millisecond)); len(seqs) != 1 || losses != 1 || seqs[0] != 14 {
		t.Fatalf("%v, %d losses", seqs, losses)
	}
	r.push(numbered(13), false, now)
	if seqs, _ := drain(&r, now.Add(time.Hour)); len(seqs) != 0 {
		t.Errorf("too late, and given out: %v", seqs)
	}
	if !r.deadline().IsZero() {
		t.Error("waits for nothing")
	}
}

func TestReorderStaysBounded(t *testing.T) {
	r := reorder{wait: time.Hour}
	now := time.Unix(1, 0)
	r.push(numbered(0), false, now)
	drain(&r, now)
	for i := range 5000 { // 1 never comes
		r.push(numbered(uint16(i+2)), false, now)
		if r.waiting > reorderSize {
			t.Fatalf("%d wait", r.waiting)
		}
	}
}

// FuzzAssemble feeds packets with any order and content; all that may come out
// are bounded frames.
func FuzzAssemble(f *testing.F) {
	f.Add([]byte{0, 1, 0, 4, 0x90, 0x80, 1, 0x10, 0, 2, 1, 3, 0x10, 0x31, 2})
	f.Add([]byte{0, 9, 0x81, 5, 0x90, 0xf0, 0x81, 2, 3, 0, 7, 1, 1, 0x10})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := reorder{wait: time.Millisecond}
		a := assembler{needKey: true}
		now := time.Unix(1, 0)
		begun := false
		for len(data) >= 4 {
			seq, flags, n := binary.BigEndian.Uint16(data), data[2], int(data[3])
			data = data[4:]
			n = min(n, len(data))
			p := &rtp.Packet{
				Header:  rtp.Header{SequenceNumber: seq, Timestamp: uint32(flags & 7), Marker: flags&0x80 != 0},
				Payload: data[:n:n],
			}
			r.push(p, beginsKeyFrame(p), now)
			data = data[n:]
			if flags&0x40 != 0 {
				now = now.Add(time.Millisecond)
			}
			if flags&0x20 != 0 {
				r.skip()
			}
			for {
				p, lost := r.pop(now)
				if p == nil {
					break
				}
				a.add(p, lost, func(frame []byte, key bool) {
					begun = begun || key
					if len(frame) == 0 || len(frame) > codec.MaxVP8Frame || !begun {
						t.Errorf("frame of %d bytes, key %v", len(frame), key)
					}
				})
			}
			if r.waiting < 0 || r.waiting > reorderSize || r.entries < 0 || r.entries > r.waiting {
				t.Fatalf("%d packets wait", r.waiting)
			}
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	r := reorder{wait: time.Second}
	a := assembler{needKey: true}
	now := time.Unix(1, 0)
	payload := make([]byte, 1100)
	for i := 0; b.Loop(); i++ {
		payload[0] = 0
		if i%10 == 0 {
			payload[0] = 0x10
		}
		r.push(&rtp.Packet{Header: rtp.Header{SequenceNumber: uint16(i), Timestamp: uint32(i / 10), Marker: i%10 == 9}, Payload: payload}, false, now)
		p, lost := r.pop(now)
		a.add(p, lost, func([]byte, bool) {})
	}
}

// A key frame that is whole makes what is missing before it worthless; one that
// is not, does not.
func TestReorderGoesOnWithAWholeKeyFrame(t *testing.T) {
	r := reorder{wait: time.Second}
	now := time.Unix(1, 0)
	r.push(numbered(10), false, now)
	r.push(numbered(12), false, now) // 11 is missing
	r.push(numbered(15), true, now)  // a key frame of 15 to 17
	end := numbered(17)
	end.Marker = true
	r.push(end, false, now)
	if seqs, _ := drain(&r, now); len(seqs) != 1 {
		t.Fatalf("%v before the key frame is whole", seqs)
	}
	r.push(numbered(16), false, now)
	r.push(numbered(18), false, now)
	if d := r.deadline().Sub(now); d != reorderKey {
		t.Errorf("waits for %v", d)
	}
	if seqs, _ := drain(&r, now); len(seqs) != 0 {
		t.Fatalf("%v may have been overtaken only", seqs)
	}
	seqs, losses := drain(&r, now.Add(reorderKey))
	if len(seqs) != 4 || seqs[0] != 15 || losses != 1 {
		t.Errorf("%v, %d losses", seqs, losses)
	}
	if !r.deadline().IsZero() {
		t.Error("goes on to wait")
	}
}
